/**
 * What the members of a room do at this moment, on `room_pulse`: reactions and presence, at most one message a room every
 * 250 ms from this process; the first goes at once. Ephemeral: what does not fit, and what the log does not take, is dropped.
 */
import type { Ports } from '../../platform/subgraph.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import type { RoomPulse } from '../../schema/events/room.ts';
import { ROOM_PULSE } from '../../schema/events/topics.ts';
import { MAX_MEMBERS } from './domain/room.ts';

const EVERY_MS = 250;
const MAX_EMOJI = 50;
const MAX_ROOMS = 50_000;

type MemberPulse = RoomPulse['members'][number];

/** What a room is told next. */
interface Bucket {
  readonly reactions: Map<string, number>;
  readonly members: Map<string, MemberPulse>;
  timer: NodeJS.Timeout | undefined;
}

export class RoomPulses {
  readonly #ports: Pick<Ports, 'log' | 'logger' | 'clock'>;
  readonly #buckets = new Map<string, Bucket>();
  readonly #sending = new Set<Promise<void>>();

  constructor(ports: Pick<Ports, 'log' | 'logger' | 'clock'>) {
    this.#ports = ports;
  }

  react(roomId: string, emoji: string): void {
    const bucket = this.#bucket(roomId);
    if (bucket === undefined) return;
    const count = bucket.reactions.get(emoji);
    if (count === undefined && bucket.reactions.size >= MAX_EMOJI) return;
    bucket.reactions.set(emoji, (count ?? 0) + 1);
    this.#soon(roomId, bucket);
  }

  /** Only the member's last state is told. */
  tell(roomId: string, member: MemberPulse): void {
    const bucket = this.#bucket(roomId);
    if (bucket === undefined || bucket.members.size >= MAX_MEMBERS) return;
    bucket.members.set(member.userId, member);
    this.#soon(roomId, bucket);
  }

  /** Sends what waits. */
  async stop(): Promise<void> {
    for (const [roomId, bucket] of this.#buckets) {
      clearTimeout(bucket.timer);
      this.#send(roomId, bucket);
    }
    this.#buckets.clear();
    await Promise.all(this.#sending);
  }

  #bucket(roomId: string): Bucket | undefined {
    const there = this.#buckets.get(roomId);
    if (there !== undefined || this.#buckets.size >= MAX_ROOMS) return there;
    const bucket: Bucket = { reactions: new Map(), members: new Map(), timer: undefined };
    this.#buckets.set(roomId, bucket);
    return bucket;
  }

  /** At once where nothing was sent for 250 ms; else with the next message. */
  #soon(roomId: string, bucket: Bucket): void {
    if (bucket.timer !== undefined) return;
    bucket.timer = setTimeout(() => this.#next(roomId, bucket), EVERY_MS);
    bucket.timer.unref();
    this.#send(roomId, bucket);
  }

  #next(roomId: string, bucket: Bucket): void {
    bucket.timer = undefined;
    if (bucket.reactions.size === 0 && bucket.members.size === 0) this.#buckets.delete(roomId);
    else this.#soon(roomId, bucket);
  }

  #send(roomId: string, bucket: Bucket): void {
    if (bucket.reactions.size === 0 && bucket.members.size === 0) return;
    const at = this.#ports.clock.now();
    const reactions = [...bucket.reactions].map(([emoji, count]) => ({ emoji, count }));
    const pulse: RoomPulse = { roomId, at, reactions, members: [...bucket.members.values()] };
    bucket.reactions.clear();
    bucket.members.clear();
    const sending = this.#publish(pulse).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #publish(pulse: RoomPulse): Promise<void> {
    const event = { source: '/room', type: 'room.pulse.sent', timeMs: pulse.at };
    try {
      await this.#ports.log.publish(ROOM_PULSE.name, [toMessage(event, pulse.roomId, pulse)]);
    } catch (error) {
      this.#ports.logger.debug({ err: error, roomId: pulse.roomId }, 'pulse dropped');
    }
  }
}
