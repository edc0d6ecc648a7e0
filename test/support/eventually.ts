/** Waits for a condition that another process or a reader brings about; the only polling in the tests. */
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with the first value that `probe` gives without throwing and that is not undefined or false. */
export async function eventually<T>(probe: () => T | Promise<T>, timeoutMs = 20_000): Promise<Exclude<T, undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined>;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`not so within ${timeoutMs} ms`, { cause: failure });
    await pause(10);
  }
}
