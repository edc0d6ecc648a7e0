/** A limit on how long anything outside may take. */

/** @throws what `late` makes when the work is not done in time; it may still be done later */
export async function withTimeout<T>(
  work: Promise<T>,
  timeoutMs: number,
  late: () => Error = () => new Error(`not done within ${timeoutMs} ms`),
): Promise<T> {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLate.reject(late()), timeoutMs);
  try {
    return await Promise.race([work, tooLate.promise]);
  } finally {
    clearTimeout(timer);
  }
}
