/**
 * A data set as files: `events.csv` (event_id, user_id, item_id, ts, window, split; where known event_type, content_platform, tz,
 * watchProgress), `items.csv` (item_id, title, genres; where known mood_tags, platforms, overview) and, for simulated ones,
 * `truth.csv` (user_id, window, segment, top1). Columns beyond these are passed over. Times: ms since the epoch.
 */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import { INTERACTION_TYPES, type InteractionEvent, interactionEvent } from '../../../schema/events/interaction.ts';
import { labelId } from '../domain/genres.ts';
import { EARLIEST_MS, parseTime } from '../domain/interaction.ts';
import { isZone, localMinutes, WINDOWS, type Window, windowOf } from '../domain/windows.ts';
import { type Row, readRows, required } from './csv-rows.ts';

export interface LoggedPlay {
  readonly eventId: string;
  readonly userId: string;
  readonly itemId: string;
  readonly at: number;
  readonly window: Window;
  readonly isTest: boolean;
  /** As an outside producer would send it. */
  readonly event: InteractionEvent;
}

export interface PlantedTaste {
  readonly userId: string;
  readonly window: Window;
  /** `flat` users have no taste for a time of day. */
  readonly segment: string;
  readonly favourite: string;
}

export interface DataSet {
  readonly works: readonly WorkSummary[];
  /** In the order of time. */
  readonly plays: readonly LoggedPlay[];
  /** Empty for real logs. */
  readonly truth: readonly PlantedTaste[];
  /** A genre's id to its name in the data set. */
  readonly genreNames: ReadonlyMap<string, string>;
}

/** @throws Error naming the file and line of a row that cannot be used */
export async function readDataSet(directory: string): Promise<DataSet> {
  const [items, events] = await Promise.all([
    readRows(directory, 'items.csv', ['item_id']),
    readRows(directory, 'events.csv', ['event_id', 'user_id', 'item_id', 'ts', 'split']),
  ]);
  const truth = await readRows(directory, 'truth.csv', ['user_id', 'window', 'top1']).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return [];
    },
  );
  const genreNames = new Map<string, string>();
  const works = items.map((row, i) => toWork(row, `items.csv:${i + 2}`, genreNames));
  const times = events.map((row, i) => timeOf(row, `events.csv:${i + 2}`));
  const laterMs = shiftFor(times);
  const plays = events.map((row, i) => toPlay(row, (times[i] as number) + laterMs, `events.csv:${i + 2}`));
  plays.sort((a, b) => a.at - b.at); // stable: equal times stay in the order of the file
  return { works, plays, truth: truth.map((row, i) => toTruth(row, `truth.csv:${i + 2}`)), genreNames };
}

const listed = (text: string | undefined): string[] =>
  (text ?? '')
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function toWork(row: Row, where: string, genreNames: Map<string, string>): WorkSummary {
  const id = required(row, 'item_id', where);
  const genres = listed(row['genres']).map((name) => {
    const genre = labelId(name);
    if (genre !== '' && !genreNames.has(genre)) genreNames.set(genre, name);
    return genre;
  });
  return {
    id,
    type: 'MOVIE',
    title: row['title'] ?? '',
    description: row['overview'] ?? null,
    releaseYear: null,
    runtimeMinutes: null,
    genres: [...new Set(genres)].filter((genre) => genre !== ''),
    moodTags: listed(row['mood_tags']),
    cast: [],
    directors: [],
    minAge: null,
    // A data set may know other platforms than ours; the domain passes over those it does not know.
    offers: listed(row['platforms']).map((platform) => ({
      platform: labelId(platform) as PlatformName,
      platformId: id,
    })),
    addedAt: null,
  };
}

/** A number since the epoch, in seconds or in what its size says: ms, µs, ns; or RFC 3339. */
function timeOf(row: Row, where: string): number {
  const text = required(row, 'ts', where);
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const at = isNumber ? toMs(Number(text)) : parseTime(text.replace(' ', 'T'));
  if (!(Math.abs(at) <= MAX_TIME_MS)) throw new Error(`${where}: ts ${JSON.stringify(text)} is no time.`);
  return at;
}
/** In the year 5138; seconds beyond it are ms, and so on. */
const MS_FROM = 1e11;
/** In the year 9999. */
const MAX_TIME_MS = 253_402_300_799_000;

function toMs(number: number): number {
  let ms = number * 1_000;
  while (Math.abs(ms) >= MS_FROM * 1_000) ms /= 1_000;
  return ms;
}

const WEEK_MS = 7 * 86_400_000;

/** Data older than any event that the product takes are moved by whole weeks, which keeps hours, weekdays and distances. */
function shiftFor(times: readonly number[]): number {
  const first = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return first < EARLIEST_MS ? Math.ceil((EARLIEST_MS - first) / WEEK_MS) * WEEK_MS : 0;
}

function toPlay(row: Row, at: number, where: string): LoggedPlay {
  const zone = row['tz'] !== undefined && isZone(row['tz']) ? row['tz'] : null;
  const window = toWindow(row['window'], where) ?? windowOf(localMinutes(at, zone ?? 'UTC'));
  const userId = required(row, 'user_id', where);
  const itemId = required(row, 'item_id', where);
  const type = row['event_type'] ?? 'complete'; // a rating says that it was watched
  const progress = Number.parseFloat(row['watchProgress'] ?? '');
  const event = interactionEvent.safeParse({
    event_id: required(row, 'event_id', where),
    user_id: userId,
    event_type: (INTERACTION_TYPES as readonly string[]).includes(type) ? type : 'watch',
    content_id: itemId,
    content_platform: row['content_platform'] || undefined,
    timestamp: new Date(at).toISOString(),
    time_zone: zone ?? zoneFor(at, window),
    watchProgress: Number.isNaN(progress) ? undefined : Math.min(1, Math.max(0, progress)),
  });
  if (!event.success) {
    throw new Error(
      `${where}: ${event.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}.`,
    );
  }
  return {
    eventId: event.data.event_id ?? '',
    userId,
    itemId,
    at,
    window,
    isTest: isTest(row, where),
    event: event.data,
  };
}

function isTest(row: Row, where: string): boolean {
  const split = required(row, 'split', where).toLowerCase();
  if (split !== 'train' && split !== 'test') {
    throw new Error(`${where}: split ${JSON.stringify(split)} is neither train nor test.`);
  }
  return split === 'test';
}

function toWindow(name: string | undefined, where: string): Window | null {
  if (name === undefined || name === '') return null;
  const window = WINDOWS.find((known) => known === name.toUpperCase());
  if (window === undefined)
    throw new Error(`${where}: window ${JSON.stringify(name)} is none of ${WINDOWS.join(', ')}.`);
  return window;
}

/** Middle of each window, in minutes from midnight. */
const MIDDLES: Readonly<Record<Window, number>> = { MORNING: 510, AFTERNOON: 870, EVENING: 1170, NIGHT: 90 };

/** Without a zone UTC stands for it, unless the data set says another window: then an offset that makes it so. */
function zoneFor(at: number, window: Window): string {
  const minutes = localMinutes(at, 'UTC');
  if (windowOf(minutes) === window) return 'UTC';
  const offset = ((MIDDLES[window] - minutes + 2_160) % 1_440) - 720;
  const [hours, rest] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

function toTruth(row: Row, where: string): PlantedTaste {
  const window = toWindow(required(row, 'window', where), where);
  if (window === null) throw new Error(`${where}: no window.`);
  return {
    userId: required(row, 'user_id', where),
    window,
    segment: row['segment'] ?? '',
    favourite: labelId(required(row, 'top1', where)),
  };
}
