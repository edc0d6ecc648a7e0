/** Says something every 5 s and whenever asked, one at a time: what changes while an answer is awaited is said after it. */
import { Alarm, type Timers } from './timers.ts';

const EVERY_MS = 5_000;

export class Heartbeat {
  readonly #say: () => Promise<void>;
  readonly #next: Alarm;
  #isRunning = false;
  #isSaying = false;
  #isAskedAgain = false;

  /** @param say never rejects */
  constructor(timers: Timers, say: () => Promise<void>) {
    this.#next = new Alarm(timers);
    this.#say = say;
  }

  start(): void {
    this.#isRunning = true;
    this.#sayLater();
  }

  stop(): void {
    this.#isRunning = false;
    this.#next.clear();
  }

  /** Says it now, or as soon as what is being said is answered. */
  async now(): Promise<void> {
    this.#isAskedAgain = this.#isSaying;
    if (!this.#isRunning || this.#isSaying) return;
    this.#isSaying = true;
    await this.#say();
    this.#isSaying = false;
    if (!this.#isRunning) return;
    if (this.#isAskedAgain) void this.now();
    else this.#sayLater();
  }

  #sayLater(): void {
    this.#next.set(EVERY_MS, () => void this.now());
  }
}
