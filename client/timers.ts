/** Time as the client sees it, injected so that tests can run it faster, slower or wrong. */

export interface Timers {
  /** This device's clock, ms. Its zero and its speed need not be right, only steady. */
  now(): number;
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Monotonic: somebody who sets the device's clock moves nothing. A device that slept is noticed by the clock exchange. */
export const systemTimers: Timers = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

/** One timer of a kind: setting it again replaces it. */
export class Alarm {
  readonly #timers: Timers;
  #handle: unknown;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  set(delayMs: number, run: () => void): void {
    this.clear();
    this.#handle = this.#timers.setTimeout(
      () => {
        this.#handle = undefined;
        run();
      },
      Math.max(0, delayMs),
    );
  }

  clear(): void {
    if (this.#handle !== undefined) this.#timers.clearTimeout(this.#handle);
    this.#handle = undefined;
  }

  get isSet(): boolean {
    return this.#handle !== undefined;
  }
}
