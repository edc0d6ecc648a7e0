/** The evaluation of a small data set made here, in the layout of the real ones. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readDataSet } from '../../../../subgraphs/recommendation/evaluation/data-set.ts';
import { Calibration, hitAt, ndcgAt } from '../../../../subgraphs/recommendation/evaluation/measures.ts';
import { evaluate } from '../../../../subgraphs/recommendation/evaluation/report.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 1, 8);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Ten users: `Sci-Fi` in the morning, `News` at night, 40 days; the last ten are asked about. */
async function writeSet(): Promise<void> {
  const items = Array.from({ length: 20 }, (_, i) => `i${i},"Title, ${i}",${i % 2 === 0 ? 'Sci-Fi|War' : 'News'}`);
  const events: string[] = [];
  for (let user = 0; user < 10; user += 1) {
    for (let day = 0; day < 40; day += 1) {
      for (const [half, window] of ['morning', 'night'].entries()) {
        const at = (START + day * DAY_MS + half * 15 * 3_600_000) / 1_000;
        const item = `i${((day * 7 + user) % 10) * 2 + half}`;
        events.push(`e${events.length},u${user},${item},${at},${window},9,${day < 30 ? 'train' : 'test'}`);
      }
    }
  }
  await writeFile(join(directory, 'items.csv'), ['item_id,title,genres', ...items].join('\n'));
  await writeFile(
    join(directory, 'events.csv'),
    ['event_id,user_id,item_id,ts,window,rating,split', ...events].join('\n'),
  );
  await writeFile(
    join(directory, 'truth.csv'),
    'user_id,window,segment,top1\nu0,morning,strong,Sci-Fi\nu1,night,flat,News\n',
  );
}

test('finds what is there, in the words of the data set, and the same again', async () => {
  await writeSet();
  const data = await readDataSet(directory);
  const report = await evaluate(data, join(directory, 'one'), { withHistory: true });
  expect(report).toMatchObject({ learned: 600, asked: 200, recovery3: 1, flatRecovery3: 1, cells: 2 });
  expect(report.hit1).toBeGreaterThan(0.99);
  expect(report.popularHit1).toBeLessThan(0.6);
  expect(report.hitRate10).toBeGreaterThan(report.popularHitRate10 - 1e-9);
  const read = (name: string) => readFile(join(directory, name), 'utf8');
  expect((await read('one/genres.csv')).split('\n').slice(0, 2)).toEqual([
    'event_id,rank,genre,score',
    expect.stringMatching(/^e60,1,Sci-Fi,0\.\d{6}$/),
  ]);
  expect((await read('one/items.csv')).split('\n')).toHaveLength(200 * 10 + 2);
  expect(await read('one/prefs.csv')).toContain('\nu0,morning,1,Sci-Fi\n');
  await evaluate(await readDataSet(directory), join(directory, 'two'), { withHistory: true });
  for (const name of ['genres.csv', 'items.csv', 'prefs.csv']) {
    expect(await read(`two/${name}`)).toBe(await read(`one/${name}`));
  }
});

test('without history nobody is offered what they have watched', async () => {
  await writeSet();
  const out = join(directory, 'out');
  await evaluate(await readDataSet(directory), out, { withHistory: false });
  expect(await readFile(join(out, 'items.csv'), 'utf8')).toBe('event_id,rank,item_id\n');
});

test('a row that cannot be used is named', async () => {
  await writeSet();
  await writeFile(
    join(directory, 'events.csv'),
    'event_id,user_id,item_id,ts,window,split\ne1,u1,i1,soon,morning,train\n',
  );
  await expect(readDataSet(directory)).rejects.toThrow('events.csv:2: ts "soon" is no time.');
});

test('measures are those of the literature', () => {
  expect([1, 2, 3].map((k) => hitAt(['a', 'b', 'c'], ['b'], k))).toEqual([0, 1, 1]);
  expect(ndcgAt(['a', 'b'], 'b', 10)).toBeCloseTo(1 / Math.log2(3));
  const calibration = new Calibration();
  for (const isTrue of [true, false, false, false]) calibration.add(0.25, isTrue);
  expect(calibration.error).toBeCloseTo(0);
  calibration.add(0.95, false);
  expect(calibration.error).toBeCloseTo(0.95 / 5);
});
