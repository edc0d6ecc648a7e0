/** Whether two versions of one platform record are still one title, though its name changed. Pure. */
import type { SourceRecord } from '../../../schema/events/content-sync.ts';
import { fold, wordsOf } from './text.ts';

const LONG_WORD = 5;
/** A film that stays the same may have its year corrected by so much; a remake is further away. */
const MOST_YEARS_APART = 2;

/**
 * A renamed title keeps its people or its description; another title, as a renumbered feed puts it under the same id, shares
 * neither. Not for other pairs of records: two works of one cast are not one work.
 */
export function isSameTitleStill(before: SourceRecord, now: SourceRecord): boolean {
  if (before.type !== now.type) return false;
  const isSameName = before.title === now.title || fold(before.title) === fold(now.title);
  if (isSameName && !isAnotherFilm(before, now)) return true;
  const people = shared(peopleOf(before), peopleOf(now));
  if (people >= (isSameName ? 1 : 2)) return true;
  const [wordsBefore, wordsNow] = [longWords(before), longWords(now)];
  const words = shared(wordsBefore, wordsNow);
  return words >= 4 && words >= Math.min(wordsBefore.size, wordsNow.size) / 2;
}

function isAnotherFilm(before: SourceRecord, now: SourceRecord): boolean {
  if (now.type !== 'movie' || before.releaseYear === null || now.releaseYear === null) return false;
  return Math.abs(before.releaseYear - now.releaseYear) > MOST_YEARS_APART;
}

const peopleOf = ({ cast, directors }: SourceRecord): Set<string> => new Set([...directors, ...cast].map(fold));

const longWords = ({ description }: SourceRecord): Set<string> =>
  new Set(wordsOf(description ?? '').filter((word) => word.length >= LONG_WORD));

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const value of a) if (b.has(value)) count += 1;
  return count;
}
