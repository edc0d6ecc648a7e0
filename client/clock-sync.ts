/**
 * Keeps the server's time: eight exchanges 150 ms apart to begin with, then one every 10 s; the last eight count. Another eight
 * when the path got twice as slow, when the device's clock was set or slept, and when answers come again after there were none.
 */
import { type ClockEstimate, type Exchange, estimateClock, isSane, medianOf, rttOf } from './clock-estimate.ts';
import { Alarm, type Timers } from './timers.ts';

const WINDOW = 8;
const BURST_EVERY_MS = 150;
const STEADY_EVERY_MS = 10_000;
/** After no answer: somebody else makes the connection. */
const AGAIN_MS = 3_000;

/** Sends `t0` and resolves with the server's stamps; rejects when there is no answer. */
export type ServerTimeRequest = (t0: number) => Promise<{ readonly t1: number; readonly t2: number }>;

export interface ClockSyncOptions {
  readonly request: ServerTimeRequest;
  readonly timers: Timers;
  /** Told after each exchange that changed the estimate. */
  readonly onChange?: () => void;
}

export class ClockSync {
  readonly #options: ClockSyncOptions;
  readonly #alarm: Alarm;
  #exchanges: Exchange[] = [];
  #estimate: ClockEstimate | null = null;
  /** Median round trip when the last burst ended. */
  #usualRttMs = Number.NaN;
  #burstLeft = 0;
  #running = false;
  #inFlight = false;
  #unanswered = false;

  constructor(options: ClockSyncOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.timers);
  }

  start(): void {
    this.#running = true;
    this.burst();
  }

  stop(): void {
    this.#running = false;
    this.#alarm.clear();
  }

  /** Measures anew, soon. */
  burst(): void {
    this.#burstLeft = WINDOW;
    if (this.#running && !this.#inFlight) this.#exchange();
  }

  /** Whether `now()` can be relied on: from the first answer, as far as `estimate` says; the rest of the burst refines. */
  get isReady(): boolean {
    return this.#estimate !== null;
  }

  /** Server time, ms since the epoch; our own while nothing is known. */
  now(): number {
    return this.#options.timers.now() + (this.#estimate?.offsetMs ?? 0);
  }

  get estimate(): ClockEstimate | null {
    return this.#estimate;
  }

  /** Typical delay from the server to here: half a median round trip. Null while nothing is known. */
  get oneWayMs(): number | null {
    return this.#exchanges.length === 0 ? null : medianOf(this.#exchanges.map(rttOf)) / 2;
  }

  async #exchange(): Promise<void> {
    const { timers, request, onChange } = this.#options;
    this.#inFlight = true;
    this.#alarm.clear();
    const t0 = timers.now();
    try {
      const { t1, t2 } = await request(t0);
      if (this.#unanswered) this.#burstLeft = WINDOW; // another path, maybe another device clock
      this.#unanswered = false;
      if (this.#running) this.#take({ t0, t1, t2, t3: timers.now() });
    } catch {
      this.#unanswered = true;
    }
    this.#inFlight = false;
    if (!this.#running) return;
    if (this.#burstLeft > 0) this.#burstLeft -= 1;
    this.#alarm.set(this.#pauseMs(), () => void this.#exchange());
    onChange?.();
  }

  #pauseMs(): number {
    if (this.#unanswered) return AGAIN_MS;
    return this.#burstLeft > 0 ? BURST_EVERY_MS : STEADY_EVERY_MS;
  }

  #take(exchange: Exchange): void {
    if (!isSane(exchange)) {
      this.#exchanges = [];
      this.#burstLeft = WINDOW;
      return;
    }
    this.#exchanges = [...this.#exchanges, exchange].slice(-WINDOW);
    const { t3 } = exchange;
    this.#estimate = estimateClock(this.#exchanges, t3);
    if (this.#estimate === null) {
      // The newest is right about now; what it contradicts was measured before a clock was set.
      this.#exchanges = [exchange];
      this.#estimate = estimateClock(this.#exchanges, t3);
      this.#burstLeft = WINDOW;
    }
    this.#watchPath();
  }

  #watchPath(): void {
    if (this.#burstLeft > 1) return;
    const lately = medianOf(this.#exchanges.slice(-3).map(rttOf));
    if (this.#burstLeft === 0 && lately > 2 * this.#usualRttMs) this.#burstLeft = WINDOW;
    if (this.#burstLeft === 1 || Number.isNaN(this.#usualRttMs)) this.#usualRttMs = lately;
  }
}
