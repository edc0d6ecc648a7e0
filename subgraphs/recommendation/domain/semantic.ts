/**
 * How like every title is to what the viewer watched: by the cosine of weighted words, or of sentence embeddings where a model is
 * configured. Pure. Rows are those of the title index.
 */
import { addRow, addText, cosines, GENRE_SLOTS, type TermVector, type TitleIndex } from './title-index.ts';
import type { Viewer } from './viewer.ts';

/** A vector of length 1 per row, one after the other; zeros where a title has none yet. */
export interface RowVectors {
  readonly width: number;
  readonly values: Float32Array;
}

/** Below zero: unlike. `vectors` null: by words. */
export function likenessToTaste(index: TitleIndex, viewer: Viewer, vectors: RowVectors | null): Float32Array {
  return (vectors && byVectors(index, viewer, vectors)) ?? cosines(index, wordsOf(index, viewer));
}

/** The terms of what the viewer watched. */
function wordsOf(index: TitleIndex, viewer: Viewer): TermVector {
  const vector: TermVector = new Map();
  for (const { touched, row, weight } of viewer.history) {
    if (weight === 0) continue;
    if (row !== null) addRow(index, row, weight, vector);
    else addText(index, touched.title ?? null, touched.genres ?? [], weight, vector);
  }
  addText(index, null, viewer.profile.favourites.slice(0, GENRE_SLOTS), 1, vector);
  return vector;
}

/** Null where none of what the viewer watched has a vector: words may know more. */
function byVectors({ size }: TitleIndex, viewer: Viewer, { width, values }: RowVectors): Float32Array | null {
  const taste = new Float32Array(width);
  for (const { row, weight } of viewer.history) {
    if (row === null) continue;
    for (let i = 0; i < width; i += 1) taste[i] = (taste[i] as number) + weight * (values[row * width + i] as number);
  }
  const length = Math.hypot(...taste);
  if (length === 0) return null;
  const found = new Float32Array(size);
  for (let row = 0; row < size; row += 1) {
    let dot = 0;
    for (let i = 0; i < width; i += 1) dot += (taste[i] as number) * (values[row * width + i] as number);
    found[row] = dot / length;
  }
  return found;
}
