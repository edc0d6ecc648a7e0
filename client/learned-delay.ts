/** How long a player takes to do something, learned from how long it took: an exponential mean and deviation, as TCP's (RFC 6298). */

const MEAN_WEIGHT = 0.25;
const DEVIATION_WEIGHT = 0.25;

export class LearnedDelay {
  #meanMs: number;
  #deviationMs: number;
  #learned = false;
  readonly #limitMs: number;

  /** @param guessMs until something is known; @param limitMs no delay counts for more: one broken load is no habit */
  constructor(guessMs: number, limitMs: number) {
    this.#meanMs = guessMs;
    this.#deviationMs = guessMs / 4;
    this.#limitMs = limitMs;
  }

  learn(tookMs: number): void {
    const ms = Math.min(this.#limitMs, Math.max(0, tookMs));
    if (!this.#learned) {
      this.#learned = true;
      this.#meanMs = ms;
      this.#deviationMs = ms / 4;
      return;
    }
    const errorMs = ms - this.#meanMs;
    this.#meanMs += MEAN_WEIGHT * errorMs;
    this.#deviationMs += DEVIATION_WEIGHT * (Math.abs(errorMs) - this.#deviationMs);
  }

  get typicalMs(): number {
    return this.#meanMs;
  }

  /** It rarely takes longer. */
  get safeMs(): number {
    return this.#meanMs + 2 * this.#deviationMs;
  }
}
