/** The operator's commands beside a running subgraph: what they say, and what clients see of it, by old ids and new ones. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { linkRecords, recordId, reportOf, splitRecord } from '../../../subgraphs/content/curation.ts';
import { eventually } from '../../support/eventually.ts';
import { upsert } from './records.ts';
import { catalogueOf, replayed } from './replay.ts';
import { type RunningContent, runContent, type WorkPage } from './running-content.ts';

const [NETFLIX, HOTSTAR] = [recordId('netflix:80001'), recordId('hotstar:3')];

let content: RunningContent;
beforeEach(async () => {
  content = await runContent();
});
afterEach(() => content.stop());

const totalBecomes = (works: number): Promise<unknown> =>
  eventually(async () => {
    const { catalogue } = await content.get<{ catalogue: WorkPage }>('{ catalogue { totalCount } }');
    return catalogue.totalCount === works;
  });

test('two works linked: the old id, references, platform ids and search all lead to the one that stayed; split, they are two', async () => {
  await content.sync(
    [upsert('netflix:80001', 1, { title: 'Money Heist' }), upsert('hotstar:3', 1, { title: 'Die Bank' })],
    2,
  );
  const query = `query ($old: ID!, $new: ID!, $references: [_Any!]!) {
    old: content(id: $old) { id offers { platform deepLink { web } } }
    new: content(id: $new) { id }
    _entities(representations: $references) { ... on Content { id title } }
    contentByPlatformId(platform: NETFLIX, platformId: "80001") { id }
    search(query: "money heist") { edges { node { id } } }
  }`;
  const ids = [(await reportOf(content.ports, NETFLIX)).work._id, (await reportOf(content.ports, HOTSTAR)).work._id];
  const report = await linkRecords(content.ports, NETFLIX, HOTSTAR);
  const stayed = report.work._id;
  const went = ids.find((id) => id !== stayed) ?? '';
  expect(report).toMatchObject({
    ...{ records: [{ _id: 'netflix:80001' }, { _id: 'hotstar:3' }], decisions: ['netflix:80001 is hotstar:3'] },
    merged: [{ workId: went, evidence: { reasons: ['decided'] } }],
  });
  await totalBecomes(1);
  const references = [went, stayed].map((id) => ({ __typename: 'Content', id }));
  const title = report.work.title;
  expect(await content.get(query, { old: went, new: stayed, references })).toEqual({
    old: {
      id: stayed,
      offers: [
        { platform: 'NETFLIX', deepLink: { web: 'https://www.netflix.com/title/80001' } },
        { platform: 'HOTSTAR', deepLink: { web: 'https://www.hotstar.com/3' } },
      ],
    },
    ...{ new: { id: stayed }, contentByPlatformId: { id: stayed }, search: { edges: [{ node: { id: stayed } }] } },
    _entities: [
      { id: stayed, title },
      { id: stayed, title },
    ],
  });

  await splitRecord(content.ports, HOTSTAR);
  await totalBecomes(2);
  const { old } = await content.get<{ old: unknown }>(query, { old: went, new: stayed, references });
  expect(old).toMatchObject({ id: went, offers: [expect.anything()] });
  expect(await replayed(content.ports.log, [1, 0, 3])).toEqual(await catalogueOf(content.ports));
});

test('what cannot be done is said, and changes nothing', async () => {
  await content.sync([upsert('netflix:80001', 1, { title: 'Money Heist' })], 1);
  const before = await catalogueOf(content.ports);
  await expect(splitRecord(content.ports, NETFLIX)).rejects.toThrow('the only record of its work');
  await expect(linkRecords(content.ports, NETFLIX, HOTSTAR)).rejects.toThrow('no record hotstar:3');
  expect(() => recordId('disney:1')).toThrow('A record is PLATFORM:ID');
  expect(await catalogueOf(content.ports)).toEqual(before);
});

test('the command: show, link and split, each in a process of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curation-'));
  const run = (...args: string[]) =>
    spawnSync('node', args, {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', KAFKA_BROKERS: '', MONGODB_URL: '' },
    });
  try {
    for (const [platform, title] of [
      ['netflix', 'Money Heist'],
      ['hotstar', 'Die Bank'],
    ] as const) {
      const records = [{ platformId: '80001', version: 1, title, type: 'movie' }];
      await writeFile(join(folder, `${platform}.json`), JSON.stringify({ platform, records }));
    }
    const feeds = ['netflix', 'hotstar'].flatMap((platform) => [
      '--platform',
      platform,
      join(folder, `${platform}.json`),
    ]);
    expect(run('subgraphs/content/import.ts', ...feeds).stdout).toContain('0 before, 2 after');
    const match = (...args: string[]) => run('subgraphs/content/match.ts', ...args);
    expect(match('show', 'netflix:80001').stdout).toMatch(
      /^w_\S+ {2}Money Heist \(movie\)\n {2}netflix:80001 .* first\n$/,
    );
    const linked = match('link', 'netflix:80001', 'hotstar:80001').stdout;
    expect(linked).toMatch(
      /merged: w_\S+ {2}with hotstar:80001: decided\n {2}decided: netflix:80001 is hotstar:80001\n$/,
    );
    const parted = match('split', 'netflix:80001');
    expect([parted.stdout.split('\n').length, parted.stderr, parted.status]).toEqual([4, '', 0]);
    expect(match('split', 'netflix:80001')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('only record'),
    });
    expect(match('split')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run -s match -- split') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
