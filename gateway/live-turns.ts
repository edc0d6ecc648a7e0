/**
 * Keeps a burst of events from holding the event loop: where subgraphs answer within the process, resolving a thousand events is
 * one long chain of microtasks, and sockets, timers and health checks would wait for its end.
 */

/** Events that may begin in one turn of the event loop: some milliseconds of work. */
const PER_TURN = 8;

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #begun = 0;

  /** Undefined while this turn may take more; else resolves in one that may, first come first served. */
  take(): Promise<void> | undefined {
    if (this.#begun === 0) setImmediate(() => this.#next());
    if (this.#begun < PER_TURN) {
      this.#begun += 1;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #next(): void {
    const now = this.#waiting.splice(0, PER_TURN);
    this.#begun = now.length;
    if (this.#begun > 0) setImmediate(() => this.#next());
    for (const begin of now) begin();
  }
}
