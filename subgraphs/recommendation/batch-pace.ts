/**
 * Keeps a stream of small batches from costing more than what is in them: each pays for transactions and announcements, and
 * writes whole profiles. A partition's next batch waits for a multiple of what the last one took, and more comes with it: so it
 * waits longer the busier the process is. An event after a quiet moment does not wait, nor does a large batch. Few are at work at
 * once: what the events of all partitions take in memory would leave the processor's caches. Times: ms.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** At most half of the time is spent on eight partitions, until the longest wait is reached. */
const REST = 16;
const MIN_PERIOD_MS = 20;
/** What an event is late by at most, well within the second that is promised. */
const MAX_PERIOD_MS = 500;
const LARGE = 1_000;
/** One computes while the other waits for the store or the log. */
const AT_ONCE = 2;

export class BatchPace {
  /** By partition: when the next batch may begin. */
  readonly #next = new Map<number, number>();
  #atWork = 0;
  /** Those whose turn comes when another is done, in the order of coming. */
  readonly #waiting: (() => void)[] = [];

  /** Runs `work` on a batch of so many events when it is time. @throws what `work` throws */
  async run(partition: number, size: number, work: () => Promise<void>): Promise<void> {
    const waitMs = (this.#next.get(partition) ?? 0) - performance.now();
    if (waitMs > 0 && size < LARGE) await pause(waitMs);
    if (this.#atWork < AT_ONCE) this.#atWork += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const began = performance.now();
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#atWork -= 1;
      const tookMs = performance.now() - began;
      this.#next.set(partition, began + Math.min(MAX_PERIOD_MS, Math.max(MIN_PERIOD_MS, REST * tookMs)));
    }
  }
}
