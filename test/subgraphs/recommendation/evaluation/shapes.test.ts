/** Data sets of other shapes than those that were at hand: the evaluation runs, and beats popularity where there is something to learn. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readDataSet } from '../../../../subgraphs/recommendation/evaluation/data-set.ts';
import { evaluate, type Report } from '../../../../subgraphs/recommendation/evaluation/report.ts';

const DAY_S = 86_400;
const Y1997_S = Date.UTC(1997, 8, 20) / 1_000;
const Y2026_S = Date.UTC(2026, 2, 1) / 1_000;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shapes-'));
});
afterEach(() => rm(directory, { recursive: true }));

interface Shape {
  readonly users: number;
  readonly playsEach: number;
  readonly items: number;
  /** Name of an item. */
  readonly idOf: (item: number) => string;
  /** As in the file; undefined: the file has no such column. */
  readonly genresOf?: (item: number) => string;
  /** Which item a user plays; `random` is 0..1. */
  readonly choose: (user: number, random: () => number) => number;
  readonly startS: number;
  /** As in the file; default: seconds. */
  readonly timeText?: (seconds: number) => string;
}

/** Writes the files with no column more than must be, evaluates them; the last fifth of every user's plays are asked about. */
async function reportOn(shape: Shape, withHistory = true): Promise<Report> {
  let state = 3;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const items = Array.from({ length: shape.items }, (_, i) =>
    shape.genresOf ? `${shape.idOf(i)},${shape.genresOf(i)}` : shape.idOf(i),
  );
  const events: string[] = [];
  for (let play = 0; play < shape.playsEach; play += 1) {
    for (let user = 0; user < shape.users; user += 1) {
      const at = shape.startS + play * (DAY_S / 3) + user * 60;
      const split = play < shape.playsEach * 0.8 ? 'train' : 'test';
      const time = (shape.timeText ?? String)(at);
      events.push(`${events.length},${user},${shape.idOf(shape.choose(user, random))},${time},${split}`);
    }
  }
  await writeFile(join(directory, 'items.csv'), [shape.genresOf ? 'item_id,genres' : 'item_id', ...items].join('\n'));
  await writeFile(join(directory, 'events.csv'), ['event_id,user_id,item_id,ts,split', ...events].join('\n'));
  const report = await evaluate(await readDataSet(directory), join(directory, 'out'), { withHistory });
  for (const [name, value] of Object.entries(report)) {
    if (value !== null) expect([name, Number.isFinite(value)]).toEqual([name, true]);
  }
  expect(report.asked).toBe(events.filter((line) => line.endsWith('test')).length);
  return report;
}

/** Half of the plays are of the user's own kind of item, the rest of any; low numbers are popular. */
const drawn = (items: number, isOwn: (item: number) => boolean, random: () => number): number => {
  for (;;) {
    const item = Math.floor(items * random() ** 2);
    if (isOwn(item) || random() < 0.1) return item;
  }
};

const WORDS = ['Film-Noir', 'Western', "Children's", 'War', 'Musical', 'unknown'];

test('films rated in 1997, genres by the alphabet, no windows, no titles, no zones', async () => {
  const genresOf = (item: number): string =>
    [WORDS[item % 6], WORDS[(item * 7 + 1) % 5]]
      .filter((word, i, all) => all.indexOf(word) === i)
      .sort()
      .join('|');
  const report = await reportOn({
    users: 60,
    playsEach: 40,
    items: 300,
    idOf: String,
    genresOf,
    choose: (user, random) => drawn(300, (item) => item % 6 === user % 6, random),
    startS: Y1997_S,
  });
  expect(report.hitRate10).toBeGreaterThan(report.popularHitRate10);
  expect(report.ndcg10).toBeGreaterThan(report.popularNdcg10);
  expect(report.hit1).toBeGreaterThan(report.popularHit1);
  expect(await readFile(join(directory, 'out/genres.csv'), 'utf8')).toMatch(/,1,(Film-Noir|Children's|War),0\.\d+\n/);
}, 60_000);

test('no genres at all: who watches the same says what else', async () => {
  const report = await reportOn({
    users: 60,
    playsEach: 40,
    items: 200,
    idOf: (item) => `tt${String(item).padStart(7, '0')}`,
    choose: (user, random) => drawn(200, (item) => item % 4 === user % 4, random),
    startS: Y2026_S,
  });
  expect(report.hitRate10).toBeGreaterThan(report.popularHitRate10);
  expect(report.hit1).toBe(0);
}, 60_000);

test('all of one genre: no worse than popularity, and sure of the genre', async () => {
  const report = await reportOn({
    users: 40,
    playsEach: 30,
    items: 100,
    idOf: String,
    genresOf: () => 'drama',
    choose: (user, random) => drawn(100, (item) => item % 2 === user % 2, random),
    startS: Y2026_S,
  });
  expect(report.hit1).toBe(1);
  expect(report.calibrationError).toBeLessThan(0.1);
  expect(report.hitRate10).toBeGreaterThanOrEqual(report.popularHitRate10);
}, 60_000);

test.each([
  ['seconds', String],
  ['milliseconds', (seconds: number) => String(seconds * 1_000)],
  ['RFC 3339 with an offset', (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', '+00:00')],
  [
    'a day and an hour with a space',
    (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' '),
  ],
])('one user, ids of nineteen digits, times as %s', async (_, timeText) => {
  const report = await reportOn({
    users: 1,
    playsEach: 20,
    items: 30,
    idOf: (item) => `92233720368547758${String(item).padStart(2, '0')}`,
    genresOf: (item) => (item % 2 === 0 ? 'Talk & Interview|Hör-Spiel' : ''),
    choose: (_user, random) => Math.floor(random() * 30),
    startS: Y2026_S,
    timeText,
  });
  expect(report.learned).toBe(16);
  const items = (await readFile(join(directory, 'out/items.csv'), 'utf8')).trim().split('\n').slice(1);
  expect(items).toHaveLength(report.asked * 10);
  for (const line of items) expect(line).toMatch(/^\d+,\d+,92233720368547758\d\d$/);
});

test('three events of which one is asked, about a user nobody has heard of', async () => {
  await writeFile(join(directory, 'items.csv'), 'item_id,title,genres\na,A,x\nb,B,y\n');
  await writeFile(
    join(directory, 'events.csv'),
    'event_id,user_id,item_id,ts,window,rating,split\n1,u,a,1700000000,,5,train\n2,v,a,1700000100,,,train\n3,w,a,1700000200,,,test\n',
  );
  const report = await evaluate(await readDataSet(directory), join(directory, 'out'), { withHistory: false });
  expect(report).toMatchObject({ learned: 2, asked: 1, hitRate10: 1, hit1: 1, recovery3: null });
});

const ITEMS = 'item_id,title,genres\na,"A, one",x|y\nb,He said "hi",y\nc,C,\n';

/** Of small files: what comes of them. */
async function reportOf(items: string, events: string): Promise<Report> {
  await writeFile(join(directory, 'items.csv'), items);
  await writeFile(join(directory, 'events.csv'), events);
  return evaluate(await readDataSet(directory), join(directory, 'out'), { withHistory: false });
}

test.each([
  ['a mark of byte order, lines ended as on Windows', '\uFEFF', '\r\n', 'event_id,user_id,item_id,ts,split'],
  ['columns nobody asked for', '', '\n', 'event_id,user_id,item_id,ts,split,foo,"b,ar"'],
  ['blanks after the commas', '', '\n', 'event_id, user_id, item_id, ts, split'],
])('%s', async (_, mark, lineEnd, header) => {
  const lines = [header, '2,u,b,1700000100, TEST', '1,u,a,1.7e+09,Train', '3,u,zzz,1700000050000000,train', ''];
  const report = await reportOf(mark + ITEMS.replaceAll('\n', lineEnd), mark + lines.join(lineEnd));
  expect(report).toMatchObject({ learned: 2, asked: 1, hit3: 1 });
});

test.each([
  ['nothing', '', 'events.csv: no column event_id, user_id, item_id, ts, split; its first line is "".'],
  ['no split', 'event_id,user_id,item_id,ts\n', 'events.csv: no column split; its first line is'],
  ['another split', 'event_id,user_id,item_id,ts,split\n1,u,a,1,dev\n', 'events.csv:2: split "dev" is neither'],
  ['no time', 'event_id,user_id,item_id,ts,split\n1,u,a,,test\n', 'events.csv:2: no ts.'],
  [
    'a window of its own',
    'event_id,user_id,item_id,ts,split,window\n1,u,a,1,test,dawn\n',
    'events.csv:2: window "dawn"',
  ],
  ['a long name', `event_id,user_id,item_id,ts,split\n1,${'u'.repeat(300)},a,1,test\n`, 'events.csv:2: user_id: '],
])('%s: says what is wrong, and where', async (_, events, message) => {
  await expect(reportOf(ITEMS, events)).rejects.toThrow(message);
});

test.each(['train', 'test'])('only %s rows', async (split) => {
  const report = await reportOf(ITEMS, `event_id,user_id,item_id,ts,split\n1,u,a,0,${split}\n2,u,b,86400,${split}\n`);
  expect(report).toMatchObject(split === 'train' ? { learned: 2, asked: 0 } : { learned: 0, asked: 2 });
});

test('each user with genres of their own among many that come together: beats popularity, and is calibrated', async () => {
  const kinds = ['noir', 'western', 'musical', 'war', 'sport', 'anime'];
  const report = await reportOn({
    users: 80,
    playsEach: 60,
    items: 300,
    idOf: String,
    genresOf: (item) => [...(item % 2 === 0 ? ['drama', 'romance', 'family'] : ['action']), kinds[item % 6]].join('|'),
    choose: (user, random) => drawn(300, (item) => item % 6 === user % 6 || random() < 0.3, random),
    startS: Y2026_S,
  });
  expect(report.hit1).toBeGreaterThan(report.popularHit1);
  expect(report.hit3).toBeGreaterThan(report.popularHit3);
  expect(report.calibrationError).toBeLessThan(0.06); // of a thousand questions, chance alone makes about 0.03
  expect(report.calibrationErrorOfAll).toBeLessThan(0.06);
}, 60_000);
