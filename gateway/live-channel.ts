/**
 * One stream of events: one subscription field and one key. Puts sequenced events in order, drops repeats, fills holes from the
 * replay field, keeps the last ones for those who come back, and hands each event to the groups of subscribers. Sequence
 * numbers are those of `sequence`.
 */
import type { Logger } from 'pino';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import { Coalescer } from './live-coalescer.ts';
import type { LiveGroup } from './live-group.ts';
import type { EventValue, Variables } from './live-plan.ts';
import type { Replay } from './live-replay.ts';
import { EventRing, type RingBudget } from './live-ring.ts';
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
  /** Whether the viewer was let in. */
  isAdmitted: boolean;
}

export interface ChannelOptions {
  readonly live: LiveField;
  readonly key: string | null;
  /** With which the replay field is called. */
  readonly args: Variables;
  readonly replay: Replay;
  readonly ringBudget: RingBudget;
  readonly logger: Logger;
}

export class LiveChannel {
  readonly key: string | null;
  readonly args: Variables;
  /** By what makes their frames equal. */
  readonly groups = new Map<string, LiveGroup>();
  readonly #logger: Logger;
  readonly #members = new Set<ChannelMember>();
  readonly #held = new Map<number, EventValue>();
  readonly #ring: EventRing;
  readonly #coalescer: Coalescer | null;
  #live: LiveField;
  #replay: Replay;
  #last: number | null = null;
  #startedAfter = 0;
  #timer: NodeJS.Timeout | null = null;
  #tries = 0;

  constructor({ live, key, args, replay, ringBudget, logger }: ChannelOptions) {
    this.key = key;
    this.args = args;
    this.#live = live;
    this.#replay = replay;
    this.#logger = logger;
    this.#ring = new EventRing(ringBudget);
    this.#coalescer =
      live.coalesceMs === null
        ? null
        : new Coalescer({
            windowMs: live.coalesceMs,
            rules: live.coalesceRules,
            deliver: (event) => void this.#deliver(event),
          });
  }

  get live(): LiveField {
    return this.#live;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Whether somebody who comes back could be served from here. */
  get worthKeeping(): boolean {
    return this.#last !== null;
  }

  /** After a new schema: the same source of events, read by the new one. */
  moveTo(live: LiveField, replay: Replay): void {
    this.#live = live;
    this.#replay = replay;
  }

  hasViewer(userId: string): boolean {
    for (const { identity } of this.#members) if (identity.userId === userId) return true;
    return false;
  }

  add(member: ChannelMember): void {
    this.#members.add(member);
  }

  remove(member: ChannelMember): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#coalescer?.stop();
    if (this.#held.size > 0) this.forget(); // nobody is there in whose name the hole could be filled
  }

  /** Back to knowing nothing. */
  forget(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#held.clear();
    this.#ring.clear();
    this.#coalescer?.stop();
    this.#last = null;
    this.#tries = 0;
  }

  /** The events after a sequence number as far as this channel knows them, and the number up to which it does; null: ask the store. */
  recall(after: number): { readonly events: readonly EventValue[]; readonly upTo: number } | null {
    if (this.#last === null || after > this.#last) return null;
    const events = after === this.#last ? [] : this.#ring.since(after);
    return events && { events, upTo: this.#last };
  }

  /** Events up to this one were never handed out live: a replay that ends before it has missed some. */
  get startedAfter(): number {
    return this.#startedAfter;
  }

  /** Tells what a subscriber's replay brought, so that live events may go on from there. */
  startAfter(sequence: number, replayed: readonly EventValue[]): void {
    if (this.#last !== null) return;
    for (const event of replayed) this.#ring.push(this.#sequenceOf(event), event);
    this.#last = sequence;
    this.#startedAfter = sequence;
    this.#forgetOld();
    this.#drain();
  }

  accept(event: EventValue): void {
    if (this.#live.sequence === null) {
      if (this.#coalescer) this.#coalescer.accept(event);
      else void this.#deliver(event);
      if (this.#readmits(event)) void this.readmit(event);
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

  /** Whom the event names is asked for again, after what is under way: who may no longer see the stream is put out of it. */
  async readmit(event: EventValue, delivered: Promise<unknown> = Promise.resolve()): Promise<void> {
    await delivered;
    for (const member of [...this.#members]) {
      if (member.identity.userId !== event['userId']) continue;
      await this.#replay(member.identity, this.#last).catch((error: unknown) => member.subscriber.fail(error));
    }
  }

  #drain(): void {
    for (;;) {
      const next = this.#held.get((this.#last ?? 0) + 1);
      if (!next) break;
      this.#pass(next);
    }
    if (this.#held.size === 0) this.#tries = 0;
    else if (this.#members.size === 0) this.forget();
    else this.#timer ??= setTimeout(() => void this.#fill(), HOLE_MS);
  }

  async #fill(): Promise<void> {
    try {
      // In the name of one after the other: the first may have lost the right to see the stream.
      const member = [...this.#members][this.#tries % Math.max(this.#members.size, 1)];
      if (!member || this.#held.size === 0) return;
      // A replayed event comes next whatever its number: the replay itself is without a hole, or is a snapshot.
      const missed = await this.#replay(member.identity, this.#last);
      if (this.#last === null) return; // forgotten meanwhile: whoever comes next starts it anew
      for (const event of missed) this.#pass(event);
      this.#forgetOld();
    } catch (error) {
      this.#logger.warn({ err: error, topic: this.#live.topic }, 'a hole in a stream could not be filled yet');
    } finally {
      this.#timer = null;
    }
    this.#tries += 1;
    if (this.#held.size > 0 && this.#tries > MAX_FILL_TRIES) {
      const lost = new AppError('UNAVAILABLE', 'Some events cannot be read now: resume in a moment.');
      for (const { subscriber } of [...this.#members]) subscriber.fail(lost);
      this.forget();
      return;
    }
    this.#drain();
  }

  #forgetOld(): void {
    for (const sequence of this.#held.keys()) if (sequence <= (this.#last ?? 0)) this.#held.delete(sequence);
  }

  #sequenceOf(event: EventValue): number {
    return Number(event[this.#live.sequence as string]);
  }

  #pass(event: EventValue): void {
    const sequence = this.#sequenceOf(event);
    if (sequence <= (this.#last ?? 0)) return;
    this.#last = sequence;
    this.#held.delete(sequence);
    this.#ring.push(sequence, event);
    const delivered = this.#deliver(event);
    if (this.#readmits(event)) void this.readmit(event, delivered);
  }

  #readmits(event: EventValue): boolean {
    const { topic, readmitTopic, readmitOn } = this.#live;
    return readmitTopic === topic && readmitOn.has(String(event['type']));
  }

  async #deliver(event: EventValue): Promise<void> {
    if (!isShown(this.#live, event)) return;
    await Promise.all([...this.groups.values()].map((group) => group.deliver(event)));
  }
}

/** An event of a type that the schema does not show (yet) counts, but makes no frame. */
export function isShown(live: LiveField, event: EventValue): boolean {
  return !live.abstract || event['__typename'] !== undefined;
}
