/**
 * The stored form of a profile: what an operator may want to see stays readable, the hundreds of numbers are packed, exactly, which
 * makes a third of the size and of the work of the same as JSON. Learning writes a profile per user and batch: this is what it costs.
 */
import type { Counts } from './domain/counts.ts';
import { type Cell, emptyProfile, type LatestSignal, type Profile } from './domain/profile.ts';
import type { TouchedTitle } from './domain/touched-titles.ts';
import { PackedReader, PackedWriter } from './packed-bytes.ts';

export interface StoredState
  extends Pick<Profile, 'interactionCount' | 'distinctContentCount' | 'firstAt' | 'lastAt' | 'zone' | 'favourites'> {
  /** Of genres and platforms; `packed` says which by their places. */
  names: string[];
  /** Ids, touched longest ago first. */
  titles: string[];
  /** Of titles outside the catalogue, by their places: what events told. */
  told: (readonly [place: number, title: string | null, genres: readonly string[]])[];
  /** Begins with FORMAT. */
  packed: string;
}

/** To be raised when anything below changes. A profile in another format is begun anew, its favourites and counters kept. */
const FORMAT = 2;
/** Knew no latest signals, which then is as if nothing had been watched lately; the rest is the same. */
const FORMAT_BEFORE = 1;

/** What is true of a title, a bit each; the numbers that it makes superfluous are left out. */
const WATCHED = 1;
const HAS_PROGRESS = 2;
const HAS_POSITION = 4;
const HAS_DURATION = 8;
const COUNTED_IS_PROGRESS = 16;
const DAY_IS_OF_AT = 32;
/** Two bits: the place in VERDICTS. */
const VERDICT_SHIFT = 6;
const VERDICTS = [null, 'like', 'dislike', 'dismiss'] as const;
const DAY_MS = 86_400_000;

/** Numbers its words in the order of their first use. */
class Names {
  readonly words: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(word: string): number {
    let place = this.#places.get(word);
    if (place === undefined) {
      place = this.words.length;
      this.#places.set(word, place);
      this.words.push(word);
    }
    return place;
  }
}

/** One for all: packing is never interrupted. */
const writer = new PackedWriter();

export function pack(profile: Profile): StoredState {
  const { interactionCount, distinctContentCount, firstAt, lastAt, zone, favourites, titles } = profile;
  const names = new Names();
  const told: StoredState['told'] = [];
  writer.clear();
  writer.byte(FORMAT);
  writer.double(profile.scale);
  writer.double(profile.recentScale ?? 1);
  writeLatest(profile.latest ?? [], names);
  writeDoubles(profile.trials ?? []);
  for (const cell of profile.windows) writeCell(cell, names);
  writeCounts(profile.platforms, names);
  const platforms = Object.entries(profile.platformGenres);
  writer.short(platforms.length);
  for (const [platform, genres] of platforms) {
    writer.short(names.placeOf(platform));
    writeCounts(genres, names);
  }
  for (const [place, title] of titles.entries()) {
    writeTitle(title, names);
    if (title.genres !== undefined) told.push([place, title.title ?? null, title.genres]);
  }
  const ids = titles.map(({ id }) => id);
  const readable = { interactionCount, distinctContentCount, firstAt, lastAt, zone, favourites };
  return { ...readable, names: names.words, titles: ids, told, packed: writer.toString() };
}

export function unpack(stored: StoredState): Profile {
  const { interactionCount, distinctContentCount, firstAt, lastAt, zone, favourites, names } = stored;
  const readable = { interactionCount, distinctContentCount, firstAt, lastAt, zone, favourites };
  const reader = new PackedReader(stored.packed ?? '');
  const format = stored.packed ? reader.byte() : null;
  if (format !== FORMAT && format !== FORMAT_BEFORE) return { ...emptyProfile(), ...readable };
  const scale = reader.double();
  const recentScale = reader.double();
  const latest = format === FORMAT ? readLatest(reader, names) : [];
  const trials = readDoubles(reader);
  const windows: Profile['windows'] = [
    readCell(reader, names),
    readCell(reader, names),
    readCell(reader, names),
    readCell(reader, names),
  ];
  const platforms = readCounts(reader, names);
  const platformGenres: Record<string, Counts> = {};
  for (let left = reader.short(); left > 0; left -= 1) {
    platformGenres[names[reader.short()] as string] = readCounts(reader, names);
  }
  const titles = stored.titles.map((id) => readTitle(id, reader, names));
  for (const [place, title, genres] of stored.told) {
    Object.assign(titles[place] as TouchedTitle, title === null ? { genres } : { title, genres });
  }
  return { ...readable, scale, recentScale, latest, windows, trials, platforms, platformGenres, titles };
}

function writeLatest(latest: readonly LatestSignal[], names: Names): void {
  writer.byte(latest.length);
  for (const { genres, gained } of latest) {
    writer.double(gained);
    writer.byte(genres.length);
    for (const genre of genres) writer.short(names.placeOf(genre));
  }
}

const readLatest = (reader: PackedReader, names: readonly string[]): LatestSignal[] =>
  Array.from({ length: reader.byte() }, () => {
    const gained = reader.double();
    return { genres: Array.from({ length: reader.byte() }, () => names[reader.short()] as string), gained };
  });

function writeDoubles(values: readonly number[]): void {
  writer.byte(values.length);
  for (const value of values) writer.double(value);
}

function readDoubles(reader: PackedReader): number[] {
  return Array.from({ length: reader.byte() }, () => reader.double());
}

function writeCounts(counts: Counts, names: Names): void {
  const keys = Object.keys(counts);
  writer.short(keys.length);
  for (const key of keys) {
    writer.short(names.placeOf(key));
    writer.double(counts[key] as number);
  }
}

function readCounts(reader: PackedReader, names: readonly string[]): Counts {
  const counts: Counts = {};
  for (let left = reader.short(); left > 0; left -= 1) counts[names[reader.short()] as string] = reader.double();
  return counts;
}

function writeCell(cell: Cell, names: Names): void {
  writer.int(cell.plays);
  writer.double(cell.progressSum);
  writer.double(cell.credit ?? 0);
  writer.double(cell.recentCredit ?? 0);
  writer.double(cell.weight ?? 0);
  writeCounts(cell.genres, names);
  writeCounts(cell.recent ?? {}, names);
  writeCounts(cell.presence ?? {}, names);
}

const readCell = (reader: PackedReader, names: readonly string[]): Cell => ({
  plays: reader.int(),
  progressSum: reader.double(),
  credit: reader.double(),
  recentCredit: reader.double(),
  weight: reader.double(),
  genres: readCounts(reader, names),
  recent: readCounts(reader, names),
  presence: readCounts(reader, names),
});

function writeTitle(title: TouchedTitle, names: Names): void {
  const { at, progress, positionMs, durationMs, watched, verdict, credit, day, window, counted, platform } = title;
  const flags =
    (watched ? WATCHED : 0) |
    (progress === null ? 0 : HAS_PROGRESS) |
    (positionMs === null ? 0 : HAS_POSITION) |
    (durationMs === null ? 0 : HAS_DURATION) |
    (counted === progress ? COUNTED_IS_PROGRESS : 0) |
    (day === Math.floor(at / DAY_MS) ? DAY_IS_OF_AT : 0) |
    (VERDICTS.indexOf(verdict) << VERDICT_SHIFT);
  writer.byte(flags);
  writer.byte(window + 1);
  writer.short(platform === null ? 0 : names.placeOf(platform) + 1);
  writer.double(at);
  writer.double(credit);
  if (progress !== null) writer.double(progress);
  if (positionMs !== null) writer.double(positionMs);
  if (durationMs !== null) writer.double(durationMs);
  if (!(flags & COUNTED_IS_PROGRESS)) writer.double(counted);
  if (!(flags & DAY_IS_OF_AT)) writer.int(day);
}

function readTitle(id: string, reader: PackedReader, names: readonly string[]): TouchedTitle {
  const flags = reader.byte();
  const window = reader.byte() - 1;
  const platform = names[reader.short() - 1] ?? null;
  const at = reader.double();
  const credit = reader.double();
  const progress = flags & HAS_PROGRESS ? reader.double() : null;
  return {
    id,
    at,
    progress,
    positionMs: flags & HAS_POSITION ? reader.double() : null,
    durationMs: flags & HAS_DURATION ? reader.double() : null,
    watched: (flags & WATCHED) !== 0,
    verdict: VERDICTS[flags >> VERDICT_SHIFT] ?? null,
    credit,
    window,
    counted: flags & COUNTED_IS_PROGRESS ? (progress ?? 0) : reader.double(),
    day: flags & DAY_IS_OF_AT ? Math.floor(at / DAY_MS) : reader.int(),
    platform,
  };
}
