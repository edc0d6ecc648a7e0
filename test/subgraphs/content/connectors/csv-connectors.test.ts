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

const rawOf = (row: ReadRow | undefined): string => (row?.kind === 'rejected' ? row.raw.toString() : '');

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
        imdbId: null,
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
  expect(rows[0]).toMatchObject({ kind: 'rejected', row: 1, reason, isCut: false });
  expect(rawOf(rows[0])).toBe(`${line}\n`);
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
  expect(rows).toMatchObject([
    { kind: 'accepted', row: 1 },
    { kind: 'rejected', row: 2, reason: 'the file ends inside a quoted cell', isCut: true, platformId: 's2' },
  ]);
});

test('a quote that is never closed costs its own line, not the file', async () => {
  const good = (id: string): string => `${id},Movie,Good,,"A, B",,,2017,R,74 min,Movies,Text`;
  const rows = await read(
    netflix,
    HEADER,
    good('s1'),
    's2,Movie,"Runaway,,,,,2017,R,74 min,Movies,Text',
    good('s3'),
    good('s4'),
  );
  expect(rows.map((row) => [row.kind, row.platformId])).toEqual([
    ['accepted', 's1'],
    ['rejected', 's2'],
    ['accepted', 's3'],
    ['accepted', 's4'],
  ]);
  expect(rawOf(rows[1])).toContain('s2,Movie,"Runaway');
});

test('a description with backslash quotes, as the dump of 2021-01 has them, reads well', async () => {
  const row = 's1,Movie,Good,,,,,2017,R,74 min,Movies,"A \\"\\"do-over\\"\\" – and more, says \\"\\"Roxbury.\\"\\""';
  const [broken] = await read(netflix, HEADER, row);
  expect(broken).toMatchObject({ kind: 'rejected', reason: '13 cells instead of 12' });
  const [whole] = await read(netflix, HEADER, row.replace('more,', 'more'));
  expect(whole).toEqual(accepted({ description: 'A "do-over" – and more says "Roxbury."' }));
});

test('a file in another encoding loses the rows that show it', async () => {
  const lines = [
    HEADER,
    's1,Movie,Amélie,,,,,2001,R,74 min,Movies,Text',
    's2,Movie,Good,,,,,2017,R,74 min,Movies,Text',
  ];
  const rows: ReadRow[] = [];
  for await (const row of netflix.read(Readable.from([Buffer.from(lines.join('\n'), 'latin1')]))) rows.push(row);
  expect(rows).toMatchObject([
    { kind: 'rejected', row: 1, reason: 'characters that are not UTF-8', platformId: 's1' },
    { kind: 'accepted', row: 2, platformId: 's2' },
  ]);
});

test('a line of 100 MB is passed over in little memory, and the rest goes in', async () => {
  const megabyte = Buffer.alloc(1_000_000, 'x');
  let mostHeldBytes = 0;
  async function* file(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${HEADER}\ns1,Movie,Good,,,,,2017,R,74 min,Movies,Text\ns2,Movie,"Long`);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i += 1) {
      yield megabyte;
      mostHeldBytes = Math.max(mostHeldBytes, process.memoryUsage().arrayBuffers - before);
    }
    yield Buffer.from('\ns3,Movie,Good,,,,,2017,R,74 min,Movies,Text\n');
  }
  const rows: ReadRow[] = [];
  for await (const row of netflix.read(file())) rows.push(row);
  expect(rows).toMatchObject([
    { kind: 'accepted', row: 1, platformId: 's1' },
    { kind: 'rejected', row: 2, reason: 'a row longer than 1,000,000 bytes', isCut: false },
    { kind: 'accepted', row: 3, platformId: 's3' },
  ]);
  expect(Buffer.byteLength(rawOf(rows[1]))).toBe(100_000);
  expect(mostHeldBytes).toBeLessThan(60_000_000);
});

test('a file of nothing but opened quotes is read in bounded time, each line once', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `s${i},"`);
  const rows = await read(netflix, HEADER, ...lines);
  expect(rows).toHaveLength(20_000);
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['rejected']));
});

test('what came before a source fails is handed over, the row under way is not', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.from(
      `${HEADER}\ns1,Movie,Good,,,,,2017,R,74 min,Movies,Text\ns2,Movie,Whole?,,,,,2017,R,74 min,Movies,Te`,
    );
    throw new Error('cut off');
  }
  const rows: ReadRow[] = [];
  const reading = async (): Promise<void> => {
    for await (const row of netflix.read(failing())) rows.push(row);
  };
  await expect(reading()).rejects.toThrow('cut off');
  expect(rows).toMatchObject([{ kind: 'accepted', platformId: 's1' }]);
});

test('any way of cutting the bytes gives the same rows', async () => {
  const text = `\uFEFF${HEADER}\r\n\r\ns1,Movie,"A ""B"", C",,"É, ü",,,2017,R,74 min,Movies,"Two\nlines"\r\ns2,Movie,D,,,,,2017,R,74 min,Movies,`;
  const whole = await read(netflix, text);
  expect(whole).toMatchObject([
    { kind: 'accepted', record: { title: 'A "B", C', cast: ['É', 'ü'], description: 'Two\nlines' } },
    { kind: 'accepted', record: { title: 'D', description: null } },
  ]);
  for (const size of [1, 2, 3, 7]) {
    const bytes = Buffer.from(text);
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const rows: ReadRow[] = [];
    for await (const row of netflix.read(Readable.from(parts))) rows.push(row);
    expect(rows).toEqual(whole);
  }
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
  [
    'another delimiter',
    [HEADER.replaceAll(',', ';'), 's1;Movie'],
    /lacks all columns; Its cells are separated by semicolons/,
  ],
  ['UTF-16', [Buffer.from(HEADER, 'utf16le').toString('latin1')], /It looks like UTF-16: save it as UTF-8/],
  ['nothing', [''], /The file is empty/],
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
