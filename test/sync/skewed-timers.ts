/** A device's clock: off by seconds, too fast or slow, and sometimes set. */
import type { Timers } from '../../client/timers.ts';

export class SkewedTimers implements Timers {
  readonly #true: Timers;
  readonly #speed: number;
  readonly #startedAt: number;
  #offsetMs: number;

  constructor(trueTime: Timers, skew: { readonly offsetMs: number; readonly ppm: number }) {
    this.#true = trueTime;
    this.#speed = 1 + skew.ppm / 1e6;
    this.#startedAt = trueTime.now();
    this.#offsetMs = skew.offsetMs;
  }

  now(): number {
    const ranMs = this.#true.now() - this.#startedAt;
    return this.#startedAt + ranMs * this.#speed + this.#offsetMs;
  }

  setTimeout(run: () => void, delayMs: number): unknown {
    return this.#true.setTimeout(run, delayMs / this.#speed);
  }

  clearTimeout(handle: unknown): void {
    this.#true.clearTimeout(handle);
  }

  /** Somebody sets the clock. */
  step(byMs: number): void {
    this.#offsetMs += byMs;
  }
}
