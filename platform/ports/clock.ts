/** Server time. Everything that needs "now" takes a Clock, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions. */
  now(): number;
}

export const systemClock: Clock = { now: () => performance.timeOrigin + performance.now() };
