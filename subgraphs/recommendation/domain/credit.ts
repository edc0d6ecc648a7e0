/**
 * What a signal of taste changes in a profile's decayed counts: of genres per part of the day, with a long and a short memory, and of
 * platforms. Pure. Counts are kept times a growing scale (cheaper than shrinking all of them at each event), brought back to 1 in time.
 */
import { add, type Counts, shrink } from './counts.ts';
import { type GenreCredit, genreCredits, genresPresent } from './genres.ts';
import { MEMORIES, type Remembered, tryExperts } from './habits.ts';
import type { Cell, Profile } from './profile.ts';
import { mainWindow, type WindowWeights } from './windows.ts';

/** Decay is by credited plays, never by the calendar: a holiday forgets nothing. */
const HALF_LIFE_EVENTS = MEMORIES[0];
const GROWTH = 2 ** (1 / MEMORIES[0]);
const RECENT_GROWTH = 2 ** (1 / MEMORIES[1]);
const MAX_SCALE = 1e6;
const MAX_GENRES_PER_CELL = 48;
const MAX_PLATFORMS = 8;
/** Earlier plays are as good as forgotten by the short memory. */
const MAX_LATEST = 40;

/** A signal of taste, and where it counts. */
export interface Signal {
  /** Below zero: not wanted. Never zero. */
  readonly gained: number;
  /** The title's genres, most telling first. */
  readonly genres: readonly string[];
  readonly platform: string | null;
  readonly weights: WindowWeights;
  /** Plays that came earlier though they are later by their time. */
  readonly lateBy: number;
}

/** Adds it to the profile's counts, after the experts of habits.ts have forecast it. */
export function credit(profile: Profile, { gained, genres, platform, weights, lateBy }: Signal): void {
  const credits = genreCredits(genres);
  const present = genresPresent(genres);
  if (gained > 0) {
    profile.scale *= GROWTH;
    profile.recentScale = (profile.recentScale ?? 1) * RECENT_GROWTH;
  }
  const lateness = 0.5 ** (lateBy / HALF_LIFE_EVENTS);
  const amount = gained * lateness * profile.scale;
  const recently = gained * lateness ** (MEMORIES[0] / MEMORIES[1]) * (profile.recentScale ?? 1);
  if (gained > 0) tryHabits(profile, credits, weights);
  for (let window = 0; window < weights.length; window += 1) {
    const weight = weights[window] as number;
    if (weight === 0) continue;
    const cell = profile.windows[window] as Cell;
    if (gained > 0 && present.length > 0) {
      cell.presence ??= {};
      addPresence(cell.presence, present, amount * weight);
      cell.weight = (cell.weight ?? 0) + amount * weight;
    }
    addCredits(cell, credits, amount, recently, weight);
  }
  if (gained > 0 && present.length > 0) {
    profile.latest ??= [];
    profile.latest.push({ genres: present, gained: recently / (profile.recentScale ?? 1) });
    if (profile.latest.length > MAX_LATEST) profile.latest.shift();
  }
  if (platform !== null && gained > 0) addPlatform(profile, platform, credits, amount);
  if (profile.scale > MAX_SCALE) rescale(profile);
  if ((profile.recentScale ?? 1) > MAX_SCALE) rescaleRecent(profile);
}

type GenreCredits = readonly GenreCredit[];

function addCredits(cell: Cell, credits: GenreCredits, amount: number, recently: number, weight: number): void {
  cell.recent ??= {};
  let parts = 0;
  for (const { genre, credit: part } of credits) {
    add(cell.genres, genre, amount * part * weight, MAX_GENRES_PER_CELL);
    add(cell.recent, genre, recently * part * weight, MAX_GENRES_PER_CELL);
    parts += part;
  }
  cell.credit = Math.max(0, (cell.credit ?? 0) + amount * parts * weight);
  cell.recentCredit = Math.max(0, (cell.recentCredit ?? 0) + recently * parts * weight);
}

function addPresence(presence: Counts, present: readonly string[], amount: number): void {
  for (const genre of present) add(presence, genre, amount, MAX_GENRES_PER_CELL);
}

/** A platform that makes room for another takes its genres along. */
function addPlatform({ platforms, platformGenres }: Profile, platform: string, credits: GenreCredits, amount: number) {
  platformGenres[platform] ??= {};
  const genres = platformGenres[platform] as Counts;
  for (const { genre, credit: part } of credits) add(genres, genre, amount * part, MAX_GENRES_PER_CELL);
  add(platforms, platform, amount, MAX_PLATFORMS);
  for (const known in platformGenres) if (!(known in platforms)) delete platformGenres[known];
}

/** What the profile would have said of the play, before it is learned. */
function tryHabits(profile: Profile, credits: GenreCredits, weights: WindowWeights): void {
  const window = mainWindow(weights);
  const steady = remembered(profile, false, window, credits);
  if (steady.dayOfAll <= 0) return;
  const recent = remembered(profile, true, window, credits);
  const parts = credits.map(({ credit: part }) => part);
  profile.trials = tryExperts(profile.trials ?? [], parts, [steady, recent]);
}

/** What the long or the short memory holds of the play's genres. */
function remembered(profile: Profile, isShort: boolean, window: number, credits: GenreCredits): Remembered {
  const scale = isShort ? (profile.recentScale ?? 1) : profile.scale;
  const here = credits.map(() => 0);
  const day = credits.map(() => 0);
  let [hereOfAll, dayOfAll] = [0, 0];
  for (let w = 0; w < profile.windows.length; w += 1) {
    const cell = profile.windows[w] as Cell;
    const ofAll = ((isShort ? cell.recentCredit : cell.credit) ?? 0) / scale;
    if (ofAll === 0) continue; // nothing was watched then
    dayOfAll += ofAll;
    if (w === window) hereOfAll = ofAll;
    const counts = isShort ? cell.recent : cell.genres;
    for (let i = 0; i < credits.length; i += 1) {
      const count = (counts?.[(credits[i] as GenreCredit).genre] ?? 0) / scale;
      day[i] = (day[i] as number) + count;
      if (w === window) here[i] = count;
    }
  }
  return { here, hereOfAll, day, dayOfAll };
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
  const scale = profile.recentScale ?? 1;
  for (const cell of profile.windows) {
    shrink(cell.recent ?? {}, scale);
    cell.recentCredit = (cell.recentCredit ?? 0) / scale;
  }
  profile.recentScale = 1;
}
