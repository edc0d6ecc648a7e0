/** Canonical genres: ids, names (schema/data/genres.json), and how much a title's genres count by their place. Pure. */
import table from '../../../schema/data/genres.json' with { type: 'json' };

const NAMES: ReadonlyMap<string, string> = new Map(table.genres.map(({ id, name }) => [id, name]));

/**
 * A producer's label as an id of ours: `Sci-Fi` becomes `sci_fi`, `Prime Video` `prime_video`. Safe as a key of an object and of
 * a stored document. Empty where nothing of the label is usable.
 */
export function labelId(label: string): string {
  const id = label
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .slice(0, 40)
    .replaceAll(/^_+|_+$/g, '');
  return id === 'constructor' ? '' : id; // the one such word that every object has
}

/** For people to read; a genre that is not of the table is spelled as its id: `space_opera` becomes `Space Opera`. */
export function genreName(id: string): string {
  const words = id.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return NAMES.get(id) ?? words.join(' ');
}

/** In a sentence: `comedy`, `sci-fi`. */
export const genreInText = (id: string): string => (id === 'lgbtq' ? 'LGBTQ' : genreName(id).toLowerCase());

/** Only the first few genres tell what a title is; more would make long lists louder. */
export const MAX_GENRES = 3;

export interface GenreCredit {
  readonly genre: string;
  readonly credit: number;
}

/** Of the lists asked about: a work's is asked about at each of its plays. */
const knownCredits = new WeakMap<readonly string[], readonly GenreCredit[]>();

/** Credit by place: 1, 1/2, 1/3. A title's first genre counts as much as one that stands alone. The list must not change after. */
export function genreCredits(genres: readonly string[]): readonly GenreCredit[] {
  let credits = knownCredits.get(genres);
  if (credits === undefined) {
    const told = [...new Set(genres)].slice(0, MAX_GENRES);
    credits = told.map((genre, place) => ({ genre, credit: 1 / (place + 1) }));
    knownCredits.set(genres, credits);
  }
  return credits;
}

/** More than that many genres on a title say nothing more. */
const MAX_PRESENT = 8;

const knownPresent = new WeakMap<readonly string[], readonly string[]>();

/** All genres that a title counts as being of, the main one first. The list must not change after. */
export function genresPresent(genres: readonly string[]): readonly string[] {
  let present = knownPresent.get(genres);
  if (present === undefined) {
    present = [...new Set(genres)].slice(0, MAX_PRESENT);
    knownPresent.set(genres, present);
  }
  return present;
}
