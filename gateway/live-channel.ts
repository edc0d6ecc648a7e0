/**
 * One stream of events: one subscription field and one key. Puts sequenced events in order, drops repeats, fills holes
 * from the replay field, and hands each event to the groups of subscribers. Sequence numbers are those of `sequence`.
 */
import type { Logger } from 'pino';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { LiveGroup } from './live-group.ts';
import type { EventValue } from './live-plan.ts';
import type { Subscriber } from './subscriber.ts';
import type { LiveField } from './supergraph.ts';

/** A hole is given this long to close by itself: producers may overtake each other by a little. */
const HOLE_MS = 250;
/** Events held behind a hole; the rest comes back with the replay. */
const MAX_HELD = 512;
const MAX_FILL_TRIES = 5;

export interface ChannelMember {
  readonly subscriber: Subscriber;
  readonly identity: Identity;
  readonly group: LiveGroup;
}

/** Asks the replay field, as a viewer, for the events after a sequence number. Rejects where the viewer may not see them. */
export type Replay = (identity: Identity, after: number | null) => Promise<EventValue[]>;

export class LiveChannel {
  readonly #live: LiveField;
  readonly #replay: Replay;
  readonly #logger: Logger;
  readonly #members = new Set<ChannelMember>();
  readonly #held = new Map<number, EventValue>();
  #last: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #tries = 0;

  constructor(live: LiveField, replay: Replay, logger: Logger) {
    this.#live = live;
    this.#replay = replay;
    this.#logger = logger;
  }

  get size(): number {
    return this.#members.size;
  }

  add(member: ChannelMember): void {
    this.#members.add(member);
  }

  remove(member: ChannelMember): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#held.clear();
  }

  /** Tells where a subscriber's replay ended, so that live events may go on from there. */
  startAfter(sequence: number): void {
    if (this.#last !== null) return;
    this.#last = sequence;
    this.#drain();
  }

  accept(event: EventValue): void {
    if (this.#live.sequence === null) {
      this.#deliver(event);
      return;
    }
    const sequence = event[this.#live.sequence];
    if (!Number.isSafeInteger(sequence)) {
      this.#logger.warn({ topic: this.#live.topic }, `an event without a usable ${this.#live.sequence} is left out`);
      return;
    }
    if (this.#last !== null && (sequence as number) <= this.#last) return;
    if (this.#held.size < MAX_HELD) this.#held.set(sequence as number, event);
    if (this.#last !== null) this.#drain();
  }

  #drain(): void {
    for (;;) {
      const next = this.#held.get((this.#last ?? 0) + 1);
      if (!next) break;
      this.#last = (this.#last ?? 0) + 1;
      this.#held.delete(this.#last);
      this.#deliver(next);
    }
    if (this.#held.size > 0) this.#fillAfter(HOLE_MS);
    else this.#tries = 0;
  }

  #fillAfter(ms: number): void {
    this.#timer ??= setTimeout(() => void this.#fill(), ms);
  }

  async #fill(): Promise<void> {
    try {
      const [member] = this.#members;
      if (!member || this.#held.size === 0) return;
      const missed = await this.#replay(member.identity, this.#last);
      for (const event of missed) this.#jump(event);
      for (const sequence of this.#held.keys()) if (sequence <= (this.#last ?? 0)) this.#held.delete(sequence);
    } catch (error) {
      this.#logger.warn({ err: error, topic: this.#live.topic }, 'a hole in a stream could not be filled yet');
    } finally {
      this.#timer = null;
    }
    this.#tries += 1;
    if (this.#held.size > 0 && this.#tries > MAX_FILL_TRIES) {
      const lost = new AppError('UNAVAILABLE', 'Some events cannot be read now: resume in a moment.');
      for (const { subscriber } of [...this.#members]) subscriber.fail(lost);
      return;
    }
    this.#drain();
  }

  /** A replayed event comes next whatever its number: the replay itself is without a hole, or is a snapshot. */
  #jump(event: EventValue): void {
    const sequence = Number(event[this.#live.sequence as string]);
    if (sequence <= (this.#last ?? 0)) return;
    this.#last = sequence;
    this.#held.delete(sequence);
    this.#deliver(event);
  }

  #deliver(event: EventValue): void {
    const groups = new Set([...this.#members].map((member) => member.group));
    const delivered = [...groups].map((group) => group.deliver(event));
    if (this.#live.readmitOn.has(String(event['type']))) void this.#readmit(event, delivered);
  }

  /** Whom the event names is asked for again: who may no longer see the stream is put out of it. */
  async #readmit(event: EventValue, delivered: readonly Promise<void>[]): Promise<void> {
    await Promise.all(delivered);
    for (const member of this.#members) {
      if (member.identity.userId !== event['userId']) continue;
      await this.#replay(member.identity, this.#last).catch((error: unknown) => member.subscriber.fail(error));
    }
  }
}
