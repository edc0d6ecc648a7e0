/** Titles like another, the same for everybody. Pure. */
import { likenessTo } from './home.ts';
import type { TitleIndex } from './title-index.ts';
import { topRows } from './top-rows.ts';

const MIN_LIKENESS = 0.02;
const MAX_BECAUSE = 5;

export interface SimilarTitle {
  readonly contentId: string;
  readonly similarity: number;
  /** What they share, most telling first. */
  readonly because: readonly string[];
}

/** Most alike first, of those with an offer that is open (`open`: bits as of OpenOffers); empty for a title that is not in the index. */
export function similarTitles(index: TitleIndex, open: Uint8Array, contentId: string, first: number): SimilarTitle[] {
  const own = index.rowOf.get(contentId);
  if (own === undefined) return [];
  const likeness = likenessTo(index, own);
  const rows = topRows(index.size, first, (row) => {
    const alike = likeness[row] as number;
    return row === own || alike < MIN_LIKENESS || open[row] === 0 ? Number.NaN : alike;
  });
  return rows.map((row) => ({
    contentId: index.works[row]?.id ?? '',
    similarity: Math.min(1, likeness[row] as number),
    because: sharedTerms(index, own, row),
  }));
}

function sharedTerms(index: TitleIndex, a: number, b: number): string[] {
  const weights = new Map<number, number>();
  for (let i = index.start[a] as number; i < (index.start[a + 1] as number); i += 1) {
    weights.set(index.terms[i] as number, index.weights[i] as number);
  }
  const shared: { term: number; worth: number }[] = [];
  for (let i = index.start[b] as number; i < (index.start[b + 1] as number); i += 1) {
    const term = index.terms[i] as number;
    const weight = weights.get(term);
    if (weight !== undefined) shared.push({ term, worth: weight * (index.weights[i] as number) });
  }
  return shared
    .sort((x, y) => y.worth - x.worth || x.term - y.term)
    .slice(0, MAX_BECAUSE)
    .map(({ term }) => index.vocabulary.textOf(term));
}
