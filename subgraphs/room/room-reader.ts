/** Use cases that read rooms; who may, room-access.ts says. Changes nothing. */
import type { Identity } from '../../platform/identity.ts';
import type { Clock } from '../../platform/ports/clock.ts';
import { AppError } from '../../schema/errors.ts';
import type { RoomEvent } from '../../schema/events/room.ts';
import type { Presence } from './domain/presence.ts';
import type { Room } from './domain/room.ts';
import type { PresenceBoard } from './presence-board.ts';
import { mayRead, requireMember, requireUser } from './room-access.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomStates } from './room-states.ts';

/** Beyond this a reader is better served by one snapshot. */
const MOST_REPLAYED = 500;
const MOST_MESSAGES = 200;

export interface ChatMessage {
  readonly revision: number;
  readonly authorId: string;
  readonly text: string;
  readonly at: number;
}

export interface ReaderParts {
  readonly states: RoomStates;
  readonly journal: RoomJournal;
  readonly directory: RoomDirectory;
  readonly presence: PresenceBoard;
}

export class RoomReader {
  readonly #states: RoomStates;
  readonly #journal: RoomJournal;
  readonly #directory: RoomDirectory;
  readonly #presence: PresenceBoard;
  readonly #clock: Clock;

  constructor({ states, journal, directory, presence }: ReaderParts, clock: Clock) {
    this.#states = states;
    this.#journal = journal;
    this.#directory = directory;
    this.#presence = presence;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** The room, if the viewer may read it. What is asked for in one turn of the event loop is one read. */
  async findReadable(identity: Identity, roomId: string): Promise<Room | null> {
    const room = await this.#states.find(roomId);
    return room !== null && mayRead(identity, room) ? room : null;
  }

  /** Ids of the rooms that each user may be in: candidates, `findReadable` knows. One read. */
  findRoomIds(userIds: readonly string[]): Promise<Map<string, string[]>> {
    return this.#directory.findRoomIds(userIds);
  }

  /** What the rooms' players reported last. One read. */
  findPresence(roomIds: readonly string[]): Promise<Map<string, Presence[]>> {
    return this.#presence.find(roomIds);
  }

  /** The latest messages of a room that the caller was given, oldest first. @throws AppError BAD_USER_INPUT */
  async messages(room: Room, last: number, beforeRevision: number | null): Promise<ChatMessage[]> {
    if (!(last >= 1 && last <= MOST_MESSAGES)) {
      throw new AppError('BAD_USER_INPUT', `last is 1 to ${MOST_MESSAGES}, not ${last}.`);
    }
    // Not beyond the room as it is shown, so that the two fit together.
    const before = Math.min(beforeRevision ?? room.revision + 1, room.revision + 1);
    const events = await this.#journal.findMessages(room.id, last, before);
    return events.flatMap(({ type, revision, actorId, at, data }) =>
      type === 'room.message.posted' ? [{ revision, authorId: actorId ?? '', text: data.text, at }] : [],
    );
  }

  /**
   * How a stream begins, or goes on after revision `after`: see Query.roomEventsSince.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, REVISION_FROM_THE_FUTURE
   */
  async eventsSince(identity: Identity, roomId: string, after: number | null): Promise<RoomEvent[]> {
    const userId = requireUser(identity);
    if (after !== null && after < 0) throw new AppError('BAD_USER_INPUT', `afterRevision ${after} is negative.`);
    const room = requireMember(await this.#journal.load(roomId), userId);
    if (after === null) return [this.#snapshot(room)];
    const missing = room.revision - after;
    if (missing < 0) {
      throw new AppError('REVISION_FROM_THE_FUTURE', `The room is at ${room.revision}, not ${after}.`);
    }
    if (missing > MOST_REPLAYED) return [this.#snapshot(room)];
    const events = missing === 0 ? [] : await this.#journal.findEvents(roomId, after, room.revision);
    return events.length === missing ? events : [this.#snapshot(room)];
  }

  #snapshot(room: Room): RoomEvent {
    const { actorId: _actor, at: _at, ...playback } = room.playback;
    return {
      roomId: room.id,
      revision: room.revision,
      type: 'room.snapshot.taken',
      actorId: null,
      commandId: null,
      at: this.#clock.now(),
      data: { playback },
    };
  }
}
