/** The way in: an invite code, typed or scanned. */
import { JOIN_ROOM } from './operations.ts';
import { RequestError, type RoomTransport } from './transport.ts';

/** Enters a room and returns its id. @throws RequestError with the outcome as its code: FORBIDDEN, RATE_LIMITED; ConnectionLostError */
export async function joinRoom(transport: RoomTransport, code: string, displayName?: string): Promise<string> {
  const data = await transport.request(JOIN_ROOM, { input: { code, displayName } });
  const { outcome, room } = data['joinRoom'] as { outcome: string; room: { id: string } | null };
  if (room === null) throw new RequestError(outcome, 'This code opens no room.');
  return room.id;
}
