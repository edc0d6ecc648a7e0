/**
 * When to leave a failing service alone. Closed: calls pass and are counted over a window. Open: none passes for a while. Half
 * open: one passes, and decides. With it, a budget of retries, so that retrying cannot multiply the load of a service in trouble.
 */
import type { Clock } from '../platform/ports/clock.ts';

export interface BreakerOptions {
  readonly windowMs: number;
  /** Calls in a window before their failures count for anything. */
  readonly minCalls: number;
  /** Share of failures, 0 to 1, at which it opens. */
  readonly failureRatio: number;
  readonly openMs: number;
}

export const BREAKER: BreakerOptions = { windowMs: 10_000, minCalls: 10, failureRatio: 0.5, openMs: 2_000 };

export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #clock: Clock;
  #windowFrom = 0;
  #calls = 0;
  #failures = 0;
  /** Until when no call passes; null: closed. */
  #openUntil: number | null = null;
  #trial = false;

  constructor(clock: Clock, options: BreakerOptions = BREAKER) {
    this.#clock = clock;
    this.#options = options;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openUntil === null) return 'closed';
    return this.#clock.now() < this.#openUntil ? 'open' : 'half-open';
  }

  /** Whether a call may be made; who makes it must report how it ended. */
  allow(): boolean {
    const { state } = this;
    if (state === 'closed') return true;
    if (state === 'open' || this.#trial) return false;
    this.#trial = true;
    return true;
  }

  report(succeeded: boolean): void {
    const now = this.#clock.now();
    if (this.#openUntil !== null) {
      if (!this.#trial) return; // a call from before it opened
      this.#trial = false;
      this.#openUntil = succeeded ? null : now + this.#options.openMs;
      this.#reset(now);
      return;
    }
    if (now - this.#windowFrom >= this.#options.windowMs) this.#reset(now);
    this.#calls += 1;
    if (!succeeded) this.#failures += 1;
    const { minCalls, failureRatio, openMs } = this.#options;
    if (this.#calls >= minCalls && this.#failures / this.#calls >= failureRatio) this.#openUntil = now + openMs;
  }

  #reset(now: number): void {
    this.#windowFrom = now;
    this.#calls = 0;
    this.#failures = 0;
  }
}

/** One retry for every ten calls, and ten at hand at most. */
export class RetryBudget {
  #tokens = 10;

  called(): void {
    this.#tokens = Math.min(10, this.#tokens + 0.1);
  }

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
