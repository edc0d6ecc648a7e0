/** Moods of a work, each with the reason; the tables are schema/data/moods.json. Pure. */
import table from '../../../schema/data/moods.json' with { type: 'json' };
import { wordsOf } from './text.ts';

export interface Mood {
  readonly tag: string;
  /** `genre:thriller` or `word:murder`: what it was derived from. */
  readonly because: readonly string[];
}

const BY_GENRE = new Map<string, readonly string[]>(Object.entries(table.genres));
const BY_WORD = Object.entries(table.words);
const MOST_MOODS = 6;

/** At most six moods, those with most reasons first. A word counts where it begins a word of the description. */
export function moodsOf(genres: readonly string[], description: string | null): Mood[] {
  const reasons = new Map<string, Set<string>>();
  const note = (tags: readonly string[], reason: string): void => {
    for (const tag of tags) reasons.set(tag, (reasons.get(tag) ?? new Set()).add(reason));
  };
  for (const genre of genres) note(BY_GENRE.get(genre) ?? [], `genre:${genre}`);
  for (const word of new Set(wordsOf(description ?? ''))) {
    for (const [stem, tags] of BY_WORD) if (word.startsWith(stem)) note(tags, `word:${word}`);
  }
  return [...reasons]
    .sort(([, a], [, b]) => b.size - a.size)
    .slice(0, MOST_MOODS)
    .map(([tag, because]) => ({ tag, because: [...because] }));
}
