/** The last report of every member's player (`room_presence`), and the pulse that tells the room. Ephemeral: losing it costs nothing. */
import type { Collection } from '../../platform/ports/store.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { RoomPulse } from '../../schema/events/room.ts';
import { ROOM_PULSE } from '../../schema/events/topics.ts';
import type { Presence } from './domain/presence.ts';
import { MAX_MEMBERS } from './domain/room.ts';

interface PresenceDocument extends Presence {
  /** `roomId:userId` */
  _id: string;
  roomId: string;
}

export class PresenceBoard {
  readonly #presences: Collection<PresenceDocument>;
  readonly #ports: Pick<Ports, 'log' | 'logger'>;

  constructor(ports: Pick<Ports, 'store' | 'log' | 'logger'>) {
    this.#presences = ports.store.collection('room_presence');
    this.#ports = ports;
  }

  async createIndexes(): Promise<void> {
    await this.#presences.createIndex({ roomId: 1 });
  }

  /** Keeps a report in place of the one before. */
  async note(roomId: string, presence: Presence): Promise<void> {
    const _id = `${roomId}:${presence.userId}`;
    await this.#presences.updateOne({ _id }, { $set: { roomId, ...presence } }, { upsert: true });
  }

  async forget(roomId: string, userId: string): Promise<void> {
    await this.#presences.deleteOne({ _id: `${roomId}:${userId}` });
  }

  /** Reports by room: one read. Members without one are absent. */
  async find(roomIds: readonly string[]): Promise<Map<string, Presence[]>> {
    const limit = MAX_MEMBERS * roomIds.length;
    const found = await this.#presences.find({ roomId: { $in: [...roomIds] } }, { limit }).toArray();
    const byRoom = new Map<string, Presence[]>(roomIds.map((roomId) => [roomId, []]));
    for (const presence of found) byRoom.get(presence.roomId)?.push(presence);
    return byRoom;
  }

  /** Tells the room. A pulse may be dropped, so a log that does not answer fails no heartbeat. */
  async pulse(pulse: RoomPulse): Promise<void> {
    const event = { source: '/room', type: 'room.pulse.sent', timeMs: pulse.at };
    try {
      await this.#ports.log.publish(ROOM_PULSE.name, [toMessage(event, pulse.roomId, pulse)]);
    } catch (error) {
      this.#ports.logger.debug({ err: error, roomId: pulse.roomId }, 'pulse dropped');
    }
  }
}
