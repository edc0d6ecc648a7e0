/**
 * A work as the source records that were placed on it tell it. Pure: the same records give the same work, in any order.
 * Times: ms since the epoch, but for an offer's window and lastSeenAt, which are RFC 3339.
 */
import type { ContentChange, WorkSummary } from '../../../schema/events/content-change.ts';
import { PLATFORMS, type PlatformName, type SourceRecord } from '../../../schema/events/content-sync.ts';
import { currentOffers } from './availability.ts';
import { countryCodes } from './countries.ts';
import { canonicalGenres } from './genres.ts';
import { strictestAge } from './maturity.ts';
import { type Mood, moodsOf } from './moods.ts';
import { fold } from './text.ts';

export interface WorkOffer {
  readonly platform: PlatformName;
  readonly platformId: string;
  /** As the platform spells it, edition included. */
  readonly title: string;
  readonly edition: string | null;
  readonly monetization: SourceRecord['monetization'];
  readonly countries: readonly string[];
  readonly availableFrom: string | null;
  readonly availableUntil: string | null;
  readonly lastSeenAt: string;
}

/** What the platforms say of a work, made one. */
export interface WorkContent {
  readonly type: 'MOVIE' | 'SERIES';
  readonly title: string;
  readonly alternativeTitles: readonly string[];
  readonly description: string | null;
  readonly releaseYear: number | null;
  readonly runtimeMinutes: number | null;
  readonly seasonCount: number | null;
  readonly genres: readonly string[];
  readonly moods: readonly Mood[];
  readonly cast: readonly string[];
  readonly directors: readonly string[];
  readonly countries: readonly string[];
  readonly minAge: number | null;
  readonly maturityLabels: readonly { readonly platform: PlatformName; readonly label: string }[];
  readonly offers: readonly WorkOffer[];
  readonly addedAt: number | null;
}

/** A work as it is stored and served. */
export interface Work extends WorkContent {
  readonly id: string;
  /** No platform has it any more; it keeps answering, with its last content and no offers. */
  readonly isRemoved: boolean;
  /** The work that this one turned out to be, which answers under this id too; null: it is a work of its own. */
  readonly mergedInto: string | null;
  /** Counts the changes, from 1. */
  readonly version: number;
  /** The last version that others were told of before this one; 0: none. */
  readonly toldVersion: number;
  /** What the record said that left it last: by this a removed work is recognised when it comes back. Null while it is there. */
  readonly lastRecord: SourceRecord | null;
  readonly updatedAt: number;
}

/** A source record on its work. */
export interface PlacedRecord {
  readonly platform: PlatformName;
  readonly platformId: string;
  readonly record: SourceRecord;
  /** Ms since the epoch. */
  readonly seenAt: number;
}

const MOST_PEOPLE = 100;

/** What the records tell together. @throws RangeError without any record */
export function contentOf(placed: readonly PlacedRecord[]): WorkContent {
  const sources = [...placed].sort(byTrust);
  const first = sources[0];
  if (!first) throw new RangeError('a work has at least one record');
  const records = sources.map(({ record }) => record);
  const genres = canonicalGenres(labelsOf(sources, ({ genres }) => genres));
  const description = firstOf(records, (record) => record.description);
  const labels = distinct(
    labelsOf(sources, ({ maturityLabel }) => (maturityLabel ? [maturityLabel] : [])),
    ({ platform, label }) => `${platform}:${label}`,
  );
  return {
    type: first.record.type === 'movie' ? 'MOVIE' : 'SERIES',
    title: first.record.title,
    alternativeTitles: distinct(
      records.flatMap((record) => [record.title, ...record.alternativeTitles]),
      (title) => title.toLowerCase(),
    ).filter((title) => title.toLowerCase() !== first.record.title.toLowerCase()),
    description,
    // The earliest: dubs carry the year of their upload, and some platforms give a series' latest season.
    releaseYear: least(records.map(({ releaseYear }) => releaseYear)),
    // Of a series it would be one episode's.
    runtimeMinutes: first.record.type === 'movie' ? firstOf(records, ({ runtimeMinutes }) => runtimeMinutes) : null,
    seasonCount: most(records.map(({ seasonCount }) => seasonCount)),
    genres,
    moods: moodsOf(genres, description),
    cast: distinct(
      records.flatMap(({ cast }) => cast),
      fold,
    ).slice(0, MOST_PEOPLE),
    directors: distinct(
      records.flatMap(({ directors }) => directors),
      fold,
    ).slice(0, MOST_PEOPLE),
    countries: countryCodes(records.flatMap(({ countries }) => countries)),
    minAge: strictestAge(labels.map(({ label }) => label)),
    maturityLabels: labels,
    offers: sources.map(offerOf),
    addedAt: most(records.map(({ addedAt }) => (addedAt ? Date.parse(addedAt) : null))),
  };
}

/** Whether a viewer could see any difference; when a platform last mentioned it is none. */
export function isSameContent(a: WorkContent, b: WorkContent): boolean {
  return JSON.stringify(comparable(a)) === JSON.stringify(comparable(b));
}

/**
 * The work as its records tell it after one more event; the same version where nothing changed, null where there was nothing
 * and is nothing. `left`: what the record said that went away by that event. `at`: ms since the epoch.
 */
export function nextWork(
  id: string,
  before: Work | null,
  placed: readonly PlacedRecord[],
  left: SourceRecord | null,
  at: number,
): Work | null {
  if (placed.length === 0) {
    if (!before || before.isRemoved) return before;
    return { ...before, isRemoved: true, lastRecord: left, version: before.version + 1, updatedAt: at };
  }
  const content = contentOf(placed);
  const there = { isRemoved: false, lastRecord: null };
  if (!before) return { id, ...content, ...there, mergedInto: null, version: 1, toldVersion: 0, updatedAt: at };
  if (!before.isRemoved && isSameContent(before, content)) return { ...before, offers: content.offers };
  return { ...before, ...content, ...there, version: before.version + 1, updatedAt: at };
}

/** The event that tells others of a work as it is now; of a removed one it names the platforms that had it. */
export function changeOf(work: Work, now: number): ContentChange {
  const offers = work.isRemoved ? work.offers : currentOffers(work, { platforms: null, country: null }, now);
  return {
    kind: work.isRemoved ? 'REMOVED' : work.toldVersion === 0 ? 'ADDED' : 'UPDATED',
    contentId: work.id,
    platforms: distinct(
      offers.map(({ platform }) => platform.toUpperCase()),
      (platform) => platform,
    ),
    genres: work.genres,
    at: work.updatedAt,
    work: work.isRemoved ? null : summaryOf(work),
    ...(work.isRemoved && work.mergedInto !== null && { mergedInto: work.mergedInto }),
  };
}

function summaryOf(work: Work): WorkSummary {
  return {
    id: work.id,
    type: work.type,
    title: work.title,
    description: work.description,
    releaseYear: work.releaseYear,
    runtimeMinutes: work.runtimeMinutes,
    genres: work.genres,
    moodTags: work.moods.map(({ tag }) => tag),
    cast: work.cast,
    directors: work.directors,
    minAge: work.minAge,
    offers: work.offers.map(({ platform, platformId, countries, availableFrom, availableUntil }) => {
      return { platform, platformId, countries, availableFrom, availableUntil };
    }),
    addedAt: work.addedAt,
  };
}

/** Plain editions before dubs, then the platforms in their fixed order: whose word counts where they differ. */
function byTrust(a: PlacedRecord, b: PlacedRecord): number {
  return (
    Number(a.record.edition !== null) - Number(b.record.edition !== null) ||
    PLATFORMS.indexOf(a.platform) - PLATFORMS.indexOf(b.platform) ||
    (a.platformId < b.platformId ? -1 : 1)
  );
}

function offerOf({ platform, platformId, record, seenAt }: PlacedRecord): WorkOffer {
  return {
    platform,
    platformId,
    title: record.edition ? `${record.title} (${record.edition})` : record.title,
    edition: record.edition,
    monetization: record.monetization,
    countries: record.offerCountries.map((country) => country.toUpperCase()),
    availableFrom: record.availableFrom,
    availableUntil: record.availableUntil,
    lastSeenAt: new Date(seenAt).toISOString(),
  };
}

function comparable({ offers, ...rest }: WorkContent): unknown {
  const keys: readonly (keyof WorkContent)[] = [
    ...(['type', 'title', 'alternativeTitles', 'description', 'releaseYear', 'runtimeMinutes', 'seasonCount'] as const),
    ...(['genres', 'moods', 'cast', 'directors', 'countries', 'minAge', 'maturityLabels', 'addedAt'] as const),
  ];
  const facts = offers.map((offer) => [
    ...[offer.platform, offer.platformId, offer.title, offer.edition, offer.monetization],
    ...[offer.countries, offer.availableFrom, offer.availableUntil],
  ]);
  return [keys.map((key) => (rest as WorkContent)[key]), facts];
}

const labelsOf = (sources: readonly PlacedRecord[], labels: (record: SourceRecord) => readonly string[]) =>
  sources.flatMap(({ platform, record }) => labels(record).map((label) => ({ platform, label })));

function firstOf<T>(records: readonly SourceRecord[], pick: (record: SourceRecord) => T | null): T | null {
  for (const record of records) {
    const value = pick(record);
    if (value !== null) return value;
  }
  return null;
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const value of values) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value);
  return [...seen.values()];
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const least = (values: readonly (number | null)[]): number | null =>
  known(values).reduce<number | null>((low, value) => (low === null || value < low ? value : low), null);
const most = (values: readonly (number | null)[]): number | null =>
  known(values).reduce<number | null>((high, value) => (high === null || value > high ? value : high), null);
