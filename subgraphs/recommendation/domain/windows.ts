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

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What is known of a zone: asking the runtime takes microseconds, so its offset is asked for once per zone and day. There are about
 * 600 names; the bounds are against invented offsets and times.
 */
interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  /** Day of UTC to the minutes that local time is ahead all through it; null: the clocks change on it. */
  readonly offsets: Map<number, number | null>;
}
const zones = new Map<string, Zone>();
const MAX_ZONES = 1_000;
const MAX_DAYS = 400;

/** @throws RangeError for a name that is no zone */
function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    const formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: name,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (zones.size >= MAX_ZONES) zones.clear();
    zone = { formatter, offsets: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/** Whether the runtime knows the zone. */
export function isZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch {
    return false;
  }
}

/** Minutes since local midnight, 0..1439. @throws RangeError for a name that is no zone */
export function localMinutes(at: number, name: string): number {
  const { formatter, offsets } = zoneNamed(name);
  const day = Math.floor(at / DAY_MS);
  let offset = offsets.get(day);
  if (offset === undefined) {
    if (offsets.size >= MAX_DAYS) offsets.clear();
    // At midnight of UTC local time is the offset itself. Clocks that change do so once in a day at most.
    const [first, last] = [formattedMinutes(formatter, day * DAY_MS), formattedMinutes(formatter, (day + 1) * DAY_MS)];
    offset = first === last ? first : null;
    offsets.set(day, offset);
  }
  if (offset === null) return formattedMinutes(formatter, at);
  return (Math.floor((at - day * DAY_MS) / MINUTE_MS) + offset) % MINUTES_PER_DAY;
}

function formattedMinutes(formatter: Intl.DateTimeFormat, at: number): number {
  const time = formatter.format(at); // "09:30"
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

/** How much a time of day counts for each window, in the order of WINDOWS; sums to 1. */
export type WindowWeights = readonly [number, number, number, number];

/** Split between neighbours at an edge. `minutes`: whole, 0..1439. */
export const windowWeights = (minutes: number): WindowWeights => WEIGHTS[minutes] as WindowWeights;

const WEIGHTS: readonly WindowWeights[] = Array.from({ length: MINUTES_PER_DAY }, (_, minutes) => weightsAt(minutes));

function weightsAt(minutes: number): WindowWeights {
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

/** The place in WINDOWS of the window that counts most; of two, the earlier one. */
export function mainWindow(weights: WindowWeights): number {
  let main = 0;
  for (let window = 1; window < weights.length; window += 1) {
    if ((weights[window] as number) > (weights[main] as number)) main = window;
  }
  return main;
}
