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

/** What an item score rests on. */
interface Given {
  readonly index: TitleIndex;
  readonly popularity: RowPopularity;
  readonly viewer: Viewer;
  /** Of every title's text to what the viewer watched. */
  readonly likeness: Float32Array;
  readonly neighbours: Neighbours | null;
}

/** By row. `spare`: as long, to be written over. */
export function itemScore(given: Given, spare: Float32Array): Float32Array {
  const { index, popularity, viewer, neighbours } = given;
  const liftOf = overGenres(
    index,
    popularity,
    (genre) => (viewer.taste.genres.get(genre)?.lift ?? 1) * (viewer.windowTaste.genres.get(genre)?.lift ?? 1),
  );
  const score = new Float32Array(index.size);
  for (let row = 0; row < index.size; row += 1) {
    const lift = (liftOf[index.mixOf[row] as number] as number) || NO_GENRE_LIFT;
    score[row] = ((popularity.plays[row] as number) + UNPLAYED) * lift;
  }
  scaleToMass(score);
  if (neighbours === null) return score;
  togetherScore(given, neighbours, spare);
  if (!scaleToMass(spare)) return score;
  for (let row = 0; row < index.size; row += 1) {
    score[row] = (1 - NEIGHBOUR_PART) * (score[row] as number) + NEIGHBOUR_PART * (spare[row] as number);
  }
  return score;
}

function togetherScore(
  { index, popularity, viewer, likeness }: Given,
  { counts, rows }: Neighbours,
  into: Float32Array,
): void {
  into.fill(0);
  for (const { touched, weight } of viewer.history) {
    if (weight > 0) counts.addNeighbours(touched.id, weight, rows, into);
  }
  let [known, alike] = [0, 0];
  for (let row = 0; row < index.size; row += 1) {
    known += into[row] as number;
    alike += Math.max(0, likeness[row] as number);
  }
  if (alike === 0) return;
  for (let row = 0; row < index.size; row += 1) {
    const trust = FEW_PLAYS / (FEW_PLAYS + (popularity.plays[row] as number));
    const borrowed = (Math.max(0, likeness[row] as number) * known) / alike;
    into[row] = (1 - trust) * (into[row] as number) + trust * borrowed;
  }
}

/** So that the sum is 1, in place; false where there is nothing. */
function scaleToMass(part: Float32Array): boolean {
  let sum = 0;
  for (let row = 0; row < part.length; row += 1) sum += part[row] as number;
  if (!(sum > 0)) return false;
  for (let row = 0; row < part.length; row += 1) part[row] = (part[row] as number) / sum;
  return true;
}

/** By mix of genres: the sum of credit times a value per genre; 0 for titles without genres. Far fewer than there are titles. */
export function overGenres(
  { genres, rowGenres, mixRows }: TitleIndex,
  { genreCredits }: RowPopularity,
  worthOf: (genre: string) => number,
): number[] {
  const values = genres.map(worthOf);
  const sums: number[] = [];
  for (const row of mixRows) {
    let sum = 0;
    for (let slot = row * GENRE_SLOTS; slot < (row + 1) * GENRE_SLOTS; slot += 1) {
      const genre = rowGenres[slot] as number;
      if (genre >= 0) sum += (genreCredits[slot] as number) * (values[genre] as number);
    }
    sums.push(sum);
  }
  return sums;
}
