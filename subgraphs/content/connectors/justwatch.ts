/**
 * The JustWatch dumps: fifteen columns, one form for every platform; ids (`tm…`, `ts…`) are JustWatch's own and stable. Lists are
 * Python's, as a set in the older files and as a list in the newer; neither has an order, so they are put in one. "Unknown"
 * stands for an empty cell, but in `title`: there is a film of that name. Scores and votes are not taken over.
 */
import { countCell, orNull, titleCell, yearCell } from './cells.ts';
import { UnusableRow } from './connector.ts';
import type { Cells, CsvFormat } from './csv-rows.ts';

const TYPES: Readonly<Record<string, 'movie' | 'series'>> = { MOVIE: 'movie', SHOW: 'series' };

export const justWatch: CsvFormat = {
  idColumn: 'id',
  columns: [
    ...['id', 'title', 'type', 'description', 'release_year', 'age_certification', 'runtime', 'genres'],
    ...['production_countries', 'seasons', 'imdb_id', 'imdb_score', 'imdb_votes', 'tmdb_popularity', 'tmdb_score'],
  ],
  meaningOf(cells) {
    const type = TYPES[cells['type'] ?? ''];
    if (!type) throw new UnusableRow('type is neither MOVIE nor SHOW');
    const imdbId = known(cells, 'imdb_id');
    if (imdbId !== '' && !/^tt\d{5,10}$/.test(imdbId)) throw new UnusableRow('imdb_id is not one');
    return {
      platformId: cells['id'] ?? '',
      record: {
        type,
        ...titleCell(cells['title']),
        description: orNull(known(cells, 'description')),
        releaseYear: yearCell(known(cells, 'release_year')),
        runtimeMinutes: countCell(known(cells, 'runtime'), 'runtime'),
        seasonCount: countCell(known(cells, 'seasons'), 'seasons'),
        genres: pythonList(cells['genres'], 'genres'),
        countries: pythonList(cells['production_countries'], 'production_countries'),
        maturityLabel: orNull(known(cells, 'age_certification')),
        imdbId: orNull(imdbId),
      },
    };
  },
};

function known(cells: Cells, column: string): string {
  const cell = cells[column] ?? '';
  return cell === 'Unknown' ? '' : cell;
}

/** `{'a', 'b'}`, `['a', 'b']`, `set()` or `[Unknown]`; ascending, each once. */
function pythonList(cell: string | undefined, column: string): string[] {
  if (!cell || /^(?:set\(\)|\[\]|\{\}|\[?Unknown\]?)$/.test(cell)) return [];
  const inner = /^[[{](.*)[\]}]$/s.exec(cell)?.[1];
  if (inner === undefined) throw new UnusableRow(`${column} is not a list`);
  const values = inner.split(',').map((part) => /^\s*(['"])(.*)\1\s*$/s.exec(part)?.[2]);
  if (values.includes(undefined)) throw new UnusableRow(`${column} is not a list`);
  return [...new Set(values as string[])].sort();
}
