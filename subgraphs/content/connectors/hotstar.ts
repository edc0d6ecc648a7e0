/** Hotstar's public dump: ten columns, real content ids, one genre, no people and no countries; a year is a first season's. */
import { countCell, listCell, orNull, titleCell, yearCell } from './cells.ts';
import { type Connector, UnusableRow } from './connector.ts';
import { type Cells, csvConnector, type RowMeaning } from './csv-rows.ts';
import { justWatch } from './justwatch.ts';

const COLUMNS: readonly string[] = [
  ...['hotstar_id', 'title', 'description', 'genre', 'year'],
  ...['age_rating', 'running_time', 'seasons', 'episodes', 'type'],
];
const TYPES: Readonly<Record<string, 'movie' | 'series'>> = { movie: 'movie', tv: 'series' };

export const hotstar: Connector = csvConnector({ idColumn: 'hotstar_id', columns: COLUMNS, meaningOf }, justWatch);

function meaningOf(cells: Cells): RowMeaning {
  const type = TYPES[cells['type'] ?? ''];
  if (!type) throw new UnusableRow('type is neither movie nor tv');
  return {
    platformId: cells['hotstar_id'] ?? '',
    record: {
      type,
      ...titleCell(cells['title']),
      description: orNull(cells['description']),
      releaseYear: yearCell(cells['year']),
      runtimeMinutes: type === 'movie' ? countCell(cells['running_time'], 'running_time') : null,
      seasonCount: type === 'series' ? countCell(cells['seasons'], 'seasons') : null,
      genres: listCell(cells['genre']),
      maturityLabel: orNull(cells['age_rating']),
    },
  };
}
