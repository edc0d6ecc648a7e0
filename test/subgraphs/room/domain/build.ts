/** Rooms for tests of the pure rules: made of events, as real ones are. */
import type { Change, Decision } from '../../../../subgraphs/room/domain/decision.ts';
import { applyEvent } from '../../../../subgraphs/room/domain/fold.ts';
import { draftRoom, type NewRoom } from '../../../../subgraphs/room/domain/membership.ts';
import type { Room } from '../../../../subgraphs/room/domain/room.ts';

export const T0 = 1_000_000;
const DEFAULTS: Omit<NewRoom, 'actorId'> = {
  name: 'Friday',
  contentId: 'movie_1',
  controlPolicy: null,
  waitPolicy: null,
  displayName: null,
};

/** The room after a change made by `actorId`. */
export function after(room: Room | null, actorId: string, change: Change, at = T0): Room {
  const revision = (room?.revision ?? 0) + 1;
  return applyEvent(room, { roomId: 'r1', revision, actorId, commandId: null, at, ...change });
}

/** The room after a decision that must be APPLIED. */
export function applied(room: Room, actorId: string, decision: Decision, at = T0): Room {
  if (decision.outcome !== 'APPLIED') throw new Error(`${decision.outcome}: ${decision.message}`);
  return after(room, actorId, decision.change, at);
}

/** A room of `owner` and the others. */
export function newRoom(others: readonly string[] = [], settings: Partial<NewRoom> = {}): Room {
  const draft = draftRoom({ ...DEFAULTS, ...settings, actorId: 'owner' }, T0);
  const empty = after(null, 'owner', { type: 'room.room.created', data: { ...draft, code: 'ABCDEFGH' } });
  return others.reduce(
    (room, userId) =>
      after(room, userId, {
        type: 'room.member.changed',
        data: { userId, change: 'JOINED', displayName: userId, role: 'VIEWER' },
      }),
    empty,
  );
}
