/** Items handed on some time after they came, in their order, a few at a time. Bounded: what is too much is handed on early. Times: ms. */
import { nextTurn } from '../../platform/turns.ts';

const PERIOD_MS = 50;
/** Handed on in one turn: requests are served in between. */
const SLICE = 200;
const MAX_WAITING = 20_000;

export class Delayed<T> {
  readonly #delayMs: number;
  readonly #handOn: (item: T) => void;
  readonly #timer: NodeJS.Timeout;
  #waiting: { readonly item: T; readonly due: number }[] = [];

  constructor(delayMs: number, handOn: (item: T) => void) {
    this.#delayMs = delayMs;
    this.#handOn = handOn;
    this.#timer = setInterval(() => this.#handOnDue(), PERIOD_MS).unref();
  }

  add(item: T): void {
    this.#waiting.push({ item, due: performance.now() + this.#delayMs });
    if (this.#waiting.length > MAX_WAITING) this.#handOnFirst(SLICE);
  }

  /** Hands on what waits. */
  close(): void {
    clearInterval(this.#timer);
    this.#handOnFirst(this.#waiting.length);
  }

  #handOnDue(): void {
    const now = performance.now();
    let due = 0;
    while (due < SLICE && (this.#waiting[due]?.due ?? Number.POSITIVE_INFINITY) <= now) due += 1;
    this.#handOnFirst(due);
    if (due === SLICE) void nextTurn().then(() => this.#handOnDue());
  }

  #handOnFirst(count: number): void {
    for (const { item } of this.#waiting.splice(0, count)) this.#handOn(item);
  }
}
