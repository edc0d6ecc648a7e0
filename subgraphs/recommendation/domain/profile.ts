/**
 * What is remembered of one user: decayed genre counts per part of the day, platforms, and the titles they touched. Pure.
 * Bounded: its size does not grow with the number of events. Times: ms since the epoch.
 *
 * To be persisted: every field of Profile, Cell and TouchedTitle; nothing else is needed to go on learning or to rank. What a
 * default says anyway may be left out of the stored form (null, 0, false, empty) as long as reading it back restores it.
 * What is optional in Cell and Profile may be missing in documents that are older than it is: it counts as empty.
 */
import type { Counts } from './counts.ts';
import { credit } from './credit.ts';
import { type Interaction, isPlay, signalOf } from './interaction.ts';
import { type TouchedTitle, touch, touchedAfter } from './touched-titles.ts';
import { localMinutes, mainWindow, type WindowWeights, windowWeights } from './windows.ts';

export type { Counts } from './counts.ts';
export { isUnwanted, type TouchedTitle, unfinished } from './touched-titles.ts';

const DAY_MS = 86_400_000;

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

export interface LatestSignal {
  /** All that the title counts as being of. */
  readonly genres: readonly string[];
  /** As of when it came; above 0. */
  readonly gained: number;
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
  /** The latest signals of what is wanted, oldest first: what `presence` would count with the short memory. A few dozen at most. */
  latest?: LatestSignal[];
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
  latest: [],
  windows: [emptyCell(), emptyCell(), emptyCell(), emptyCell()],
  trials: [],
  platforms: {},
  platformGenres: {},
  favourites: [],
  titles: [],
});

/** Where an interaction was local: its own zone, else the user's last, else UTC. */
const zoneOf = (interaction: Interaction, profile: Profile): string => interaction.zone ?? profile.zone ?? 'UTC';

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
  const { at, platform } = interaction;
  const lateBy = at < (profile.lastAt ?? at) ? touchedAfter(profile.titles, at) : 0;
  profile.interactionCount += 1;
  profile.firstAt = Math.min(profile.firstAt ?? at, at);
  profile.lastAt = Math.max(profile.lastAt ?? at, at);
  if (interaction.zone !== null && at === profile.lastAt) profile.zone = interaction.zone;
  const { title, isNew } = touch(profile.titles, interaction);
  if (isNew) profile.distinctContentCount += 1;
  if (!inCatalogue) Object.assign(title, { title: interaction.title ?? undefined, genres });
  const weights = windowWeights(localMinutes(at, zoneOf(interaction, profile)));
  countPlay(profile, title, interaction, weights);
  const gained = gainedBy(title, signalOf(interaction));
  if (gained !== 0) credit(profile, { gained, genres, platform, weights, lateBy });
}

/** One play per title and day; more of the same play raises the part watched. */
function countPlay(profile: Profile, title: TouchedTitle, interaction: Interaction, weights: WindowWeights): void {
  const day = Math.floor(interaction.at / DAY_MS);
  if (day !== title.day) {
    title.day = day;
    title.credit = 0;
    title.window = -1;
    title.counted = 0;
  }
  if (!isPlay(interaction)) return;
  if (title.window < 0) {
    title.window = mainWindow(weights);
    (profile.windows[title.window] as Cell).plays += 1;
  }
  const more = Math.max(0, (interaction.progress ?? 0.5) - title.counted);
  title.counted += more;
  (profile.windows[title.window] as Cell).progressSum += more;
}

/** One credit per title and day: a stronger signal on the same day adds only the difference. */
function gainedBy(title: TouchedTitle, signal: number): number {
  const gained = signal > 0 ? Math.max(0, signal - title.credit) : signal;
  title.credit = Math.max(title.credit, signal);
  return gained;
}
