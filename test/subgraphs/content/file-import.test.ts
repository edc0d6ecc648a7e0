import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONTENT_SYNC, deadLettersOf } from '../../../schema/events/topics.ts';
import { contentCollections } from '../../../subgraphs/content/content-collections.ts';
import { type ImportProgress, importFiles } from '../../../subgraphs/content/file-import.ts';
import { startSync } from '../../../subgraphs/content/sync.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { type RunningContent, runContent, type WorkPage } from './running-content.ts';

const NETFLIX = [
  'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description',
  's1,Movie,Stree,Amar Kaushik,"Rajkummar Rao, Shraddha Kapoor",India,"September 1, 2018",2018,TV-14,127 min,Horror Movies,Text',
  's2,Movie,Louis C.K. 2017,,,,"April 4, 2017",2017,74 min,,Movies,Text',
  's3,Movie,,,,,,2017,R,74 min,Movies,Text',
  's4,Movie,Short',
  's5,Movie,Shorter',
  's6,TV Show,Mismatched,,,India,,2020,TV-14,2 Seasons,TV Dramas,Text',
  's6,TV Show,Mismatched,,,India,,2020,TV-14,3 Seasons,TV Dramas,Text',
].join('\n');
const HOTSTAR = [
  'hotstar_id,title,description,genre,year,age_rating,running_time,seasons,episodes,type',
  '1000223587,Stree,Other text,Comedy,2018,U/A 16+,127,,,movie',
].join('\n');

let folder: string;
let ports: TestPorts;
let running: RunningContent | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  ports = await openTestPorts();
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await ports.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function deadLetters(): Promise<
  { key: string | null; value: string; headers: Readonly<Record<string, string>> }[]
> {
  const letters = [];
  for await (const { key, value, headers } of ports.log.read({
    topic: deadLettersOf(CONTENT_SYNC.name),
    partition: 0,
    fromOffset: 0,
  })) {
    letters.push({ key, value: String(value), headers });
  }
  return letters;
}

test('two files become one catalogue; broken rows are kept with their reason', async () => {
  const netflix = await file('netflix.csv', NETFLIX);
  const hotstar = await file('hotstar.csv', HOTSTAR);
  const progress: ImportProgress[] = [];
  const files = [
    { platform: 'netflix', path: netflix },
    { platform: 'hotstar', path: hotstar },
  ] as const;
  const result = await importFiles(ports, files, (now) => progress.push(now));
  expect(result).toMatchObject({
    ...{ worksBefore: 0, worksAfter: 2 },
    files: [
      {
        ...{ platform: 'netflix', read: 7, accepted: 3 },
        quarantined: [
          { reason: 'duration in the rating column', rows: 1, firstRows: [2] },
          { reason: 'no title', rows: 1, firstRows: [3] },
          { reason: '3 cells instead of 12', rows: 2, firstRows: [4, 5] },
        ],
      },
      { platform: 'hotstar', read: 1, accepted: 1, quarantined: [] },
    ],
  });
  expect(progress.at(-1)).toEqual({ part: 1, rowsRead: 8, recordsFolded: 4 });
  const letters = await deadLetters();
  expect(letters).toHaveLength(4);
  expect(letters[2]).toMatchObject({
    ...{ key: 'netflix:netflix.csv#4', value: 's4,Movie,Short\n' },
    headers: { dlq_reason: '3 cells instead of 12', dlq_row: '4', dlq_platform: 'netflix' },
  });
  const works = await contentCollections(ports.store).works.find({ type: 'MOVIE' }).toArray();
  expect(works).toMatchObject([{ title: 'Stree', offers: [{ platform: 'netflix' }, { platform: 'hotstar' }] }]);
});

test('of two rows with one id the later counts; the same file again changes nothing', async () => {
  const path = await file('netflix.csv', NETFLIX);
  await importFiles(ports, [{ platform: 'netflix', path }]);
  const { works } = contentCollections(ports.store);
  const before = await works.find({}, { sort: { title: 1 } }).toArray();
  expect(before).toMatchObject([{ title: 'Mismatched', seasonCount: 3 }, { title: 'Stree' }]);
  ports.clock.advance(5);
  const again = await importFiles(ports, [{ platform: 'netflix', path }]);
  expect(again).toMatchObject({ worksBefore: 2, worksAfter: 2 });
  const ids = (documents: typeof before) => documents.map(({ _id, seasonCount }) => [_id, seasonCount]);
  expect(ids(await works.find({}, { sort: { title: 1 } }).toArray())).toEqual(ids(before));
});

test('beside a running subgraph what was imported can be found', async () => {
  running = await runContent();
  const path = await file('hotstar.csv', HOTSTAR);
  await importFiles(running.ports, [{ platform: 'hotstar', path }]);
  const source = '{ search(query: "stree") { totalCount } catalogueStatus { quarantined lastSnapshotAt } }';
  const found = async () => (await running?.get<{ search: WorkPage }>(source))?.search.totalCount;
  await eventually(async () => (await found()) === 1);
  expect(await running.get(source)).toMatchObject({
    catalogueStatus: [
      { lastSnapshotAt: null },
      { lastSnapshotAt: null },
      { lastSnapshotAt: '2026-06-24T09:30:00.000Z' },
    ],
  });
});

test('JSON in the shape of the fixtures is a platform file too', async () => {
  const records = [
    { platformId: '1', version: 1, title: 'RRR', type: 'movie' },
    { platformId: '2', version: 1 },
  ];
  const path = await file('hotstar_content.json', JSON.stringify({ platform: 'hotstar', snapshotId: 'x', records }));
  const result = await importFiles(ports, [{ platform: 'hotstar', path }]);
  expect(result).toMatchObject({ worksAfter: 1, files: [{ read: 2, accepted: 1 }] });
  expect(await deadLetters()).toMatchObject([{ value: '{"platformId":"2","version":1}' }]);
});

test('waits for a server that has the partition', async () => {
  const server = await startSync(ports);
  const path = await file('hotstar.csv', HOTSTAR);
  expect(await importFiles(ports, [{ platform: 'hotstar', path }])).toMatchObject({ worksAfter: 1 });
  await server.close();
});

test.each([
  ['a missing file', 'nowhere.csv', null, /There is no file .*nowhere\.csv/],
  ['another platform’s file', 'wrong.csv', HOTSTAR, /wrong\.csv: .*lacks the columns/],
  ['a picture', 'picture.csv', '\x89PNG\r\n\x1a\n\0\0\0', /picture\.csv: .*lacks all columns/],
])('refuses %s before anything is written', async (_, name, text, message) => {
  const good = await file('hotstar.csv', HOTSTAR);
  const path = text === null ? join(folder, name) : await file(name, text);
  const importing = importFiles(ports, [
    { platform: 'hotstar', path: good },
    { platform: 'netflix', path },
  ]);
  await expect(importing).rejects.toMatchObject({ name: 'ProblemError', message: expect.stringMatching(message) });
  expect(await ports.log.progress('content.sync', CONTENT_SYNC.name)).toMatchObject([{ end: 0 }]);
});
