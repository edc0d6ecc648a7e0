/** What happened between a user and the titles they touched; so many of the latest are remembered. Pure. Times: ms since the epoch. */
import { type Interaction, isPlay } from './interaction.ts';

const MAX_TITLES = 1_000;
/** From here on a title is finished. */
const FINISHED_FROM = 0.95;

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

/**
 * The title's entry, made the last of `titles`; what the interaction says of its state is noted unless something later is known.
 * Cost: linear in titles.
 */
export function touch(titles: TouchedTitle[], interaction: Interaction): { title: TouchedTitle; isNew: boolean } {
  const { type, contentId, at, progress, positionMs, durationMs, platform } = interaction;
  let place = titles.length - 1;
  while (place >= 0 && (titles[place] as TouchedTitle).id !== contentId) place -= 1;
  const isNew = place < 0;
  const title = isNew ? newTitle(contentId) : (titles[place] as TouchedTitle);
  if (isNew || place < titles.length - 1) {
    if (!isNew) titles.splice(place, 1);
    titles.push(title);
    if (titles.length > MAX_TITLES) titles.shift();
  }
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
  return { title, isNew };
}

/** How many were last touched after the moment. */
export function touchedAfter(titles: readonly TouchedTitle[], at: number): number {
  let later = 0;
  for (const title of titles) if (title.at > at) later += 1;
  return later;
}

/** Titles to resume, the latest first. `workOf`: what has become of a title; of those that became one, the one touched last counts. */
export function unfinished(
  { titles }: { readonly titles: readonly TouchedTitle[] },
  workOf: (id: string) => string | number,
): TouchedTitle[] {
  const latest = new Map(titles.map((title) => [workOf(title.id), title]));
  return [...latest.values()]
    .filter(
      ({ progress, verdict }) => progress !== null && progress > 0 && progress < FINISHED_FROM && !isUnwanted(verdict),
    )
    .sort((a, b) => b.at - a.at);
}

/** Said not to be shown again. */
export const isUnwanted = (verdict: TouchedTitle['verdict']): boolean => verdict === 'dislike' || verdict === 'dismiss';
