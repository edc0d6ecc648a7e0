import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RecordClusters } from '../../../subgraphs/content/record-clusters.ts';
import { record } from './records.ts';

const HEADER = 'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description';
const MAJILI = 'Movie,Majili,Shiva Nirvana,Naga Chaitanya,,,2019,TV-14,151 min,Drama,A cricketer marries.';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'match-'));
  await writeFile(
    join(folder, 'n.csv'),
    `${HEADER}\ns1,${MAJILI}\n"s,2",${MAJILI.replaceAll('Majili', 'Stree')}\ns3,Movie\n`,
  );
  await writeFile(join(folder, 'p.csv'), `${HEADER}\ns1,${MAJILI.replace('Majili', 'Majili (Hindi)')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const match = (...args: string[]) =>
  spawnSync('node', ['subgraphs/content/match.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });

test('prints each usable record once with its cluster, and says what it left out', () => {
  const { stdout, stderr, status } = match('--netflix', 'n.csv', '--prime-video', 'p.csv');
  expect(stdout).toBe(
    'platform,platform_id,content_id\nnetflix,s1,netflix:s1\nnetflix,"s,2","netflix:s,2"\nprime_video,s1,netflix:s1\n',
  );
  expect(stderr).toContain('netflix: 1 rows of n.csv cannot be used');
  expect(status).toBe(0);
});

test.each([
  [['--netflix', 'none.csv'], 'There is no file'],
  [['--hotstar', 'n.csv'], 'hotstar_id'],
  [['--disney', 'n.csv'], '--disney'],
  [[], 'npm run -s match'],
])('%j is refused in words, with nothing printed', (args, words) => {
  const { stdout, stderr, status } = match(...args);
  expect([stdout, status]).toEqual(['', 1]);
  expect(stderr).toContain(words);
});

test('a record that comes again takes its last place, and leaves its old cluster its name', () => {
  const clusters = new RecordClusters();
  clusters.add('netflix', '1', record({ title: 'Majili' }));
  clusters.add('hotstar', '7', record({ title: 'Majili' }));
  clusters.add('netflix', '1', record({ title: 'Stree' }));
  expect(clusters.records.map(({ platformId, clusterId }) => [platformId, clusterId])).toEqual([
    ['1', "netflix:1'"],
    ['7', 'netflix:1'],
  ]);
});
