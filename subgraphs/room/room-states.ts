/**
 * Rooms as last saved (`rooms`): their events folded, so that reading one costs one document. What is not saved yet is not
 * published either, so nobody has seen it. Times: ms since the epoch.
 */
import DataLoader from 'dataloader';
import { type Collection, isDuplicateKey } from '../../platform/ports/store.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { FOLD_VERSION } from './domain/fold.ts';
import type { Room } from './domain/room.ts';

/** A room after some revision; events beyond it may exist where a process died in between. */
interface RoomDocument {
  _id: string;
  revision: number;
  room: Room;
  /** Which fold made it. */
  foldVersion?: number;
  /** While it waits: when that ends in any case. */
  waitUntil?: number;
  savedAt: number;
  /** When it is looked after next: room-keeper.ts. */
  lookAt: number;
}

export interface SavedRoom {
  readonly room: Room;
  /** Whether this version's fold made it. */
  readonly isCurrent: boolean;
}

/** A room to look after. */
export interface DueRoom {
  readonly roomId: string;
  readonly savedAt: number;
}

const READ_BATCH = 500;
const WAITING_BATCH = 500;
const DUE_BATCH = 100;
/** How long a room is left alone by who keeps rooms small. */
export const LOOK_EVERY_MS = 86_400_000;

export class RoomStates {
  readonly #rooms: Collection<RoomDocument>;
  readonly #clock: Ports['clock'];
  /**
   * Gathers what is asked, by whomever, in one turn of the event loop and while the read before is under way, into one read: a
   * hundred events that gateways resolve at once cost one or two. Keeps nothing, so every answer was read after it was asked for.
   */
  readonly #reads = new DataLoader<string, Room | null>((roomIds) => this.#read(roomIds), {
    cache: false,
    maxBatchSize: READ_BATCH,
    batchScheduleFn: (read) => void setImmediate(() => void this.#lastRead.then(read, read)),
  });
  #lastRead: Promise<unknown> = Promise.resolve();

  constructor({ store, clock }: Pick<Ports, 'store' | 'clock'>) {
    this.#rooms = store.collection('rooms');
    this.#clock = clock;
  }

  async createIndexes(): Promise<void> {
    await this.#rooms.createIndex({ waitUntil: 1 }, { partialFilterExpression: { waitUntil: { $exists: true } } });
    await this.#rooms.createIndex({ lookAt: 1 });
  }

  /** Null: no such room. */
  find(roomId: string): Promise<Room | null> {
    return this.#reads.load(roomId);
  }

  async findWithVersion(roomId: string): Promise<SavedRoom | null> {
    const found = await this.#rooms.findOne({ _id: roomId });
    return found && { room: found.room, isCurrent: found.foldVersion === FOLD_VERSION };
  }

  async #read(roomIds: readonly string[]): Promise<(Room | null)[]> {
    const reading = this.#rooms.find({ _id: { $in: [...new Set(roomIds)] } }).toArray();
    this.#lastRead = reading;
    const found = await reading;
    const byId = new Map(found.map(({ _id, room }) => [_id, room]));
    return roomIds.map((roomId) => byId.get(roomId) ?? null);
  }

  /** Rooms whose wait ends by `before`, the first to end first; a batch at most. */
  async findWaiting(before: number): Promise<string[]> {
    const filter = { waitUntil: { $lte: before } };
    const waiting = await this.#rooms.find(filter, { sort: { waitUntil: 1 }, limit: WAITING_BATCH }).toArray();
    return waiting.map(({ _id }) => _id);
  }

  /** Saves the state unless a later one is there: states are folded from the same events, so the later one holds this one. */
  async save(room: Room): Promise<void> {
    const now = this.#clock.now();
    const { waitUntil } = room.playback;
    const state = { revision: room.revision, room, foldVersion: FOLD_VERSION, savedAt: now };
    const update =
      waitUntil === null ? { $set: state, $unset: { waitUntil: '' as const } } : { $set: { ...state, waitUntil } };
    const { matchedCount } = await this.#rooms.updateOne({ _id: room.id, revision: { $lt: room.revision } }, update);
    if (matchedCount > 0) return;
    const waits = waitUntil === null ? {} : { waitUntil };
    try {
      await this.#rooms.insertOne({ _id: room.id, ...state, ...waits, lookAt: now + LOOK_EVERY_MS });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** Takes up to 100 rooms that nobody has looked after for a day; no other process takes them for another. */
  async takeDue(now: number): Promise<DueRoom[]> {
    const due = await this.#rooms.find({ lookAt: { $lte: now } }, { sort: { lookAt: 1 }, limit: DUE_BATCH }).toArray();
    const taken: DueRoom[] = [];
    for (const { _id, lookAt, savedAt } of due) {
      const { matchedCount } = await this.#rooms.updateOne({ _id, lookAt }, { $set: { lookAt: now + LOOK_EVERY_MS } });
      if (matchedCount > 0) taken.push({ roomId: _id, savedAt });
    }
    return taken;
  }

  /** Removes a room as it stands; false: it has gone on. */
  async remove({ id, revision }: Room): Promise<boolean> {
    return (await this.#rooms.deleteOne({ _id: id, revision })).deletedCount > 0;
  }
}
