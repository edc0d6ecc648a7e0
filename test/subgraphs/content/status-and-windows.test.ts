/** What `catalogueStatus` says after all that can happen to a platform's feed, and windows that open and close without an event. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ContentChange } from '../../../schema/events/content-change.ts';
import { CONTENT_CHANGES } from '../../../schema/events/topics.ts';
import { type FileResult, importFiles } from '../../../subgraphs/content/file-import.ts';
import { eventually } from '../../support/eventually.ts';
import { remove, upsert } from './records.ts';
import { publishSync, type RunningContent, runContent, type WorkPage } from './running-content.ts';

const START = Date.UTC(2026, 5, 24, 9, 30);
const HOUR_MS = 3_600_000;
const at = (hours: number): string => new Date(START + hours * HOUR_MS).toISOString();

interface Status {
  readonly platform: string;
  readonly sourceRecords: number;
  readonly works: number;
  readonly quarantined: number;
  readonly lastSnapshotAt: string | null;
  readonly lastChangeAt: string | null;
  readonly held: { readonly at: string; readonly reason: string } | null;
}

let content: RunningContent;
let folder: string;
beforeEach(async () => {
  content = await runContent();
  folder = await mkdtemp(join(tmpdir(), 'status-'));
});
afterEach(async () => {
  await content.stop();
  await rm(folder, { recursive: true, force: true });
});

async function hotstar(): Promise<Status | undefined> {
  const source =
    '{ catalogueStatus { platform sourceRecords works quarantined lastSnapshotAt lastChangeAt held { at reason } } }';
  const { catalogueStatus } = await content.get<{ catalogueStatus: Status[] }>(source);
  return catalogueStatus.find(({ platform }) => platform === 'HOTSTAR');
}

const becomes = (status: Partial<Status>): Promise<unknown> =>
  eventually(async () => {
    expect(await hotstar()).toMatchObject(status);
    return true;
  });

async function take(titles: readonly string[], isSnapshot = true): Promise<FileResult | undefined> {
  const path = join(folder, 'hotstar.csv');
  const columns = 'hotstar_id,title,description,genre,year,age_rating,running_time,seasons,episodes,type';
  const rows = titles.map((title, i) => `${i + 1},${title},Text,Drama,2001,U,100,,,movie`);
  await writeFile(path, `${[columns, ...rows].join('\n')}\n`);
  const { files } = await importFiles(content.ports, [{ platform: 'hotstar', path }], undefined, undefined, {
    isSnapshot,
  });
  return files[0];
}

test('counts, quarantine and times stay true through snapshots, deletes and events that change nothing', async () => {
  const titles = ['Lagaan', 'Swades', 'Guru', 'Fanaa', 'Rangoon'];
  await take(titles);
  const first = { sourceRecords: 5, works: 5, quarantined: 0, lastSnapshotAt: at(0), lastChangeAt: at(0), held: null };
  await becomes(first);

  content.ports.clock.advance(HOUR_MS); // the same again: seen, not changed; one row is unusable
  await take([...titles, '']);
  await becomes({ ...first, quarantined: 1, lastSnapshotAt: at(1) });

  content.ports.clock.advance(HOUR_MS); // one title gone
  await take(titles.slice(0, 4));
  await becomes({ sourceRecords: 4, works: 4, quarantined: 1, lastSnapshotAt: at(2), lastChangeAt: at(2) });

  content.ports.clock.advance(HOUR_MS); // held: what it has was told, nothing was removed
  expect(await take(titles.slice(0, 1))).toMatchObject({ held: expect.any(String) });
  const held = { at: at(3), reason: '3 of 4 titles are absent, more than 20 %' };
  await becomes({ sourceRecords: 4, works: 4, lastSnapshotAt: at(3), lastChangeAt: at(2), held });

  content.ports.clock.advance(HOUR_MS); // an unknown id deleted, a version that goes back, and one not of its shape
  await publishSync(content.ports, [
    remove('hotstar:999', 5),
    upsert('hotstar:1', 1, { title: 'Older' }),
    { ...remove('hotstar:2', 1), version: -1 },
  ]);
  await becomes({ sourceRecords: 4, works: 4, quarantined: 2, lastSnapshotAt: at(3), lastChangeAt: at(2) });

  await publishSync(content.ports, [remove('hotstar:1', Number.MAX_SAFE_INTEGER)]);
  await becomes({ sourceRecords: 3, works: 3, lastSnapshotAt: at(3), lastChangeAt: at(4), held });

  content.ports.clock.advance(HOUR_MS); // a feed that is whole again
  await take(titles.slice(0, 4));
  await becomes({ works: 3, lastSnapshotAt: at(5), held: null });
});

test('a window opens and closes without an event, everywhere', async () => {
  await content.sync(
    [
      upsert('netflix:1', 1, { title: 'Always' }),
      upsert('hotstar:2', 1, { title: 'For an hour', availableFrom: at(1), availableUntil: at(2) }),
    ],
    1,
  );
  const seen = async (): Promise<unknown> => {
    const data = await content.get<{
      catalogue: WorkPage;
      search: WorkPage;
      suggest: unknown[];
      contentByPlatformId: { offers: unknown[] } | null;
    }>(`{
      catalogue(sort: TITLE) { edges { node { title } } }
      search(query: "for an hour") { totalCount facets { values { value } } edges { node { title } } }
      suggest(prefix: "for an") { text }
      contentByPlatformId(platform: HOTSTAR, platformId: "2") { offers { platform } }
    }`);
    return {
      listed: data.catalogue.edges.map(({ node }) => node.title),
      found: data.search.edges.map(({ node }) => node.title),
      suggested: data.suggest.length,
      offers: data.contentByPlatformId?.offers.length,
      works: (await hotstar())?.works,
    };
  };
  const closed = { listed: ['Always'], found: [], suggested: 0, offers: 0, works: 0 };
  const open = { listed: ['Always', 'For an hour'], found: ['For an hour'], suggested: 1, offers: 1, works: 1 };
  expect(await seen()).toEqual(closed);
  content.ports.clock.advance(HOUR_MS);
  expect(await seen()).toEqual(open);
  content.ports.clock.advance(HOUR_MS - 1);
  expect(await seen()).toEqual(open);
  content.ports.clock.advance(1);
  expect(await seen()).toEqual(closed);
});

test('the most popular are those on most platforms now: the order follows the windows', async () => {
  const window = { availableFrom: at(1), availableUntil: at(2) };
  await content.sync(
    [
      upsert('netflix:1', 1, { title: 'Later', addedAt: at(-9) }),
      upsert('hotstar:1', 1, { title: 'Later', addedAt: at(-9), ...window }),
      upsert('netflix:2', 1, { title: 'Chef', releaseYear: 2014, addedAt: at(-1) }),
    ],
    2,
  );
  const order = async (): Promise<string[]> => {
    const source = '{ catalogue(sort: POPULARITY) { edges { node { title } } } }';
    return (await content.get<{ catalogue: WorkPage }>(source)).catalogue.edges.map(({ node }) => node.title);
  };
  expect(await order()).toEqual(['Chef', 'Later']);
  content.ports.clock.advance(HOUR_MS);
  expect(await order()).toEqual(['Later', 'Chef']);
  content.ports.clock.advance(HOUR_MS);
  expect(await order()).toEqual(['Chef', 'Later']);
});

test('a change names the platforms that have the work now, not those that will', async () => {
  const platforms = new Map<string, readonly string[]>();
  const tail = await content.ports.log.tail({ topic: CONTENT_CHANGES.name, from: 'start' }, ({ value }) => {
    const change = JSON.parse(String(value)) as ContentChange;
    platforms.set(change.work?.title ?? '', change.platforms);
  });
  await content.sync(
    [
      upsert('netflix:1', 1, { title: 'Later' }),
      upsert('hotstar:1', 1, { title: 'Later', availableFrom: at(1) }),
      upsert('hotstar:2', 1, { title: 'Coming', availableFrom: at(1) }),
    ],
    1,
  );
  await eventually(() => platforms.size === 2);
  expect(platforms).toEqual(
    new Map([
      ['Later', ['NETFLIX']],
      ['Coming', []],
    ]),
  );
  await tail.close();
});
