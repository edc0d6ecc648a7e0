/**
 * Has the first reasons of a page worded by the reason writer. Only what a model can say truly without knowing the person: why a
 * title is like another, or of a genre; what is said of times of day and of popularity stays as the evidence has it.
 */
import type { Catalogue } from '../domain/catalogue.ts';
import { genreName } from '../domain/genres.ts';
import type { RankedTitle } from '../domain/ranking.ts';
import type { ReasonWriter, TitleFacts } from './reason-writer.ts';

/** Of a page: who scrolls further down reads no reasons, and each costs a request. */
const WORDED = 5;

/** The same titles in the same order. Waits no longer than the writer does for one reason. */
export const wordReasons = (
  writer: ReasonWriter,
  catalogue: Catalogue,
  page: readonly RankedTitle[],
): Promise<RankedTitle[]> =>
  Promise.all(page.map((title, place) => (place < WORDED ? wordReason(writer, catalogue, title) : title)));

async function wordReason(writer: ReasonWriter, catalogue: Catalogue, title: RankedTitle): Promise<RankedTitle> {
  const [first, ...others] = title.reasons;
  if (first === undefined || (first.kind !== 'SIMILAR_TITLE' && first.kind !== 'TASTE')) return title;
  const recommended = factsOf(catalogue, title.contentId);
  const because = first.contentId === null ? null : factsOf(catalogue, first.contentId);
  if (recommended === null || (first.kind === 'SIMILAR_TITLE' && because === null)) return title;
  const text = await writer.reason({ recommended, because, template: first.text });
  return { ...title, reason: text, reasons: [{ ...first, text }, ...others] };
}

function factsOf(catalogue: Catalogue, id: string): TitleFacts | null {
  const work = catalogue.find(id);
  return work === undefined ? null : { title: work.title, genres: work.genres.map(genreName) };
}
