/** Feeds over HTTP, snapshots that replace, and feeds that go wrong: what is there already is never damaged. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import { contentCollections } from '../../../subgraphs/content/content-collections.ts';
import { FeedState } from '../../../subgraphs/content/feed-state.ts';
import { type FileResult, type ImportOptions, importFiles } from '../../../subgraphs/content/file-import.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { type FeedServer, startFeedServer } from './feed-server.ts';

const HEADER = 'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description';
const TITLES = [
  'Stree',
  'Chef',
  'Fukrey',
  'Roma',
  'Okja',
  'Mudbound',
  'Bird Box',
  'Atlantics',
  'Tigertail',
  'Extraction',
];
const QUICK = { firstPauseMs: 1, timeoutMs: 2_000 };

let folder: string;
let ports: TestPorts;
let server: FeedServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feeds-'));
  ports = await openTestPorts();
  server = await startFeedServer();
});
afterEach(async () => {
  await server.close();
  await ports.close();
  await rm(folder, { recursive: true, force: true });
});

const rowOf = (title: string): string =>
  `${80_000_000 + TITLES.indexOf(title)},Movie,${title},,,,,2018,TV-14,127 min,Horror Movies,Text`;
const csv = (titles: readonly string[]): string => [HEADER, ...titles.map(rowOf), ''].join('\n');

async function take(
  path: string,
  options: ImportOptions = {},
  platform: PlatformName = 'netflix',
): Promise<FileResult> {
  ports.clock.advance(1_000);
  const result = await importFiles(ports, [{ platform, path }], undefined, undefined, { source: QUICK, ...options });
  const [file] = result.files;
  if (!file) throw new Error('no result');
  return file;
}

async function takeText(text: string | Buffer, options: ImportOptions = {}): Promise<FileResult> {
  const path = join(folder, 'netflix.csv');
  await writeFile(path, text);
  return take(path, options);
}

async function titles(): Promise<string[]> {
  const works = await contentCollections(ports.store).works.find({ isRemoved: false }).toArray();
  return works.map(({ title }) => title).sort();
}

describe('a snapshot', () => {
  test('replaces: what is absent is removed, and comes back under its id', async () => {
    await takeText(csv(TITLES), { isSnapshot: true });
    const { works } = contentCollections(ports.store);
    const before = await works.findOne({ title: 'Stree' });
    expect(await takeText(csv(TITLES.slice(1)), { isSnapshot: true })).toMatchObject({ removed: 1, held: null });
    expect(await titles()).toEqual(TITLES.slice(1).sort());
    expect(await works.findOne({ title: 'Stree' })).toMatchObject({ _id: before?._id, isRemoved: true });
    await takeText(csv(TITLES), { isSnapshot: true });
    expect(await works.findOne({ title: 'Stree' })).toMatchObject({ _id: before?._id, isRemoved: false });
  });

  test('removes nothing of other platforms, and nothing at all where it is not said to be one', async () => {
    await takeText(csv(TITLES));
    const hotstar = join(folder, 'hotstar.csv');
    const columns = 'hotstar_id,title,description,genre,year,age_rating,running_time,seasons,episodes,type';
    await writeFile(hotstar, `${columns}\n1,Lagaan,Text,Drama,2001,U,224,,,movie\n`);
    expect(await take(hotstar, { isSnapshot: true }, 'hotstar')).toMatchObject({ removed: 0, held: null });
    expect(await takeText(csv(TITLES.slice(5)))).toMatchObject({ removed: 0, held: null });
    expect(await titles()).toEqual([...TITLES, 'Lagaan'].sort());
  });

  test('that shrinks by more than a fifth is held, until it is forced', async () => {
    await takeText(csv(TITLES));
    expect(await takeText(csv(TITLES.slice(3)), { isSnapshot: true })).toMatchObject({
      ...{ removed: 0, held: '3 of 10 titles are absent, more than 20 %' },
    });
    expect(await titles()).toEqual([...TITLES].sort());
    const state = new FeedState(ports.store);
    expect(await state.heldOf('netflix')).toMatchObject({ reason: expect.stringContaining('3 of 10') });
    expect(await takeText(csv(TITLES.slice(3)), { isSnapshot: true, maxRemovedPart: 0.3 })).toMatchObject({
      removed: 3,
    });
    expect(await takeText(`${HEADER}\n`, { isSnapshot: true })).toMatchObject({ removed: 0, held: expect.any(String) });
    expect(await takeText(`${HEADER}\n`, { isSnapshot: true, isForced: true })).toMatchObject({
      removed: 7,
      held: null,
    });
    expect(await titles()).toEqual([]);
    expect(await state.heldOf('netflix')).toBeNull();
  });

  test('whose row cannot be used keeps what was known of that title', async () => {
    await takeText(csv(TITLES));
    const damaged = csv(TITLES).replace(',Stree,', ',,').replace('Movie,Chef,', 'Movie,Ch\0ef,');
    const result = await takeText(damaged, { isSnapshot: true, maxRemovedPart: 0 });
    expect(result).toMatchObject({ accepted: 8, removed: 0, held: null });
    expect(await titles()).toEqual([...TITLES].sort());
  });

  test('with versions of its own: a record told again in its old version is not absent; a deleted one can come back', async () => {
    const path = join(folder, 'netflix.json');
    const records = TITLES.map((title, i) => ({ platformId: String(i), version: 7, title, type: 'movie' }));
    const write = (some: readonly object[]): Promise<void> =>
      writeFile(path, JSON.stringify({ platform: 'netflix', snapshotId: 'same', records: some }));
    await write(records);
    await take(path, { isSnapshot: true });
    expect(await take(path, { isSnapshot: true })).toMatchObject({ removed: 0, held: null });
    await write(records.slice(1));
    expect(await take(path, { isSnapshot: true })).toMatchObject({ removed: 1, held: null });
    await write([{ ...records[0], version: 9 }, ...records.slice(1)]);
    await take(path, { isSnapshot: true });
    expect(await titles()).toEqual([...TITLES].sort());
  });

  test('two of one platform in one run are refused', async () => {
    const path = join(folder, 'netflix.csv');
    await writeFile(path, csv(TITLES));
    const feed = { platform: 'netflix', path } as const;
    const importing = importFiles(ports, [feed, feed], undefined, undefined, { isSnapshot: true });
    await expect(importing).rejects.toMatchObject({
      name: 'ProblemError',
      message: expect.stringContaining('Two snapshots of netflix'),
    });
  });
});

describe('over HTTP', () => {
  test('a feed is read, and not again while its ETag is the same', async () => {
    let etag = '"v1"';
    server.answer = (request, response) => {
      const isKnown = request.headers['if-none-match'] === etag;
      response.writeHead(isKnown ? 304 : 200, { etag }).end(isKnown ? undefined : csv(TITLES));
    };
    expect(await take(server.url)).toMatchObject({ read: 10, accepted: 10, isUnchanged: false, problem: null });
    expect(await take(server.url)).toMatchObject({ read: 0, isUnchanged: true, problem: null, removed: 0 });
    // Read as rows it has not yet removed anything; forced it is read whatever the ETag.
    expect(await take(server.url, { isSnapshot: true })).toMatchObject({ read: 10, isUnchanged: false });
    expect(await take(server.url, { isSnapshot: true })).toMatchObject({ isUnchanged: true, removed: 0, held: null });
    expect(await take(server.url, { isForced: true })).toMatchObject({ read: 10, isUnchanged: false });
    etag = '"v2"';
    expect(await take(server.url)).toMatchObject({ read: 10, isUnchanged: false });
    expect(await titles()).toEqual([...TITLES].sort());
    expect(JSON.stringify(await ports.store.collection('content_feeds').find({}).toArray())).not.toContain('secret');
  });

  test('a server that is busy is asked again, one that refuses is not', async () => {
    server.answer = (_, response) => {
      if (server.requests.length < 3) response.writeHead(503, { 'retry-after': '0' }).end();
      else response.end(csv(TITLES));
    };
    expect(await take(server.url)).toMatchObject({ accepted: 10, problem: null });
    expect(server.requests).toHaveLength(3);
    server.answer = (_, response) => response.writeHead(403).end();
    expect(await take(server.url)).toMatchObject({ problem: 'netflix.csv cannot be fetched: the server answers 403.' });
    expect(server.requests).toHaveLength(4);
  });

  test('nobody there, or nobody who answers: said after the tries, and the other feeds go in', async () => {
    const path = join(folder, 'netflix.csv');
    await writeFile(path, csv(TITLES));
    server.answer = () => undefined;
    const silent = { platform: 'prime_video', path: server.url } as const;
    const { files } = await importFiles(ports, [silent, { platform: 'netflix', path }], undefined, undefined, {
      source: { firstPauseMs: 1, timeoutMs: 20 },
    });
    expect(files).toMatchObject([
      { read: 0, problem: 'netflix.csv cannot be fetched: no answer for 20 ms, 4 times.' },
      { read: 10, problem: null },
    ]);
    await server.close();
    expect(await take(server.url)).toMatchObject({ problem: expect.stringMatching(/ECONNREFUSED.*, 4 times\./) });
  });

  test.each(['hangs up', 'falls silent'])(
    'a snapshot that %s half way keeps what was whole and removes nothing',
    async (how) => {
      await takeText(csv(TITLES.slice(0, 8)));
      const text = csv(TITLES.toReversed());
      server.answer = (_, response) => {
        response.writeHead(200, { 'content-length': Buffer.byteLength(text), etag: '"cut"' });
        response.write(text.slice(0, text.indexOf('Atlantics') + 30), () => how === 'hangs up' && response.destroy());
      };
      const result = await take(server.url, { isSnapshot: true, source: { ...QUICK, timeoutMs: 200 } });
      expect(result).toMatchObject({ read: 2, accepted: 2, removed: 0, held: null });
      expect(result.problem).toMatch(/^After row 2 the feed stopped half way \(.+\)\.$/);
      expect(await titles()).toEqual([...TITLES.slice(0, 8), 'Extraction', 'Tigertail'].sort());
      expect(await new FeedState(ports.store).etagOf('netflix', server.url, true)).toBeNull();
    },
  );

  test('what is no feed of the platform is refused as a file is', async () => {
    server.answer = (_, response) => response.end('<html><body>Sign in</body></html>');
    expect(await take(server.url)).toMatchObject({ problem: expect.stringMatching(/lacks all columns/) });
  });
});

describe('bad input: said with its row, the rest goes in, nothing there is damaged', () => {
  const good = csv(['Chef', 'Fukrey']).slice(HEADER.length + 1);
  const reasonsOf = ({ quarantined }: FileResult): [string, readonly number[]][] =>
    quarantined.map(({ reason, firstRows }) => [reason, firstRows]);

  beforeEach(() => takeText(csv(['Stree'])));

  test.each<[string, string | Buffer, [string, number[]][]]>([
    ['NUL bytes', `9,Movie,N\0ul,,,,,2017,R,74 min,Movies,Text\n${good}`, [['NUL bytes', [1]]]],
    ['no title', `9,Movie,,,,,,2017,R,74 min,Movies,Text\n${good}`, [['no title', [1]]]],
    ['a year of 20210', `${good}9,Movie,Late,,,,,20210,R,74 min,Movies,Text\n`, [['impossible year', [3]]]],
    ['another delimiter in a row', `9;Movie;A\n${good}`, [['1 cells instead of 12', [1]]]],
    [
      'another encoding',
      Buffer.concat([Buffer.from('9,Movie,Amélie,,,,,2001,R,74 min,Movies,Text\n', 'latin1'), Buffer.from(good)]),
      [['characters that are not UTF-8', [1]]],
    ],
    ['a line of 3 MB', `9,Movie,${'x'.repeat(3_000_000)}\n${good}`, [['a row longer than 1,000,000 bytes', [1]]]],
    [
      'a quote never closed',
      `9,Movie,"A,,,,,2001,R,74 min,Movies,Text\n${good}`,
      [['a quoted cell that does not end', [1]]],
    ],
  ])('%s', async (_, rows, reasons) => {
    const result = await takeText(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from(rows)]));
    expect(reasonsOf(result)).toEqual(reasons);
    expect(result).toMatchObject({ read: 3, accepted: 2, problem: null });
    expect(await titles()).toEqual(['Chef', 'Fukrey', 'Stree']);
  });

  test('a truncated file: the whole rows go in, and as a snapshot it removes nothing', async () => {
    const result = await takeText(`${HEADER}\n${good}9,Movie,Cu`, { isSnapshot: true, isForced: true });
    expect(reasonsOf(result)).toEqual([['the file ends in the middle of a row', [3]]]);
    expect(result).toMatchObject({ accepted: 2, removed: 0, problem: 'It ends in the middle of row 3.' });
    expect(await titles()).toEqual(['Chef', 'Fukrey', 'Stree']);
  });

  test('duplicate ids: the later row counts, and the place is said', async () => {
    const twice = rowOf('Chef').replace(',Chef,', ',Chef at Large,');
    expect(await takeText(`${HEADER}\n${good}${twice}\n`)).toMatchObject({ repeated: { rows: 1, firstRows: [3] } });
    expect(await titles()).toEqual(['Chef at Large', 'Fukrey', 'Stree']);
  });

  test('another delimiter throughout: refused before anything is written, saying which', async () => {
    const importing = takeText(csv(TITLES).replaceAll(',', ';'));
    await expect(importing).rejects.toMatchObject({ message: expect.stringContaining('separated by semicolons') });
    expect(await titles()).toEqual(['Stree']);
  });
});
