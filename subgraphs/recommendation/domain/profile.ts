/**
 * What is remembered of one user: decayed genre counts per part of the day, platforms, and the titles they touched. Pure.
 * Bounded: its size does not grow with the number of events. Times: ms since the epoch.
 */
import { genreCredits } from './genres.ts';
import { type Interaction, isPlay, signalOf } from './interaction.ts';
import { localMinutes, windowWeights } from './windows.ts';

/** After so many credited events an event counts half; never by the calendar, so a holiday forgets nothing. */
const HALF_LIFE_EVENTS = 60;
const GROWTH = 2 ** (1 / HALF_LIFE_EVENTS);
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
  /** Decayed credit, times the profile's scale. */
  genres: Counts;
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
  /** In the order of WINDOWS. */
  windows: [Cell, Cell, Cell, Cell];
  platforms: Counts;
  /** Platform to genre to decayed credit. */
  platformGenres: Record<string, Counts>;
  /** What the user said to like. */
  favourites: readonly string[];
  /** Touched longest ago first. */
  titles: TouchedTitle[];
}

const emptyCell = (): Cell => ({ plays: 0, progressSum: 0, genres: {} });

export const emptyProfile = (): Profile => ({
  interactionCount: 0,
  distinctContentCount: 0,
  firstAt: null,
  lastAt: null,
  zone: null,
  scale: 1,
  windows: [emptyCell(), emptyCell(), emptyCell(), emptyCell()],
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
  if (gained > 0) profile.scale *= GROWTH;
  const amount = gained * lateness * profile.scale;
  for (const { genre, credit: part } of genreCredits(genres)) {
    for (const [window, weight] of weights.entries()) {
      if (weight > 0) add((profile.windows[window] as Cell).genres, genre, amount * part * weight, MAX_GENRES_PER_CELL);
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
}

/** Never below zero; the smallest goes when there are too many. */
function add(counts: Counts, key: string, amount: number, maxKeys: number): void {
  const sum = (counts[key] ?? 0) + amount;
  if (sum > 0) counts[key] = sum;
  else delete counts[key];
  const keys = Object.keys(counts);
  if (keys.length <= maxKeys) return;
  const least = keys.reduce((a, b) => ((counts[a] as number) <= (counts[b] as number) ? a : b));
  delete counts[least];
}

function rescale(profile: Profile): void {
  const all = [
    profile.platforms,
    ...profile.windows.map(({ genres }) => genres),
    ...Object.values(profile.platformGenres),
  ];
  for (const counts of all) {
    for (const [key, count] of Object.entries(counts)) {
      if (count / profile.scale < NEGLIGIBLE) delete counts[key];
      else counts[key] = count / profile.scale;
    }
  }
  profile.scale = 1;
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
