/** A limit on how long an answer may take. */
import type { Timers } from './timers.ts';
import { ConnectionLostError } from './transport.ts';

/** @throws ConnectionLostError when the time is up; whether the request was carried out is not known then */
export function withTimeout<T>(answer: Promise<T>, timeoutMs: number, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new ConnectionLostError(`No answer within ${timeoutMs} ms.`));
    const timer = timers.setTimeout(late, timeoutMs);
    const settle = (then: () => void) => {
      timers.clearTimeout(timer);
      then();
    };
    answer.then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    );
  });
}
