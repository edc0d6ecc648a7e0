/**
 * Keeps a burst of events from holding the event loop: where subgraphs answer within the process, resolving a thousand events is
 * one long chain of microtasks, and sockets, timers and health checks would wait for its end. Groups of subscribers take turns,
 * so that a busy one does not hold up the others; the events of one group that waited begin together.
 */
import type { SharedAnswers } from './live-answers.ts';

/** Events that may begin in one turn of the event loop: some milliseconds of work. */
const PER_TURN = 8;

type Begin = (shared: SharedAnswers | null) => void;

export class Turns {
  /** By group, the one whose turn is next first. */
  readonly #waiting = new Map<object, Begin[]>();
  #begun = 0;

  /**
   * Null while this turn may take more; else resolves in one that may, first come first served in each group. Events that begin
   * together have all arrived before anything is asked for one of them, and so may share what is answered: it is what they get.
   */
  take(group: object): Promise<SharedAnswers | null> | null {
    if (this.#begun === 0) setImmediate(() => this.#next());
    if (this.#begun < PER_TURN) {
      this.#begun += 1;
      return null;
    }
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(group);
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(group, [resolve]);
    });
  }

  #next(): void {
    const now: Begin[] = [];
    for (const [group, waiting] of this.#waiting) {
      if (now.length >= PER_TURN) break;
      now.push(...waiting.splice(0, PER_TURN - now.length));
      this.#waiting.delete(group);
      if (waiting.length > 0) this.#waiting.set(group, waiting);
    }
    this.#begun = now.length;
    if (this.#begun > 0) setImmediate(() => this.#next());
    const shared: SharedAnswers | null = now.length > 1 ? new Map() : null;
    for (const begin of now) begin(shared);
  }
}
