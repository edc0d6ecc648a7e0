/** One after another, per key, within this process: saves commands of one room from losing to each other. Other processes are kept off by the store's unique index, never by this. */
import { AppError } from '../../schema/errors.ts';

interface Line {
  last: Promise<unknown>;
  length: number;
}

export class Turns {
  readonly #lines = new Map<string, Line>();
  readonly #maxWaiting: number;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `task` when those before it with the same key are done. @throws AppError TOO_MANY where the line is full */
  async take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length >= this.#maxWaiting) throw new AppError('TOO_MANY', 'Too many commands at once.');
    this.#lines.set(key, line);
    line.length += 1;
    const turn = line.last.then(task);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(key);
    }
  }
}
