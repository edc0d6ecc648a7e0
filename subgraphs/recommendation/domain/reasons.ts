/**
 * Why a title is offered, in the order of the terms of its actual score. Pure. Nothing is said of a time of day, a habit or a
 * title that the evidence does not carry.
 */
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import { genreInText, genreName } from './genres.ts';
import type { RowPopularity } from './popularity.ts';
import { isTaste, isTimePreference } from './preference.ts';
import type { Scores } from './scoring.ts';
import { cosine, platformBit, type TitleIndex } from './title-index.ts';
import type { HistoryEntry, Viewer } from './viewer.ts';
import { WINDOWS } from './windows.ts';

export interface Reason {
  readonly kind: 'TIME_WINDOW' | 'TASTE' | 'SIMILAR_TITLE' | 'OTHER_PLATFORM' | 'POPULAR' | 'EXPLORE';
  readonly text: string;
  /** 0..1; of a genre: the calibrated probability that the next play is of it. */
  readonly confidence: number;
  readonly genre: string | null;
  readonly contentId: string | null;
}

/** What a ranking rests on. */
export interface Evidence {
  readonly index: TitleIndex;
  readonly popularity: RowPopularity;
  readonly viewer: Viewer;
  readonly scores: Scores;
}

/** Two titles less alike than this share nothing worth naming. */
const MIN_LIKENESS = 0.05;
/** Only the latest titles are named: nobody remembers the others. */
const MAX_ANCHORS = 30;
/** Fewer decayed plays carry no claim of being popular at this time of day. */
const MIN_WINDOW_PLAYS = 5;
/** On the logarithmic scale of popularity, where 1 is the most played. */
const POPULAR_FROM = 0.5;

const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  netflix: 'Netflix',
  prime_video: 'Prime Video',
  hotstar: 'Hotstar',
};
export const platformName = (platform: string): string => PLATFORM_NAMES[platform] ?? genreName(platform);

/** Everything that speaks for a row, the largest term first; never empty. */
export function reasonsFor(evidence: Evidence, row: number): Reason[] {
  const { scores, popularity } = evidence;
  const terms: [number, () => Reason | null][] = [
    [scores.weights[0] * (scores.temporal[row] as number), () => ofTime(evidence, row) ?? ofTaste(evidence, row)],
    [scores.weights[1] * (scores.semantic[row] as number), () => ofLikeness(evidence, row) ?? ofTaste(evidence, row)],
    [
      scores.weights[2] * (scores.discovery[row] as number),
      () =>
        (popularity.overall[row] as number) < (scores.platformBonus[row] as number) ? ofPlatform(evidence, row) : null,
    ],
  ];
  const found: Reason[] = [];
  for (const [term, reason] of terms.sort((a, b) => b[0] - a[0])) {
    const next = term > 0 ? (reason() ?? ofPopularity(evidence, row)) : null;
    if (next !== null && !found.some(({ kind }) => kind === next.kind)) found.push(next);
  }
  return found.length > 0 ? found : [ofPopularity(evidence, row) ?? EXPLORE];
}

const EXPLORE: Reason = { kind: 'EXPLORE', text: 'Something new to try', confidence: 0, genre: null, contentId: null };

/** Why a genre is tried. */
export const exploring = ({ viewer }: Evidence, genre: string): Reason => ({
  ...EXPLORE,
  text: `Something new to try: ${genreInText(genre)}`,
  confidence: viewer.windowTaste.genres.get(genre)?.probability ?? 0,
  genre,
});

function ofTime({ index, viewer, scores }: Evidence, row: number): Reason | null {
  if ((scores.boost[row] as number) <= 1) return null;
  const genre = genresOf(index, row).find((candidate) => isTimePreference(viewer.windowTaste, candidate));
  if (genre === undefined) return null;
  const text = `Matches your ${viewer.window.toLowerCase()} preference for ${genreInText(genre)}`;
  const confidence = viewer.windowTaste.genres.get(genre)?.probability ?? 0;
  return { kind: 'TIME_WINDOW', text, confidence, genre, contentId: null };
}

function ofTaste({ index, viewer }: Evidence, row: number): Reason | null {
  const genre = genresOf(index, row).find((candidate) => isTaste(viewer.taste, candidate));
  if (genre === undefined) return null;
  const watched = viewer.profile.windows.some((cell) => (cell.genres[genre] ?? 0) > 0);
  const text = watched ? `You often watch ${genreInText(genre)}` : `You named ${genreInText(genre)} a favourite`;
  return { kind: 'TASTE', text, confidence: viewer.taste.genres.get(genre)?.probability ?? 0, genre, contentId: null };
}

/** The latest titles that may be named, liked or watched. */
export const anchorsOf = (viewer: Viewer): (HistoryEntry & { readonly row: number })[] =>
  viewer.history
    .filter(
      (entry): entry is HistoryEntry & { readonly row: number } =>
        entry.row !== null && entry.weight > 0 && (entry.touched.watched || entry.touched.verdict === 'like'),
    )
    .slice(0, MAX_ANCHORS);

function ofLikeness({ index, viewer }: Evidence, row: number): Reason | null {
  let [best, likeness, worth] = [null as (HistoryEntry & { row: number }) | null, 0, 0];
  for (const anchor of anchorsOf(viewer)) {
    if (anchor.row === row) continue;
    const alike = cosine(index, anchor.row, row);
    if (alike >= MIN_LIKENESS && alike * anchor.weight > worth)
      [best, likeness, worth] = [anchor, alike, alike * anchor.weight];
  }
  return best === null ? null : becauseOf(index, best, likeness);
}

/** "Because you watched …" */
export function becauseOf(
  index: TitleIndex,
  anchor: HistoryEntry & { readonly row: number },
  likeness: number,
): Reason {
  const work = index.works[anchor.row];
  const text = `Because you ${anchor.touched.watched ? 'watched' : 'liked'} ${work?.title ?? ''}`;
  return { kind: 'SIMILAR_TITLE', text, confidence: Math.min(1, likeness), genre: null, contentId: work?.id ?? null };
}

/** A platform where the viewer has not watched the title's first genre, though elsewhere they have. */
function ofPlatform({ index, viewer }: Evidence, row: number): Reason | null {
  const { platformGenres } = viewer.profile;
  const [genre] = genresOf(index, row);
  if (genre === undefined || !Object.values(platformGenres).some((counts) => (counts[genre] ?? 0) > 0)) return null;
  const platforms = PLATFORMS.filter((each) => ((viewer.open[row] as number) & platformBit(each)) !== 0);
  const [platform] = platforms;
  if (platform === undefined || platforms.some((each) => (platformGenres[each]?.[genre] ?? 0) > 0)) return null;
  const text = `More ${genreInText(genre)}, on ${platformName(platform)}`;
  return { kind: 'OTHER_PLATFORM', text, confidence: 0.5, genre, contentId: null };
}

function ofPopularity({ popularity, viewer }: Evidence, row: number): Reason | null {
  const overall = popularity.overall[row] as number;
  if (overall < POPULAR_FROM) return null;
  const window = WINDOWS.indexOf(viewer.window);
  const here = popularity.windowPlays[window]?.[row] ?? 0;
  const all = popularity.windowPlays.reduce((sum, plays) => sum + (plays[row] as number), 0);
  const atThisTime = here >= MIN_WINDOW_PLAYS && here > all / 2;
  const when = viewer.window === 'NIGHT' ? 'at night' : `in the ${viewer.window.toLowerCase()}`;
  return {
    kind: 'POPULAR',
    text: atThisTime ? `Popular ${when}` : 'Popular now',
    confidence: overall,
    genre: null,
    contentId: null,
  };
}

const genresOf = (index: TitleIndex, row: number): readonly string[] => index.works[row]?.genres.slice(0, 3) ?? [];
