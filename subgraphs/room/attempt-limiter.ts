/** How often somebody may try: a sliding window per key, in memory, of a bounded number of keys. Time: ms, given by the caller. */

export interface AttemptLimit {
  readonly attempts: number;
  readonly windowMs: number;
  /** Most keys remembered; beyond it the one that tried longest ago is forgotten. */
  readonly maxKeys: number;
}

export class AttemptLimiter {
  readonly #limit: AttemptLimit;
  /** In order of the last attempt. */
  readonly #attempts = new Map<string, readonly number[]>();

  constructor(limit: AttemptLimit) {
    this.#limit = limit;
  }

  /** Counts an attempt; false: one too many, and not counted. */
  take(key: string, now: number): boolean {
    const { attempts, windowMs, maxKeys } = this.#limit;
    const recent = (this.#attempts.get(key) ?? []).filter((at) => now - at < windowMs);
    const allowed = recent.length < attempts;
    this.#attempts.delete(key);
    this.#attempts.set(key, allowed ? [...recent, now] : recent);
    const oldest = this.#attempts.keys().next();
    if (this.#attempts.size > maxKeys && !oldest.done) this.#attempts.delete(oldest.value);
    return allowed;
  }
}
