import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { SourceRecord } from '../../../../schema/events/content-sync.ts';
import type { Connector, ReadRow } from '../../../../subgraphs/content/connectors/connector.ts';
import { CONNECTORS, connectorFor } from '../../../../subgraphs/content/connectors/index.ts';
import { describeReal } from '../../../support/real-services.ts';

const HEADER =
  'id,title,type,description,release_year,age_certification,runtime,genres,production_countries,seasons,imdb_id,imdb_score,imdb_votes,tmdb_popularity,tmdb_score';

async function read(connector: Connector, file: AsyncIterable<Uint8Array>): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of connector.read(file)) rows.push(row);
  return rows;
}

const lines = (...rows: readonly string[]): Readable => Readable.from([Buffer.from(rows.join('\n'))]);

test('both ways of writing a row come to the same record, on any platform', async () => {
  const older = `tm1,Rocky,MOVIE,Text,1976,,119,"{'sport', 'drama'}",{'US'},,tt0075148,8.1,588100,106.361,7.782`;
  const newer = `tm1,Rocky,MOVIE,Text,1976,Unknown,119,"['drama', 'sport']",['US'],,tt0075148,8.2,600000,99,7.8`;
  for (const connector of Object.values(CONNECTORS)) {
    const [[a], [b]] = await Promise.all([
      read(connector, lines(HEADER, older)),
      read(connector, lines(HEADER, newer)),
    ]);
    expect(a).toMatchObject({
      ...{ kind: 'accepted', platformId: 'tm1' },
      record: { title: 'Rocky', type: 'movie', genres: ['drama', 'sport'], countries: ['US'], maturityLabel: null },
    });
    expect(a).toMatchObject({ record: { imdbId: 'tt0075148', runtimeMinutes: 119 } });
    expect(b).toEqual(a);
  }
});

test('"Unknown" is an empty cell, but a film of that name is a film', async () => {
  const row = 'tm167232,Unknown,MOVIE,Unknown,2006,Unknown,0,[Unknown],set(),,Unknown,,,,';
  expect(await read(CONNECTORS.netflix, lines(HEADER, row))).toMatchObject([
    {
      kind: 'accepted',
      record: { title: 'Unknown', description: null, genres: [], countries: [], imdbId: null, runtimeMinutes: null },
    },
  ]);
});

test.each([
  ['type is neither MOVIE nor SHOW', 'tm1,A,FILM,,2006,,90,[],[],,,,,,'],
  ['genres is not a list', 'tm1,A,MOVIE,,2006,,90,drama,[],,,,,,'],
  ['genres is not a list', 'tm1,A,MOVIE,,2006,,90,[drama],[],,,,,,'],
  ['imdb_id is not one', 'tm1,A,MOVIE,,2006,,90,[],[],,7.4,,,,'],
  ['impossible year', 'tm1,A,MOVIE,,20210,,90,[],[],,,,,,'],
])('kept aside: %s', async (reason, row) => {
  expect(await read(CONNECTORS.hotstar, lines(HEADER, row))).toMatchObject([{ kind: 'rejected', reason }]);
});

describeReal('the real files', ['CATALOGUE_DIR'], ({ CATALOGUE_DIR }) => {
  const count = async (connector: Connector, name: string): Promise<[read: number, accepted: number]> => {
    const rows = await read(connector, createReadStream(join(CATALOGUE_DIR, name)));
    return [rows.length, rows.filter(({ kind }) => kind === 'accepted').length];
  };

  test.each([
    ['netflix', 'justwatch_netflix_2022-07.csv', 5_850, 5_849], // one has no title
    ['netflix', 'justwatch_netflix_2023-03.csv', 6_137, 6_137],
    ['prime_video', 'justwatch_amazon_2022.csv', 9_871, 9_871],
    ['netflix', 'netflix_titles_2019-11.csv', 5_837, 5_837],
    ['netflix', 'netflix_titles_2020-01.csv', 6_234, 6_234],
    ['netflix', 'netflix_titles_2021-01.csv', 7_787, 7_645],
  ] as const)('%s %s', async (platform, name, rows, accepted) => {
    expect(await count(connectorFor(platform, name), name)).toEqual([rows, accepted]);
  });

  test('of the snapshot with damaged quotes no cell is in another’s column', async () => {
    const file = createReadStream(join(CATALOGUE_DIR, 'netflix_titles_2021-01.csv'));
    const rows = await read(CONNECTORS.netflix, file);
    const reasons = new Set(rows.flatMap((row) => (row.kind === 'rejected' ? [row.reason] : [])));
    expect(
      [...reasons].every((reason) =>
        /^((1[3-9]|2[0-5]) cells instead of 12|damaged quotes in the title)$/.test(reason),
      ),
    ).toBe(true);
    const isWhole = ({ title, description, releaseYear, maturityLabel, runtimeMinutes, seasonCount }: SourceRecord) =>
      !/\\"/.test(title + description) &&
      (releaseYear ?? 0) > 1900 &&
      /^[A-Z0-9-]+$/.test(maturityLabel ?? 'NR') &&
      (runtimeMinutes === null) !== (seasonCount === null);
    expect(rows.filter((row) => row.kind === 'accepted' && !isWhole(row.record))).toEqual([]);
  });

  test('Disney+’s real dump has the twelve columns, too', async () => {
    expect(await count(CONNECTORS.netflix, 'disney_plus_titles.csv')).toEqual([1_450, 1_450]);
  });
});
