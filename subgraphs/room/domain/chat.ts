/** What members say. Pure. */
import { applied, asMember, type Decision, forbidden } from './decision.ts';
import type { Room } from './room.ts';
import { cleanText } from './text.ts';

/** Says something. @throws AppError BAD_USER_INPUT */
export function sendMessage(room: Room, command: { readonly actorId: string; readonly text: string }): Decision {
  const text = cleanText('text', command.text);
  return asMember(room, command.actorId, (member) =>
    member.muted ? forbidden('You are muted.') : applied({ type: 'room.message.posted', data: { text } }),
  );
}
