/** The last report of every member's player (`room_presence`). Says nothing to the room: room-pulses.ts does. Losing it costs a heartbeat. */
import type { Collection } from '../../platform/ports/store.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { departed, nextDueAt, type Presence } from './domain/presence.ts';
import { MAX_MEMBERS } from './domain/room.ts';

interface PresenceDocument extends Presence {
  /** `roomId:userId` */
  _id: string;
  roomId: string;
  /** When time alone changes something about this member; who looks takes it by moving it on. */
  dueAt: number;
}

export interface DuePresence {
  readonly roomId: string;
  readonly presence: Presence;
}

const DUE_BATCH = 500;
/** Who took a member and died is followed by another after this. */
const LEASE_MS = 2_000;

const idOf = (roomId: string, userId: string): string => `${roomId}:${userId}`;

export class PresenceBoard {
  readonly #presences: Collection<PresenceDocument>;

  constructor({ store }: Pick<Ports, 'store'>) {
    this.#presences = store.collection('room_presence');
  }

  async createIndexes(): Promise<void> {
    await this.#presences.createIndex({ roomId: 1 });
    await this.#presences.createIndex({ dueAt: 1 });
  }

  async findOne(roomId: string, userId: string): Promise<Presence | null> {
    return this.#presences.findOne({ _id: idOf(roomId, userId) });
  }

  /** Keeps a presence in place of the one before. */
  async note(roomId: string, presence: Presence, now: number): Promise<void> {
    const { userId, state, lastSeenAt, oneWayMs, playbackRevision } = presence;
    const { stalledAt, awayAt, entitled, durationMs, skewMs } = presence;
    const reported = { userId, state, lastSeenAt, oneWayMs, playbackRevision };
    const derived = { stalledAt, awayAt, entitled, durationMs, skewMs, dueAt: nextDueAt(presence, now) };
    const update = { $set: { roomId, ...reported, ...derived } };
    await this.#presences.updateOne({ _id: idOf(roomId, userId) }, update, { upsert: true });
  }

  /** Notes that a member was gone at `at`, unless its player has reported since, or never did. */
  async depart(roomId: string, userId: string, at: number): Promise<void> {
    const before = { _id: idOf(roomId, userId), lastSeenAt: { $lte: at } };
    await this.#presences.updateOne(before, { $set: { ...departed(at), dueAt: at } });
  }

  async forget(roomId: string, userId: string): Promise<void> {
    await this.#presences.deleteOne({ _id: idOf(roomId, userId) });
  }

  async forgetRoom(roomId: string): Promise<void> {
    await this.#presences.deleteMany({ roomId });
  }

  /** Reports by room: one read. Members without one are absent. */
  async find(roomIds: readonly string[]): Promise<Map<string, Presence[]>> {
    const limit = MAX_MEMBERS * roomIds.length;
    const found = await this.#presences.find({ roomId: { $in: [...roomIds] } }, { limit }).toArray();
    const byRoom = new Map<string, Presence[]>(roomIds.map((roomId) => [roomId, []]));
    for (const presence of found) byRoom.get(presence.roomId)?.push(presence);
    return byRoom;
  }

  /** Takes up to 500 members for whom something is due, the longest due first; no other process takes them for 2 s. */
  async takeDue(now: number): Promise<DuePresence[]> {
    const due = await this.#presences
      .find({ dueAt: { $lte: now } }, { sort: { dueAt: 1 }, limit: DUE_BATCH })
      .toArray();
    const taken: DuePresence[] = [];
    for (const presence of due) {
      const { _id, roomId, dueAt } = presence;
      const { matchedCount } = await this.#presences.updateOne({ _id, dueAt }, { $set: { dueAt: now + LEASE_MS } });
      if (matchedCount > 0) taken.push({ roomId, presence });
    }
    return taken;
  }

  /** Gives back what was taken, unless the member has reported since. */
  async giveBack({ roomId, presence }: DuePresence, now: number): Promise<void> {
    const untouched = { _id: idOf(roomId, presence.userId), lastSeenAt: presence.lastSeenAt };
    await this.#presences.updateOne(untouched, { $set: { dueAt: nextDueAt(presence, now) } });
  }
}
