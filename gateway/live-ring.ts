/**
 * The last events of a channel, so that a short absence needs no store. Bounded by count, by bytes, and by a budget that all
 * rings of a hub share: past any of them the oldest go, and who has missed those is served from the store.
 */
import type { EventValue } from './live-plan.ts';

const MAX_EVENTS = 256;
const MAX_BYTES = 256 * 1_024;

/** Bytes that all rings of one hub hold together. */
export class RingBudget {
  readonly maxBytes: number;
  usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
}

interface Entry {
  readonly sequence: number;
  readonly event: EventValue;
  readonly sizeBytes: number;
}

export class EventRing {
  readonly #budget: RingBudget;
  readonly #entries: Entry[] = [];
  #usedBytes = 0;

  constructor(budget: RingBudget) {
    this.#budget = budget;
  }

  /** An event that does not follow the one before stands for all between them, as a snapshot does: those before it go. */
  push(sequence: number, event: EventValue): void {
    if (this.#entries.length > 0 && this.#entries.at(-1)?.sequence !== sequence - 1) this.clear();
    const sizeBytes = JSON.stringify(event).length;
    this.#entries.push({ sequence, event, sizeBytes });
    this.#use(sizeBytes);
    while (
      this.#entries.length > MAX_EVENTS ||
      this.#usedBytes > MAX_BYTES ||
      (this.#budget.usedBytes > this.#budget.maxBytes && this.#entries.length > 0)
    ) {
      this.#use(-(this.#entries.shift()?.sizeBytes ?? 0));
    }
  }

  /** The events after a sequence number; null where the ring does not reach back so far. */
  since(after: number): EventValue[] | null {
    const [first] = this.#entries;
    if (!first || after < first.sequence - 1) return null;
    return this.#entries.filter(({ sequence }) => sequence > after).map(({ event }) => event);
  }

  clear(): void {
    this.#entries.length = 0;
    this.#use(-this.#usedBytes);
  }

  #use(bytes: number): void {
    this.#usedBytes += bytes;
    this.#budget.usedBytes += bytes;
  }
}
