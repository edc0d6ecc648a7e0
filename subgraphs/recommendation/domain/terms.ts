/** What a work's text says, as weighted terms: title, genres, moods, people and description. Pure. */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { genreName, MAX_GENRES } from './genres.ts';

export interface Term {
  /** `kind:text`, folded to lower case. */
  readonly key: string;
  /** For people to read. */
  readonly text: string;
  /** How much the field counts, times how often the term occurs. */
  readonly weight: number;
}

const FIELD_WEIGHTS = { genre: 2, mood: 1.5, person: 1.2, title: 1.5, description: 1 } as const;
const MAX_DESCRIPTION_WORDS = 40;
const MAX_CAST = 6;

/** English function words: they occur everywhere and mean nothing for taste. */
const STOP_WORDS = new Set(
  `about above after again against all also although among and another any are around back because been before being below
  between both but can come could did does down during each even every few find first for from get gets had has have having
  her here hers herself him himself his how however into its itself just like make makes many may more most much must
  near new not now off old once one only onto other our out over own same she should some such take takes than that the
  their them themselves then there these they this those through too two under until upon very was way were what when
  where which while who whom whose why will with within without would year years you your`.split(/\s+/),
);

const IS_ASCII = /^[ -~\s]*$/; // most text: nothing to normalise

/** Lower-case words of three letters or more, without function words. */
export function words(text: string): string[] {
  const plain = IS_ASCII.test(text) ? text : text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const found = plain.toLowerCase().match(/[\p{L}\p{N}]{3,30}/gu) ?? [];
  return found.filter((word) => !STOP_WORDS.has(word));
}

/** Of a title that is known only from an event. */
export function termsOfText(title: string | null, genres: readonly string[]): Term[] {
  return [
    ...genres.slice(0, MAX_GENRES).map((genre) => genreTerm(genre)),
    ...words(title ?? '').map((word) => ({ key: `word:${word}`, text: word, weight: FIELD_WEIGHTS.title })),
  ];
}

const genreTerm = (genre: string): Term => ({
  key: `genre:${genre}`,
  text: genreName(genre),
  weight: FIELD_WEIGHTS.genre,
});

/** A term may come more than once: from the title and the description. */
export function termsOf(work: WorkSummary): Term[] {
  const moods = work.moodTags.map((mood) => ({
    key: `mood:${mood.toLowerCase()}`,
    text: mood,
    weight: FIELD_WEIGHTS.mood,
  }));
  const people = [...new Set([...work.directors, ...work.cast.slice(0, MAX_CAST)])].map((name) => ({
    key: `person:${name.toLowerCase()}`,
    text: name,
    weight: FIELD_WEIGHTS.person,
  }));
  const told = words(work.description ?? '').slice(0, MAX_DESCRIPTION_WORDS);
  return [
    ...work.genres.map((genre) => genreTerm(genre)),
    ...termsOfText(work.title, []),
    ...moods,
    ...people,
    ...told.map((word) => ({ key: `word:${word}`, text: word, weight: FIELD_WEIGHTS.description })),
  ];
}
