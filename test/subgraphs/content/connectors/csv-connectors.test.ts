import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Connector, ReadRow } from '../../../../subgraphs/content/connectors/connector.ts';
import { hotstar } from '../../../../subgraphs/content/connectors/hotstar.ts';
import { netflix } from '../../../../subgraphs/content/connectors/netflix.ts';
import { primeVideo } from '../../../../subgraphs/content/connectors/prime-video.ts';

const HEADER = 'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description';
const HOTSTAR_HEADER = 'hotstar_id,title,description,genre,year,age_rating,running_time,seasons,episodes,type';

async function read(connector: Connector, ...lines: string[]): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of connector.read(Readable.from([Buffer.from(lines.join('\n'))]))) rows.push(row);
  return rows;
}

const accepted = (fields: object) =>
  expect.objectContaining({ kind: 'accepted', record: expect.objectContaining(fields) });

test('a Netflix row becomes a record', async () => {
  const row =
    's2,TV Show,Blood & Water,,"Ama Qamata, Khosi Ngema",South Africa," September 24, 2021",2021,TV-MA,2 Seasons,"TV Dramas, TV Mysteries","After crossing\npaths"';
  expect(await read(netflix, HEADER, row)).toEqual([
    {
      kind: 'accepted',
      row: 1,
      platformId: 's2',
      version: null,
      snapshotId: null,
      record: {
        ...{ title: 'Blood & Water', type: 'series', alternativeTitles: [], description: 'After crossing\npaths' },
        ...{ releaseYear: 2021, runtimeMinutes: null, seasonCount: 2, genres: ['TV Dramas', 'TV Mysteries'] },
        ...{ cast: ['Ama Qamata', 'Khosi Ngema'], directors: [], countries: ['South Africa'], maturityLabel: 'TV-MA' },
        ...{
          edition: null,
          monetization: 'subscription',
          offerCountries: [],
          availableFrom: null,
          availableUntil: null,
        },
        addedAt: '2021-09-24T00:00:00.000Z',
      },
    },
  ]);
});

test('columns are found by name: an older snapshot has the type last', async () => {
  const header = HEADER.replace('type,', '').concat(',type');
  const [row] = await read(netflix, header, '81193313,Chocolate,,,,,2019,TV-MA,90 min,Dramas,Text,Movie');
  expect(row).toEqual(accepted({ title: 'Chocolate', type: 'movie', runtimeMinutes: 90 }));
});

test.each([
  ['duration in the rating column', 's5542,Movie,Louis C.K. 2017,,,,"April 4, 2017",2017,74 min,,Movies,Text'],
  ['13 cells instead of 12', 's1,Movie,Damaged,,,,,2017,R,74 min,Movies,Text,more'],
  ['3 cells instead of 12', 's1,Movie,Short'],
  ['no title', 's1,Movie,,,,,,2017,R,74 min,Movies,Text'],
  ['no id', ',Movie,Nobody,,,,,2017,R,74 min,Movies,Text'],
  ['impossible year', 's1,Movie,Late,,,,,20210,R,74 min,Movies,Text'],
  ['impossible year', 's1,Movie,Shifted,,,,,R,2017,74 min,Movies,Text'],
  ['type is neither Movie nor TV Show', 's1,Film,Wrong,,,,,2017,R,74 min,Movies,Text'],
  ['duration is neither minutes nor seasons', 's1,Movie,Long,,,,,2017,R,Dramas,Movies,Text'],
  ['date_added is not a date', 's1,Movie,When,,,,soon,2017,R,74 min,Movies,Text'],
  ['damaged characters in the title', 's1,Movie,Am\uFFFDlie,,,,,2017,R,74 min,Movies,Text'],
  ['NUL bytes', 's1,Movie,Nul,,,,,2017,R,74 min,Movies,Te\0xt'],
])('a row is kept aside, as it is: %s', async (reason, line) => {
  const rows = await read(netflix, HEADER, line, 's9,Movie,Good,,,,,2017,R,74 min,Movies,Text');
  expect(rows[0]).toEqual({ kind: 'rejected', row: 1, reason, raw: expect.stringContaining(line) });
  expect(rows[1]).toEqual(accepted({ title: 'Good' }));
  expect(rows).toHaveLength(2);
});

test('a file that ends inside a quoted cell loses its last row only', async () => {
  const rows = await read(
    netflix,
    HEADER,
    's1,Movie,Good,,,,,2017,R,74 min,Movies,Text',
    's2,Movie,Cut,,,,,2017,R,74 min,Movies,"Tex',
  );
  expect(rows.map(({ kind, row }) => [kind, row])).toEqual([
    ['accepted', 1],
    ['rejected', 2],
  ]);
});

test('Prime: a label with commas is one, an edition leaves the title, 0 minutes are unknown', async () => {
  const rows = await read(
    primeVideo,
    HEADER,
    's1,Movie,RRR (Hindi) [4K UHD],,,,,2022,13+,0 min,"Arts, Entertainment, and Culture, Drama",Text',
  );
  expect(rows).toEqual([
    accepted({
      ...{ title: 'RRR', edition: 'Hindi, 4K UHD', runtimeMinutes: null },
      genres: ['Arts, Entertainment, and Culture', 'Drama'],
    }),
  ]);
});

test('Hotstar: minutes of films, seasons of series', async () => {
  const rows = await read(
    hotstar,
    HOTSTAR_HEADER,
    '1660010169,Wall-E,"Alone, on Earth",Animation,2008,U,98,,,movie',
    '12716,Yuva,Text,Drama,2017,U/A 13+,,2,40,tv',
    '1,Odd,Text,Drama,2017,U,long,,,movie',
  );
  expect(rows).toEqual([
    accepted({ type: 'movie', runtimeMinutes: 98, seasonCount: null, genres: ['Animation'], maturityLabel: 'U' }),
    accepted({ type: 'series', runtimeMinutes: null, seasonCount: 2 }),
    expect.objectContaining({ kind: 'rejected', row: 3, reason: 'running_time is not a whole number' }),
  ]);
});

test.each([
  ['another platform’s file', [HOTSTAR_HEADER], /lacks the columns show_id.*has: show_id, type/],
  ['another delimiter', [HEADER.replaceAll(',', ';'), 's1;Movie'], /lacks all columns/],
  ['nothing', [''], /The file is empty/],
  ['a row that never ends', [HEADER, `s1,Movie,"${'x'.repeat(1_100_000)}`], /After row 0 this is not CSV/],
])('refuses %s and says what is needed', async (_, lines, message) => {
  await expect(read(netflix, ...lines)).rejects.toMatchObject({
    name: 'WrongFile',
    message: expect.stringMatching(message),
  });
});

test('reads at the pace of its caller', async () => {
  let produced = 0;
  const source = Readable.from(
    (async function* () {
      yield Buffer.from(`${HEADER}\n`);
      for (; produced < 100_000; produced += 1)
        yield Buffer.from(`s${produced},Movie,T,,,,,2017,R,74 min,Movies,${'x'.repeat(500)}\n`);
    })(),
  );
  const rows = netflix.read(source)[Symbol.asyncIterator]();
  await rows.next();
  expect(produced).toBeLessThan(5_000);
  await rows.return?.();
  expect(source.destroyed).toBe(true);
});
