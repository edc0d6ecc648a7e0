/**
 * What happened in rooms (`room_events`): the truth, of which a room's state is the fold. Appending under the unique
 * `(roomId, revision)` is the lock on a room; the unique `(roomId, actorId, commandId)` makes a command count once. An event
 * carries `outboxAt` until it is on the topic, so what a crash left can be found. Decides no rule of rooms.
 */
import { type Collection, isDuplicateKey } from '../../platform/ports/store.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { RoomEvent } from '../../schema/events/room.ts';
import { SOCIAL_ROOMS } from '../../schema/events/topics.ts';
import { applyEvent } from './domain/fold.ts';
import type { Room } from './domain/room.ts';
import { PublishedMarks } from './published-marks.ts';
import { RecentMap } from './recent-map.ts';
import type { RoomStates } from './room-states.ts';

/** An event as it is stored. Absent `commandId`: not a client's command. */
type EventDocument = Omit<RoomEvent, 'commandId' | 'data'> & {
  _id: string;
  commandId?: string;
  data: RoomEvent['data'];
  /** When it was stored, until it is published. */
  outboxAt?: number;
};

const OUTBOX_BATCH = 500;
/** Rooms whose state is at hand; others cost one more read. */
const MAX_ROOMS_AT_HAND = 2_000;

const eventIdOf = ({ roomId, revision }: Pick<RoomEvent, 'roomId' | 'revision'>): string => `${roomId}:${revision}`;

const toDocument = ({ commandId, ...event }: RoomEvent): EventDocument => ({
  _id: eventIdOf(event),
  ...event,
  ...(commandId === null ? {} : { commandId }),
  outboxAt: event.at,
});

const toEvent = ({ roomId, revision, type, actorId, commandId, at, data }: EventDocument): RoomEvent =>
  // The pair of type and data was checked when the event was made; the document's type cannot say so.
  ({ roomId, revision, type, actorId, commandId: commandId ?? null, at, data }) as RoomEvent;

export class RoomJournal {
  readonly #states: RoomStates;
  readonly #events: Collection<EventDocument>;
  readonly #log: Ports['log'];
  /** States at some revision; what came after is always asked of the store, so they may be old. */
  readonly #atHand = new RecentMap<Room>(MAX_ROOMS_AT_HAND);
  /** Revisions up to which a room's events are known to be on the topic. */
  readonly #onTopic = new RecentMap<number>(MAX_ROOMS_AT_HAND);
  readonly #marks: PublishedMarks;

  constructor(states: RoomStates, ports: Pick<Ports, 'store' | 'log' | 'logger'>) {
    this.#states = states;
    this.#events = ports.store.collection('room_events');
    this.#log = ports.log;
    this.#marks = new PublishedMarks((eventIds) => this.#unmark(eventIds), ports.logger);
  }

  /** Resolves when nothing is under way any more. */
  stop(): Promise<void> {
    return this.#marks.settled();
  }

  async createIndexes(): Promise<void> {
    await this.#events.createIndex({ roomId: 1, revision: 1 }, { unique: true });
    await this.#events.createIndex(
      { roomId: 1, actorId: 1, commandId: 1 },
      { unique: true, partialFilterExpression: { commandId: { $exists: true } } },
    );
    await this.#events.createIndex({ roomId: 1, type: 1, revision: 1 });
    await this.#events.createIndex({ outboxAt: 1 }, { partialFilterExpression: { outboxAt: { $exists: true } } });
  }

  /** The room with every event in it, also those whose state a crash kept from being saved. Null: no such room. */
  async load(roomId: string): Promise<Room | null> {
    const atHand = this.#atHand.get(roomId);
    const known = atHand && (await this.#withTail(roomId, atHand));
    const room = known ?? (await this.#withTail(roomId, await this.#findFolded(roomId)));
    if (room === undefined) throw new Error(`room ${roomId}: an event is missing`);
    if (room !== null) this.#atHand.set(roomId, room);
    return room;
  }

  /** The room after its later events; undefined: the next one is gone, so what is known of the room is too old to go on from. */
  async #withTail(roomId: string, from: Room | null): Promise<Room | null | undefined> {
    let room = from;
    const tail = this.#events.find({ roomId, revision: { $gt: room?.revision ?? 0 } }, { sort: { revision: 1 } });
    for await (const document of tail) {
      if (room === from && room !== null && document.revision !== room.revision + 1) return undefined;
      room = applyEvent(room, toEvent(document));
    }
    return room;
  }

  async #findFolded(roomId: string): Promise<Room | null> {
    const saved = await this.#states.findWithVersion(roomId);
    if (saved === null || saved.isCurrent) return saved?.room ?? null;
    // Folded anew, where its events are still there from the first on.
    return (await this.#events.findOne({ roomId, revision: 1 })) === null ? saved.room : null;
  }

  /** The revision that the command made, if it was applied before. */
  async findCommand(roomId: string, actorId: string, commandId: string): Promise<number | null> {
    const found = await this.#events.findOne({ roomId, actorId, commandId });
    return found?.revision ?? null;
  }

  /** Whether the event took its place; false: another has it, or the command was stored before. */
  async append(event: RoomEvent): Promise<boolean> {
    try {
      await this.#events.insertOne(toDocument(event));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Saves the state that an event made. */
  async save(room: Room): Promise<void> {
    this.#atHand.set(room.id, room);
    await this.#states.save(room);
  }

  /** Publishes an event that has just been stored, and before it whatever of its room is not on the topic yet. */
  async publishNext(event: RoomEvent): Promise<void> {
    const { roomId, revision } = event;
    if (revision > 1 && this.#onTopic.get(roomId) !== revision - 1) return this.publish(roomId, revision);
    await this.#log.publish(SOCIAL_ROOMS.name, [toRoomMessage(event)]);
    this.#onTopic.set(roomId, revision);
    this.#marks.add(eventIdOf(event));
  }

  /**
   * Publishes what the room's outbox holds, up to `revision`, in order. Two processes may publish the same event; the first
   * time every event appears is in order all the same, because each begins with the oldest that is not marked yet.
   */
  async publish(roomId: string, revision: number): Promise<void> {
    const filter = { roomId, outboxAt: { $exists: true }, revision: { $lte: revision } };
    for (;;) {
      const waiting = await this.#events.find(filter, { sort: { revision: 1 }, limit: OUTBOX_BATCH }).toArray();
      if (waiting.length > 0) {
        await this.#log.publish(SOCIAL_ROOMS.name, waiting.map(toEvent).map(toRoomMessage));
        await this.#unmark(waiting.map(({ _id }) => _id));
      }
      if (waiting.length < OUTBOX_BATCH) break;
    }
    this.#onTopic.set(roomId, Math.max(revision, this.#onTopic.get(roomId) ?? 0));
  }

  async #unmark(eventIds: readonly string[]): Promise<void> {
    const update = { $unset: { outboxAt: '' as const } };
    const writes = eventIds.map((_id) => ({ updateOne: { filter: { _id }, update } }));
    await this.#events.bulkWrite(writes, { ordered: false });
  }

  /** Brings a room that was loaded up to date for everybody: the state first, so that whoever hears of an event finds it there. */
  async settle(room: Room): Promise<void> {
    await this.save(room);
    await this.publish(room.id, room.revision);
  }

  /** Rooms with events that were stored before `before` and never marked as published; oldest first, a batch at most. */
  async findUnpublished(before: number): Promise<string[]> {
    const filter = { outboxAt: { $lte: before } };
    const waiting = await this.#events.find(filter, { sort: { outboxAt: 1 }, limit: OUTBOX_BATCH }).toArray();
    return [...new Set(waiting.map(({ roomId }) => roomId))];
  }

  /** Events `after`+1 to `to`, in order. */
  async findEvents(roomId: string, after: number, to: number): Promise<RoomEvent[]> {
    const filter = { roomId, revision: { $gt: after, $lte: to } };
    const found = await this.#events.find(filter, { sort: { revision: 1 }, limit: to - after }).toArray();
    return found.map(toEvent);
  }

  /** Removes published events up to `revision` that are older than `before`; who asks for them gets a snapshot. */
  async trim(roomId: string, revision: number, before: number): Promise<void> {
    const saved = await this.#states.find(roomId);
    if (saved === null) return;
    const upTo = Math.min(revision, saved.revision); // what is not in the saved state is not given up
    const old = { roomId, revision: { $lte: upTo }, at: { $lt: before }, outboxAt: { $exists: false } };
    await this.#events.deleteMany(old);
  }

  /** Removes an empty room with all its events; false: somebody came meanwhile. */
  async remove(roomId: string): Promise<boolean> {
    const room = await this.load(roomId);
    if (room === null || room.members.length > 0 || !(await this.#states.remove(room))) return false;
    await this.#events.deleteMany({ roomId });
    this.#atHand.delete(roomId);
    this.#onTopic.delete(roomId);
    return true;
  }

  /** The latest messages below `beforeRevision`, oldest first. */
  async findMessages(roomId: string, last: number, beforeRevision: number): Promise<RoomEvent[]> {
    const filter = { roomId, type: 'room.message.posted' as const, revision: { $lt: beforeRevision } };
    const found = await this.#events.find(filter, { sort: { revision: -1 }, limit: last }).toArray();
    return found.map(toEvent).reverse();
  }
}

const toRoomMessage = (event: RoomEvent) =>
  toMessage(
    { id: `${event.roomId}:${event.revision}`, source: '/room', type: event.type, timeMs: event.at },
    event.roomId,
    event,
  );
