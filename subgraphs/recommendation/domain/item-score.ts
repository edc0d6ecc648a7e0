/**
 * How probable a title is to be the viewer's next at this time, as parts of two masses of 1: plays of everybody, times how much
 * more than everybody the viewer watches its genres now; and what those watched who watched the same titles. Pure. Rows are those
 * of the title index.
 */
import type { RowPopularity } from './popularity.ts';
import type { Neighbours } from './snapshot.ts';
import { GENRE_SLOTS, type TitleIndex } from './title-index.ts';
import type { Viewer } from './viewer.ts';

/** Of the item score: what people with the same titles watched; the rest is what is played of the viewer's genres. */
const NEIGHBOUR_PART = 0.2;
/** A title nobody has played yet counts as this many plays, so that taste can tell such titles apart. */
const UNPLAYED = 0.25;
/** A title with so many plays rests half on its own neighbours, half on those of titles with a like text. */
const FEW_PLAYS = 2;
/** A title without genres: like one the viewer watches less than others do. */
const NO_GENRE_LIFT = 0.5;

/** `likeness`: of every title's text to what the viewer watched. */
export function itemScore(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  likeness: Float32Array,
  neighbours: Neighbours | null,
): Float32Array {
  const lift = index.genres.map(
    (genre) => (viewer.taste.genres.get(genre)?.lift ?? 1) * (viewer.windowTaste.genres.get(genre)?.lift ?? 1),
  );
  const score = perRow(
    index,
    (row) =>
      ((popularity.plays[row] as number) + UNPLAYED) * (overGenres(index, popularity, row, lift) || NO_GENRE_LIFT),
  );
  scaleToMass(score);
  if (neighbours === null) return score;
  const together = togetherScore(index, popularity, viewer, likeness, neighbours);
  if (!scaleToMass(together)) return score;
  return perRow(
    index,
    (row) => (1 - NEIGHBOUR_PART) * (score[row] as number) + NEIGHBOUR_PART * (together[row] as number),
  );
}

function togetherScore(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  likeness: Float32Array,
  { counts, rows }: Neighbours,
): Float32Array {
  const score = new Float32Array(index.size);
  for (const { touched, weight } of viewer.history) {
    if (weight > 0) counts.addNeighbours(touched.id, weight, rows, score);
  }
  let [known, alike] = [0, 0];
  for (let row = 0; row < index.size; row += 1) {
    known += score[row] as number;
    alike += Math.max(0, likeness[row] as number);
  }
  if (alike === 0) return score;
  for (let row = 0; row < index.size; row += 1) {
    const trust = FEW_PLAYS / (FEW_PLAYS + (popularity.plays[row] as number));
    const borrowed = (Math.max(0, likeness[row] as number) * known) / alike;
    score[row] = (1 - trust) * (score[row] as number) + trust * borrowed;
  }
  return score;
}

/** So that the sum is 1, in place; false where there is nothing. */
function scaleToMass(part: Float32Array): boolean {
  let sum = 0;
  for (let row = 0; row < part.length; row += 1) sum += part[row] as number;
  if (!(sum > 0)) return false;
  for (let row = 0; row < part.length; row += 1) part[row] = (part[row] as number) / sum;
  return true;
}

/** Some ten times as fast as `Float32Array.from` with a function. */
export function perRow({ size }: TitleIndex, computed: (row: number) => number): Float32Array {
  const values = new Float32Array(size);
  for (let row = 0; row < size; row += 1) values[row] = computed(row);
  return values;
}

/** Sum over a row's genres of credit times a value per genre; 0 for a title without genres. */
export function overGenres(
  { rowGenres }: TitleIndex,
  { genreCredits }: RowPopularity,
  row: number,
  values: readonly number[],
): number {
  let total = 0;
  for (let slot = row * GENRE_SLOTS; slot < (row + 1) * GENRE_SLOTS; slot += 1) {
    const genre = rowGenres[slot] as number;
    if (genre >= 0) total += (genreCredits[slot] as number) * (values[genre] as number);
  }
  return total;
}
