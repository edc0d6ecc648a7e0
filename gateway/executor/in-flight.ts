/**
 * The same question asked again while its answer is on the way waits for that answer. Who may share is in the key; nothing is
 * kept once the answer is there. A question asked after a change must not be answered from before it: see `forget`.
 */

interface UnderWay<T> {
  readonly answer: Promise<T>;
  waiting: number;
}

/** An answer, and whether others have got the same object. */
export interface Shared<T> {
  readonly value: T;
  readonly shared: boolean;
}

export class InFlightAnswers<T> {
  readonly #underWay = new Map<string, UnderWay<T>>();

  /** The answer on the way for `key`, or the one that `ask` begins. */
  async get(key: string, ask: () => Promise<T>): Promise<Shared<T>> {
    let entry = this.#underWay.get(key);
    if (!entry) {
      entry = { answer: ask(), waiting: 0 };
      this.#underWay.set(key, entry);
    }
    entry.waiting += 1;
    try {
      const value = await entry.answer;
      return { value, shared: entry.waiting > 1 };
    } finally {
      // The first to get it: from now on the question is asked anew.
      if (this.#underWay.get(key) === entry) this.#underWay.delete(key);
    }
  }

  /** Nobody joins what is on the way now: to be called when something has been changed. */
  forget(): void {
    this.#underWay.clear();
  }
}
