/** The twelve columns that the public dumps of Netflix and Prime Video share, in any order. */
import { LABELS_WITH_COMMA } from '../domain/genres.ts';
import { dateCell, durationCell, listCell, ratingCell, textCell, titleCell, yearCell } from './cells.ts';
import { UnusableRow } from './connector.ts';
import type { CsvFormat } from './csv-rows.ts';

const TYPES: Readonly<Record<string, 'movie' | 'series'>> = { Movie: 'movie', 'TV Show': 'series' };

export const twelveColumns: CsvFormat = {
  idColumn: 'show_id',
  columns: [
    ...['show_id', 'type', 'title', 'director', 'cast', 'country'],
    ...['date_added', 'release_year', 'rating', 'duration', 'listed_in', 'description'],
  ],
  meaningOf(cells) {
    const type = TYPES[cells['type'] ?? ''];
    if (!type) throw new UnusableRow('type is neither Movie nor TV Show');
    return {
      platformId: cells['show_id'] ?? '',
      record: {
        type,
        ...titleCell(cells['title']),
        description: textCell(cells['description']),
        releaseYear: yearCell(cells['release_year']),
        ...durationCell(cells['duration']),
        genres: listCell(cells['listed_in'], LABELS_WITH_COMMA),
        cast: listCell(cells['cast']),
        directors: listCell(cells['director']),
        countries: listCell(cells['country']),
        maturityLabel: ratingCell(cells['rating']),
        addedAt: dateCell(cells['date_added']),
      },
    };
  },
};
