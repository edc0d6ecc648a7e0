/**
 * How far the server's clock is ahead of ours, from four-stamp exchanges. Pure. All in ms.
 *
 * Each exchange proves two bounds, whatever the path's asymmetry: the request took some time, so offset <= t1 - t0; the
 * answer took some, so offset >= t2 - t3. The estimate is the middle of the bounds of all exchanges together (Marzullo 1984,
 * as in NTP, RFC 5905 11.2.1). It is never less certain than RTTmin/2, which is what the best exchange alone would give,
 * because the quickest request and the quickest answer need not be of one exchange.
 */

/** t0, t3 by our clock; t1, t2 by the server's. */
export interface Exchange {
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
}

export interface ClockEstimate {
  /** Server time is our time and this. */
  readonly offsetMs: number;
  /** The true offset is within this of `offsetMs`, as long as no clock was set. */
  readonly uncertaintyMs: number;
}

/** Crystals of consumer devices stay within this; bounds widen by it as they age. */
const DRIFT = 100e-6;

/** Time on the way, both ways. */
export const rttOf = ({ t0, t1, t2, t3 }: Exchange): number => t3 - t0 - (t2 - t1);

/** An exchange that cannot have happened: a clock was set while it was on its way, or the server sent no numbers. */
export const isSane = (exchange: Exchange): boolean =>
  Object.values(exchange).every(Number.isFinite) && rttOf(exchange) >= 0 && exchange.t2 >= exchange.t1;

/** The estimate at `now` (our clock). Null: none were given, or they contradict each other: a clock was set between them. */
export function estimateClock(exchanges: readonly Exchange[], now: number): ClockEstimate | null {
  if (exchanges.length === 0) return null;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const { t0, t1, t2, t3 } of exchanges) {
    low = Math.max(low, t2 - t3 - Math.max(0, now - t3) * DRIFT);
    high = Math.min(high, t1 - t0 + Math.max(0, now - t0) * DRIFT);
  }
  return low > high ? null : { offsetMs: (low + high) / 2, uncertaintyMs: (high - low) / 2 };
}

/** The middle one; of an even number, the lower. NaN where there is none. */
export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
