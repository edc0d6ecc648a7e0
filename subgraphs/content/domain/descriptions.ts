/**
 * How much two descriptions tell the same story: words that few descriptions have count, others hardly. Words of the title do
 * not, because whoever compares knows already that the titles are alike. The table is schema/data/common-words.json. Pure.
 */
import table from '../../../schema/data/common-words.json' with { type: 'json' };
import { ascending, fingerprint, shared } from './fingerprints.ts';
import { wordsOf } from './text.ts';

const VERY_COMMON = new Set(table.veryCommon.split(' '));
const COMMON = new Set(table.common.split(' '));
const SHORTEST_WORD = 3;
const COMMON_COUNTS = 0.5;

/** A word without the commonest endings: `fights` and `fighting` are `fight`. */
export function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ings?|ed|es|s)$/, '') : word;
}

/** Fingerprints of the telling words, ascending; the last bit says that a word is rare. */
export function tellingWords(description: string, title: string): number[] {
  const known = new Set(wordsOf(title).map(stem));
  const words = wordsOf(description)
    .filter((word) => word.length >= SHORTEST_WORD)
    .map(stem)
    .filter((word) => !VERY_COMMON.has(word) && !known.has(word));
  return ascending(words.map((word) => (fingerprint(word) & ~1) | (COMMON.has(word) ? 0 : 1)));
}

/** How many telling words two descriptions share; a common one counts half. */
export function sharedStory(a: readonly number[], b: readonly number[]): number {
  return shared(a, b).reduce((sum, print) => sum + (print & 1 ? 1 : COMMON_COUNTS), 0);
}
