/** A limit on how long an answer may take. */
import type { Timers } from './timers.ts';
import { ConnectionLostError } from './transport.ts';

/** `ask` is told by its signal when the time is up. @throws ConnectionLostError then; whether it was carried out is not known */
export function withTimeout<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  timers: Timers,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const late = () => {
      controller.abort();
      reject(new ConnectionLostError(`No answer within ${timeoutMs} ms.`));
    };
    const timer = timers.setTimeout(late, timeoutMs);
    const settle = (then: () => void) => {
      timers.clearTimeout(timer);
      then();
    };
    ask(controller.signal).then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    );
  });
}
