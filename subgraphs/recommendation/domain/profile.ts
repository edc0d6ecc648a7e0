/**
 * What is remembered of one user: decayed genre counts per part of the day, platforms, and the titles they touched. Pure.
 * Bounded: its size does not grow with the number of events. Times: ms since the epoch.
 *
 * To be persisted: every field of Profile, Cell and TouchedTitle; nothing else is needed to go on learning or to rank. What a
 * default says anyway may be left out of the stored form (null, 0, false, empty) as long as reading it back restores it.
 * What is optional in Cell, `trials` and `recentScale` may be missing in documents that are older than they are: they count as empty.
 */
import { genreCredits, genresPresent } from './genres.ts';
import { MEMORIES, tryExperts } from './habits.ts';
import { type Interaction, isPlay, signalOf } from './interaction.ts';
import { localMinutes, windowWeights } from './windows.ts';

/** Decay is by credited plays, never by the calendar: a holiday forgets nothing. */
const HALF_LIFE_EVENTS = MEMORIES[0];
const GROWTH = 2 ** (1 / MEMORIES[0]);
const RECENT_GROWTH = 2 ** (1 / MEMORIES[1]);
/** Counts are kept times a growing scale (cheaper than shrinking all of them at each event), brought back to 1 from here on. */
const MAX_SCALE = 1e6;
const NEGLIGIBLE = 1e-3;
const MAX_TITLES = 1_000;
const MAX_GENRES_PER_CELL = 48;
const MAX_PLATFORMS = 8;
const DAY_MS = 86_400_000;
/** From here on a title is finished. */
const FINISHED_FROM = 0.95;

export type Counts = Record<string, number>;

/** One part of the day. */
export interface Cell {
  /** Titles watched, one per title and day; not decayed. */
  plays: number;
  /** Sum of the parts watched, of `plays` summands. */
  progressSum: number;
  /** Decayed credit by the place of the genre, times the profile's scale: what the user is drawn to. */
  genres: Counts;
  /** The same with the short memory, times `recentScale`. */
  recent?: Counts;
  /** Sums of `genres` and of `recent`, what was dropped for room included. */
  credit?: number;
  recentCredit?: number;
  /** As `genres`, where every genre of a title counts in full: how probable a genre is to be among those of a title. */
  presence?: Counts;
  /** What `presence` would be of a genre that every title has. */
  weight?: number;
}

/** What happened between the user and a title. */
export interface TouchedTitle {
  /** A work's id, or `platform:platformId` of a title that was not in the catalogue. */
  readonly id: string;
  at: number;
  /** Last heard of, 0..1; null: never played. */
  progress: number | null;
  positionMs: number | null;
  durationMs: number | null;
  watched: boolean;
  verdict: 'like' | 'dislike' | 'dismiss' | null;
  /** Highest signal of the last day it was credited on. */
  credit: number;
  day: number;
  /** Where that day's play was counted, as an index of WINDOWS; -1: not yet. */
  window: number;
  /** Part watched as counted in that window. */
  counted: number;
  platform: string | null;
  /** Only for what the catalogue does not know. */
  title?: string;
  genres?: readonly string[];
}

export interface Profile {
  interactionCount: number;
  distinctContentCount: number;
  firstAt: number | null;
  lastAt: number | null;
  /** Of the last event that named one. */
  zone: string | null;
  scale: number;
  recentScale?: number;
  /** In the order of WINDOWS. */
  windows: [Cell, Cell, Cell, Cell];
  /** How well each expert of habits.ts forecast the plays; missing: not tried yet. */
  trials?: number[];
  platforms: Counts;
  /** Platform to genre to decayed credit. */
  platformGenres: Record<string, Counts>;
  /** What the user said to like. */
  favourites: readonly string[];
  /** Touched longest ago first. */
  titles: TouchedTitle[];
}

const emptyCell = (): Cell => ({
  plays: 0,
  progressSum: 0,
  genres: {},
  recent: {},
  credit: 0,
  recentCredit: 0,
  presence: {},
  weight: 0,
});

export const emptyProfile = (): Profile => ({
  interactionCount: 0,
  distinctContentCount: 0,
  firstAt: null,
  lastAt: null,
  zone: null,
  scale: 1,
  recentScale: 1,
  windows: [emptyCell(), emptyCell(), emptyCell(), emptyCell()],
  trials: [],
  platforms: {},
  platformGenres: {},
  favourites: [],
  titles: [],
});

/** Where an interaction was local: its own zone, else the user's last, else UTC. */
export const zoneOf = (interaction: Interaction, profile: Profile): string => interaction.zone ?? profile.zone ?? 'UTC';

/**
 * Learns from one interaction; changes `profile`, which is the caller's. `genres` are the work's, or what the event tells.
 * Order-tolerant: a late event counts as much as if it had come in time. Cost: linear in the titles kept.
 */
export function learn(
  profile: Profile,
  interaction: Interaction,
  genres: readonly string[],
  inCatalogue: boolean,
): void {
  const { at } = interaction;
  const lateBy =
    at < (profile.lastAt ?? at) ? profile.titles.reduce((later, title) => later + (title.at > at ? 1 : 0), 0) : 0;
  profile.interactionCount += 1;
  profile.firstAt = Math.min(profile.firstAt ?? at, at);
  profile.lastAt = Math.max(profile.lastAt ?? at, at);
  if (interaction.zone !== null && at === profile.lastAt) profile.zone = interaction.zone;
  const title = touch(profile, interaction);
  if (!inCatalogue) Object.assign(title, { title: interaction.title ?? undefined, genres });
  const weights = windowWeights(localMinutes(at, zoneOf(interaction, profile)));
  countPlay(profile, title, interaction, weights);
  credit(profile, title, interaction, genres, weights, 0.5 ** (lateBy / HALF_LIFE_EVENTS));
}

/** The title's entry, newest now; what the interaction says of its state is noted unless something later is known. */
function touch(profile: Profile, interaction: Interaction): TouchedTitle {
  const { type, at, progress, positionMs, durationMs, platform } = interaction;
  const known = profile.titles.findLastIndex((title) => title.id === interaction.contentId);
  const title: TouchedTitle =
    known >= 0 ? (profile.titles.splice(known, 1)[0] as TouchedTitle) : newTitle(interaction.contentId);
  if (known < 0) profile.distinctContentCount += 1;
  profile.titles.push(title);
  if (profile.titles.length > MAX_TITLES) profile.titles.shift();
  if (at >= title.at) {
    title.at = at;
    title.platform = platform ?? title.platform;
    if (type === 'like' || type === 'dislike' || type === 'dismiss') title.verdict = type;
    if (progress !== null && type !== 'like') {
      title.progress = progress;
      title.positionMs = positionMs;
      title.durationMs = durationMs ?? title.durationMs;
    }
  }
  title.watched ||= isPlay(interaction);
  return title;
}

const newTitle = (id: string): TouchedTitle => ({
  id,
  at: 0,
  progress: null,
  positionMs: null,
  durationMs: null,
  watched: false,
  verdict: null,
  credit: 0,
  day: -1,
  window: -1,
  counted: 0,
  platform: null,
});

/** One play per title and day; more of the same play raises the part watched. */
function countPlay(profile: Profile, title: TouchedTitle, interaction: Interaction, weights: readonly number[]): void {
  const day = Math.floor(interaction.at / DAY_MS);
  if (day !== title.day) {
    title.day = day;
    title.credit = 0;
    title.window = -1;
    title.counted = 0;
  }
  if (!isPlay(interaction)) return;
  if (title.window < 0) {
    title.window = weights.indexOf(Math.max(...weights));
    (profile.windows[title.window] as Cell).plays += 1;
  }
  const more = Math.max(0, (interaction.progress ?? 0.5) - title.counted);
  title.counted += more;
  (profile.windows[title.window] as Cell).progressSum += more;
}

/** One credit per title and day: a stronger signal on the same day adds only the difference. */
function credit(
  profile: Profile,
  title: TouchedTitle,
  interaction: Interaction,
  genres: readonly string[],
  weights: readonly number[],
  lateness: number,
): void {
  const signal = signalOf(interaction);
  const gained = signal > 0 ? Math.max(0, signal - title.credit) : signal;
  title.credit = Math.max(title.credit, signal);
  if (gained === 0) return;
  if (gained > 0) {
    profile.scale *= GROWTH;
    profile.recentScale = (profile.recentScale ?? 1) * RECENT_GROWTH;
  }
  const amount = gained * lateness * profile.scale;
  const recently = gained * lateness ** (MEMORIES[0] / MEMORIES[1]) * (profile.recentScale ?? 1);
  if (gained > 0) {
    tryHabits(profile, genres, weights);
    addPresence(profile, genres, amount, weights);
  }
  for (const { genre, credit: part } of genreCredits(genres)) {
    for (const [window, weight] of weights.entries()) {
      if (weight === 0) continue;
      const cell = profile.windows[window] as Cell;
      cell.recent ??= {};
      add(cell.genres, genre, amount * part * weight, MAX_GENRES_PER_CELL);
      add(cell.recent, genre, recently * part * weight, MAX_GENRES_PER_CELL);
      cell.credit = Math.max(0, (cell.credit ?? 0) + amount * part * weight);
      cell.recentCredit = Math.max(0, (cell.recentCredit ?? 0) + recently * part * weight);
    }
    if (interaction.platform !== null && gained > 0) {
      profile.platformGenres[interaction.platform] ??= {};
      add(profile.platformGenres[interaction.platform] as Counts, genre, amount * part, MAX_GENRES_PER_CELL);
    }
  }
  if (interaction.platform !== null && gained > 0) add(profile.platforms, interaction.platform, amount, MAX_PLATFORMS);
  for (const platform of Object.keys(profile.platformGenres)) {
    if (!(platform in profile.platforms)) delete profile.platformGenres[platform];
  }
  if (profile.scale > MAX_SCALE) rescale(profile);
  if ((profile.recentScale ?? 1) > MAX_SCALE) rescaleRecent(profile);
}

/** What the profile would have said of the play, before it is learned. */
function tryHabits(profile: Profile, genres: readonly string[], weights: readonly number[]): void {
  const { windows, scale, recentScale = 1 } = profile;
  const cell = windows[weights.indexOf(Math.max(...weights))] as Cell;
  let [steadyOfAll, recentOfAll] = [0, 0];
  for (const { credit: steady = 0, recentCredit = 0 } of windows) {
    steadyOfAll += steady / scale;
    recentOfAll += recentCredit / recentScale;
  }
  if (steadyOfAll <= 0) return;
  const hereOfAll = [(cell.credit ?? 0) / scale, (cell.recentCredit ?? 0) / recentScale];
  const forecasts = genreCredits(genres).map(({ genre, credit: part }) => {
    let [steady, recent] = [0, 0];
    for (const each of windows) {
      steady += (each.genres[genre] ?? 0) / scale;
      recent += (each.recent?.[genre] ?? 0) / recentScale;
    }
    const here = [(cell.genres[genre] ?? 0) / scale, (cell.recent?.[genre] ?? 0) / recentScale];
    return { credit: part, here, hereOfAll, day: [steady, recent], dayOfAll: [steadyOfAll, recentOfAll] };
  });
  profile.trials = tryExperts(profile.trials ?? [], forecasts);
}

function addPresence(profile: Profile, genres: readonly string[], amount: number, weights: readonly number[]): void {
  const present = genresPresent(genres);
  if (present.length === 0) return;
  for (const [window, weight] of weights.entries()) {
    if (weight === 0) continue;
    const cell = profile.windows[window] as Cell;
    cell.weight = (cell.weight ?? 0) + amount * weight;
    cell.presence ??= {};
    for (const genre of present) add(cell.presence, genre, amount * weight, MAX_GENRES_PER_CELL);
  }
}

/** Never below zero; the smallest goes when there are too many. */
function add(counts: Counts, key: string, amount: number, maxKeys: number): void {
  const before = counts[key];
  const sum = (before ?? 0) + amount;
  if (sum > 0) counts[key] = sum;
  else delete counts[key];
  if (before !== undefined || sum <= 0) return;
  const keys = Object.keys(counts);
  if (keys.length <= maxKeys) return;
  const least = keys.reduce((a, b) => ((counts[a] as number) <= (counts[b] as number) ? a : b));
  delete counts[least];
}

function rescale(profile: Profile): void {
  const all = [
    profile.platforms,
    ...profile.windows.map(({ genres }) => genres),
    ...profile.windows.map(({ presence }) => presence ?? {}),
    ...Object.values(profile.platformGenres),
  ];
  for (const counts of all) shrink(counts, profile.scale);
  for (const cell of profile.windows) {
    cell.weight = (cell.weight ?? 0) / profile.scale;
    cell.credit = (cell.credit ?? 0) / profile.scale;
  }
  profile.scale = 1;
}

function rescaleRecent(profile: Profile): void {
  for (const cell of profile.windows) {
    shrink(cell.recent ?? {}, profile.recentScale ?? 1);
    cell.recentCredit = (cell.recentCredit ?? 0) / (profile.recentScale ?? 1);
  }
  profile.recentScale = 1;
}

function shrink(counts: Counts, scale: number): void {
  for (const [key, count] of Object.entries(counts)) {
    if (count / scale < NEGLIGIBLE) delete counts[key];
    else counts[key] = count / scale;
  }
}

/** Titles to resume, the latest first. */
export const unfinished = (profile: Profile): TouchedTitle[] =>
  profile.titles
    .filter(
      ({ progress, verdict }) => progress !== null && progress > 0 && progress < FINISHED_FROM && !isUnwanted(verdict),
    )
    .sort((a, b) => b.at - a.at);

/** Said not to be shown again. */
export const isUnwanted = (verdict: TouchedTitle['verdict']): boolean => verdict === 'dislike' || verdict === 'dismiss';
