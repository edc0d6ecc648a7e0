/** Past so many requests at once the next gets 503 before anything is read or parsed: those accepted keep their latency. */
import type { RequestHandler } from 'express';
import { AppError } from '../schema/errors.ts';

export class InFlight {
  readonly #max: number;
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  /** @returns what to call when it is done; null: there is no room */
  enter(): (() => void) | null {
    if (this.#count >= this.#max) return null;
    this.#count += 1;
    let left = false;
    return () => {
      if (!left) this.#count -= 1;
      left = true;
    };
  }
}

export const overloaded = (): AppError => new AppError('OVERLOADED', 'Try again in a moment.');

export function shedLoad(inFlight: InFlight): RequestHandler {
  return (_request, response, next) => {
    const leave = inFlight.enter();
    if (!leave) {
      const { message, code } = overloaded();
      // The body is not read: the connection cannot be used again.
      response.status(503).set({ 'retry-after': '1', connection: 'close' });
      response.json({ errors: [{ message, extensions: { code } }] });
      return;
    }
    response.once('close', leave);
    next();
  };
}
