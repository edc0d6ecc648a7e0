import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CatalogueSync } from '../../../subgraphs/content/catalogue-sync.ts';
import {
  contentCollections,
  findByIds,
  saveAll,
  type WorkDocument,
} from '../../../subgraphs/content/content-collections.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { Folding } from './folding.ts';
import { remove, upsert } from './records.ts';

const CAST = { cast: ['Rajkummar Rao', 'Shraddha Kapoor'] };

let ports: TestPorts;
let folding: Folding;

beforeEach(async () => {
  ports = await openTestPorts();
  folding = new Folding(ports);
});
afterEach(() => ports.close());

const batchOf: Folding['batchOf'] = (...events) => folding.batchOf(...events);
const fold: Folding['fold'] = (...events) => folding.fold(...events);
const works: Folding['works'] = () => folding.works();
const source: Folding['source'] = (key) => folding.source(key);
const changes: Folding['changes'] = () => folding.changes();

test('records of three platforms are one work, with every offer and the evidence', async () => {
  await fold(
    upsert('netflix:1', 1, { title: 'Stree', genres: ['Horror Movies'], maturityLabel: 'TV-14', ...CAST }),
    upsert('prime_video:2', 1, { title: 'Stree', edition: 'Tamil', releaseYear: 2016, maturityLabel: '18+', ...CAST }),
    upsert('hotstar:3', 1, { title: 'STREE', genres: ['Comedy'], maturityLabel: 'U/A 13+', runtimeMinutes: 119 }),
    upsert('hotstar:4', 1, { title: 'Chef' }),
  );
  const [stree, ...others] = (await works()).sort((a, b) => b.offers.length - a.offers.length);
  expect(others).toHaveLength(1);
  expect(stree).toMatchObject({
    ...{ title: 'Stree', type: 'MOVIE', releaseYear: 2015, genres: ['horror', 'comedy'], minAge: 18, version: 3 },
    offers: [
      { platform: 'netflix', platformId: '1', title: 'Stree', edition: null },
      { platform: 'hotstar', platformId: '3' },
      { platform: 'prime_video', platformId: '2', title: 'Stree (Tamil)', edition: 'Tamil' },
    ],
  });
  expect(stree?.maturityLabels).toHaveLength(3);
  expect(stree?._id).toMatch(/^w_[\w-]{16}$/);
  expect(await source('hotstar:3')).toMatchObject({
    workId: stree?._id,
    evidence: { matchedWith: 'netflix:1', reasons: ['title:equal', 'year:0', 'runtime:1'] },
  });
});

describe('versions', () => {
  test('an older or equal one changes nothing, a newer one does', async () => {
    await fold(upsert('netflix:1', 5, { title: 'Stree' }));
    await fold(upsert('netflix:1', 5, { title: 'Equal' }), upsert('netflix:1', 4, { title: 'Older' }));
    expect((await works())[0]).toMatchObject({ title: 'Stree', version: 1 });
    await fold(upsert('netflix:1', 6, { title: 'Stree', description: 'New' }));
    expect((await works())[0]).toMatchObject({ description: 'New', version: 2 });
    expect((await changes()).map(({ kind }) => kind)).toEqual(['ADDED', 'UPDATED']);
  });

  test('a delete takes the offer and not the work; a late upsert does not revive it', async () => {
    await fold(upsert('netflix:1', 1, { title: 'Stree' }), upsert('hotstar:3', 1, { title: 'Stree' }));
    await fold(remove('netflix:1', 9), upsert('netflix:1', 8, { title: 'Stree' }));
    expect((await works())[0]).toMatchObject({ isRemoved: false, offers: [{ platform: 'hotstar' }] });
    await fold(upsert('netflix:1', 10, { title: 'Stree' }));
    expect((await works())[0]?.offers).toHaveLength(2);
    expect(await works()).toHaveLength(1);
  });

  test('a work that nobody offers is removed, and comes back under its id', async () => {
    await fold(upsert('netflix:1', 1, { title: 'Stree' }), remove('netflix:1', 2), remove('netflix:77', 1));
    expect(await works()).toMatchObject([{ isRemoved: true, version: 2 }]);
    expect((await changes()).map(({ kind }) => kind)).toEqual(['ADDED', 'REMOVED']);
    await fold(upsert('netflix:1', 3, { title: 'Stree' }));
    const [before] = await works();
    await fold(remove('netflix:1', 4));
    expect((await works())[0]).toMatchObject({ isRemoved: true, version: 4 });
    await fold(upsert('hotstar:5', 1, { title: 'Stree' }));
    expect(await works()).toMatchObject([{ _id: before?._id, isRemoved: false, version: 5 }]);
    expect((await changes()).map(({ kind, change }) => [kind, change.platforms, change.work === null])).toEqual([
      ['ADDED', ['NETFLIX'], false],
      ['REMOVED', ['NETFLIX'], true],
      ['UPDATED', ['NETFLIX'], false],
      ['REMOVED', ['NETFLIX'], true],
      ['UPDATED', ['HOTSTAR'], false],
    ]);
  });
});

test('a renamed record keeps its work; another title under a renumbered id goes to its own', async () => {
  await fold(
    upsert('netflix:s1', 1, { title: 'Dearest Boy', ...CAST }),
    upsert('netflix:s2', 1, { title: 'Chef', releaseYear: 2014 }),
  );
  const idOf = async (key: string): Promise<string | null | undefined> => (await source(key))?.workId;
  const [boy, chef] = [await idOf('netflix:s1'), await idOf('netflix:s2')];
  await fold(upsert('netflix:s1', 2, { title: "A'azz El Weld", ...CAST }));
  expect(await idOf('netflix:s1')).toBe(boy);
  await fold(
    upsert('netflix:s1', 3, { title: 'Chef', releaseYear: 2014 }),
    upsert('netflix:s2', 3, { title: "A'azz El Weld", ...CAST }),
  );
  expect([await idOf('netflix:s1'), await idOf('netflix:s2')]).toEqual([chef, boy]);
});

test('a mention without news is no change, but the offer was seen', async () => {
  await fold(upsert('netflix:1', 1, { title: 'Stree' }));
  ports.clock.advance(60_000);
  await fold(upsert('netflix:1', 2, { title: 'Stree' }));
  expect(await changes()).toHaveLength(1);
  expect((await works())[0]).toMatchObject({ version: 1, offers: [{ lastSeenAt: '2026-06-24T09:31:00.000Z' }] });
});

describe('cut short', () => {
  const events = [
    upsert('netflix:1', 1, { title: 'Stree' }),
    upsert('hotstar:3', 1, { title: 'Stree' }),
    upsert('hotstar:4', 1, { title: 'Chef' }),
  ];

  test('after everything but the commit: the same changes again under their ids, and nothing else', async () => {
    const batch = batchOf(...events);
    await new CatalogueSync(ports).fold(batch);
    const before = await works();
    await new CatalogueSync(ports).fold(batch);
    expect(await works()).toEqual(before);
    expect(new Set((await changes()).map(({ id }) => id)).size).toBe(2);
  });

  test('the topic replayed into an empty store makes the same catalogue', async () => {
    await fold(...events);
    const other = await openTestPorts();
    const again = new CatalogueSync(other);
    for (const event of new Folding(other).batchOf(...events)) await again.fold([event]);
    const copy = await contentCollections(other.store).works.find({}).toArray();
    await other.close();
    const byId = (documents: WorkDocument[]) => documents.toSorted((a, b) => (a._id < b._id ? -1 : 1));
    expect(byId(copy).map(({ toldVersion, ...rest }) => rest)).toEqual(
      byId(await works()).map(({ toldVersion, ...rest }) => rest),
    );
  });
});

test('a process that takes over, and one that comes back, know what the other has placed', async () => {
  const other = new CatalogueSync(ports);
  await fold(upsert('netflix:1', 1, { title: 'Stree' }));
  await other.fold(batchOf(upsert('hotstar:3', 1, { title: 'Stree' }), upsert('hotstar:4', 1, { title: 'Chef' })));
  await fold(upsert('prime_video:9', 1, { title: 'Chef' }));
  expect((await works()).map(({ offers }) => offers.length)).toEqual([2, 2]);
});

test('a record that another process stored a moment ago is no obstacle', async () => {
  const { sources } = contentCollections(ports.store);
  const known = await findByIds(sources, ['netflix:1']);
  await fold(upsert('netflix:1', 1, { title: 'Stree' }));
  const stored = await source('netflix:1');
  if (!stored) throw new Error('not stored');
  await saveAll(
    sources,
    [
      { ...stored, version: 2 },
      { ...stored, _id: 'netflix:2', platformId: '2' },
    ],
    known,
  );
  expect([(await source('netflix:1'))?.version, (await source('netflix:2'))?.version]).toEqual([2, 1]);
});
