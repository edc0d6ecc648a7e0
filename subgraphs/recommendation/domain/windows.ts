/**
 * The four parts of the day, by local time. Pure. Moments: ms since the epoch. A zone is an IANA name (`Asia/Kolkata`) or a
 * fixed offset (`+05:30`); daylight saving comes from the runtime's own zone data.
 */
export const WINDOWS = ['MORNING', 'AFTERNOON', 'EVENING', 'NIGHT'] as const;
export type Window = (typeof WINDOWS)[number];

/** First hour of each window, in the order of WINDOWS; the night reaches over midnight. */
const STARTS = [5, 12, 17, 22] as const;
const MINUTES_PER_DAY = 1440;
/** Within this many minutes of an edge a play counts partly for the neighbour. */
const SOFT_EDGE_MINUTES = 30;

/** One formatter per zone; there are about 600 names, and a bound against invented offsets. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 1_000;

/** @throws RangeError for a name that is no zone */
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether the runtime knows the zone. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Minutes since local midnight, 0..1439. @throws RangeError for a name that is no zone */
export function localMinutes(at: number, zone: string): number {
  const time = formatterOf(zone).format(at); // "09:30"
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** The offset that an RFC 3339 time stamp names, as a zone; null for `Z` or none, which say nothing of where the user is. */
export function offsetZone(timestamp: string): string | null {
  return /T.*([+-]\d\d:\d\d)$/.exec(timestamp)?.[1] ?? null;
}

/** The window that a local time falls in. */
export function windowOf(minutes: number): Window {
  const hour = minutes / 60;
  const after = STARTS.findLastIndex((start) => hour >= start);
  return WINDOWS[after < 0 ? 3 : after] as Window;
}

/** @throws RangeError for a name that is no zone */
export const windowAt = (at: number, zone: string): Window => windowOf(localMinutes(at, zone));

/** How much a local time counts for each window, in the order of WINDOWS; sums to 1. Split between neighbours at an edge. */
export function windowWeights(minutes: number): [number, number, number, number] {
  const weights: [number, number, number, number] = [0, 0, 0, 0];
  const inside = WINDOWS.indexOf(windowOf(minutes));
  weights[inside] = 1;
  for (const [window, startHour] of STARTS.entries()) {
    const start = startHour * 60;
    const distance = ((minutes - start + MINUTES_PER_DAY * 1.5) % MINUTES_PER_DAY) - MINUTES_PER_DAY / 2;
    if (Math.abs(distance) >= SOFT_EDGE_MINUTES) continue;
    const later = (distance + SOFT_EDGE_MINUTES) / (2 * SOFT_EDGE_MINUTES);
    const before = (window + 3) % 4;
    weights[window] = later;
    weights[before] = 1 - later;
  }
  return weights;
}
