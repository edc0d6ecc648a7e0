/** Time that goes as fast as the machine can: a queue of what happens when. After each step, promises settle before the next. */
import type { Timers } from '../../client/timers.ts';

interface Step {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

export class VirtualTime implements Timers {
  #now: number;
  #order = 0;
  readonly #heap: Step[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now = (): number => this.#now;

  setTimeout = (run: () => void, delayMs: number): unknown => {
    const step: Step = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(step);
    return step;
  };

  clearTimeout = (handle: unknown): void => {
    if (handle !== undefined) (handle as Step).run = null;
  };

  /** Runs all that happens until then. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.at > endMs) break;
      this.#pop();
      if (first.run === null) continue;
      this.#now = first.at;
      first.run();
      await settled();
    }
    this.#now = endMs;
  }

  #push(step: Step): void {
    const heap = this.#heap;
    let at = heap.push(step) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (before(heap[up] as Step, step)) break;
      heap[at] = heap[up] as Step;
      at = up;
    }
    heap[at] = step;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Step;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1] as Step, heap[down] as Step)) down += 1;
      if (before(last, heap[down] as Step)) break;
      heap[at] = heap[down] as Step;
      at = down;
    }
    heap[at] = last;
  }
}

const before = (a: Step, b: Step): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A turn of the real event loop: every promise that can settle has. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
