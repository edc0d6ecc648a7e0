/** Works that are merged and split: by what the platforms correct, and by what an operator decides. No id ever stops answering. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { Folding, link, split } from './folding.ts';
import { remove, upsert } from './records.ts';
import { catalogueOf } from './replay.ts';

const RAO = { cast: ['Rajkummar Rao', 'Shraddha Kapoor'] };
const STREE = { title: 'Stree', releaseYear: 2018, runtimeMinutes: 127 };

let ports: TestPorts;
let folding: Folding;
beforeEach(async () => {
  ports = await openTestPorts();
  folding = new Folding(ports);
});
afterEach(() => ports.close());

const kindsOf = async (from: number): Promise<string[]> =>
  (await folding.changes())
    .toSorted((a, b) => a.change.at - b.change.at)
    .slice(from)
    .map(({ kind, change }) => `${kind} ${change.contentId}`)
    .sort();

describe('a correction', () => {
  test('makes two works one: the id that goes answers with the other, and both are told', async () => {
    await folding.fold(
      upsert('netflix:1', 1, { ...STREE, releaseYear: 1995, ...RAO }),
      upsert('prime_video:9', 1, { ...STREE, edition: 'Tamil', releaseYear: 1995, ...RAO }),
      upsert('hotstar:3', 1, { ...STREE, releaseYear: 2018 }),
    );
    const [winner, loser] = [await folding.workIdOf('netflix:1'), await folding.workIdOf('hotstar:3')];
    expect(loser).not.toBe(winner);
    const told = (await folding.changes()).length;
    ports.clock.advance(1);
    await folding.fold(upsert('hotstar:3', 2, { ...STREE, releaseYear: 1995 }));
    expect(await folding.workIdOf('hotstar:3')).toBe(winner);
    expect(await folding.work(loser)).toMatchObject({ isRemoved: true, mergedInto: winner });
    const gone = (await folding.changes()).slice(told).find(({ change }) => change.contentId === loser);
    expect(gone?.change).toMatchObject({ kind: 'REMOVED', work: null, mergedInto: winner });
    expect((await folding.work(winner))?.offers).toHaveLength(3);
    expect(await kindsOf(told)).toEqual([`REMOVED ${loser}`, `UPDATED ${loser}`, `UPDATED ${winner}`].sort());
    const { redirects } = (await catalogueOf(ports)) as { redirects: unknown };
    expect(redirects).toEqual([
      expect.objectContaining({
        ...{ _id: loser, into: winner },
        evidence: { matchedWith: 'netflix:1', score: expect.any(Number), reasons: expect.arrayContaining(['year:0']) },
      }),
    ]);
  });

  test('of two titles of one platform makes none: two stable ids are two titles to it', async () => {
    await folding.fold(
      upsert('netflix:1', 1, { ...STREE, releaseYear: 1995, ...RAO }),
      upsert('netflix:2', 1, { ...STREE, cast: ['Somebody Else', 'And Another', 'A Third'] }),
      upsert('netflix:2', 2, { ...STREE, releaseYear: 1995, ...RAO }),
    );
    expect(await folding.workIdOf('netflix:1')).not.toBe(await folding.workIdOf('netflix:2'));
  });
});

describe('split', () => {
  test('of a wrong match: the record has a work of its own, and stays apart whatever comes', async () => {
    await folding.fold(upsert('netflix:1', 1, STREE), upsert('hotstar:3', 1, STREE));
    const id = await folding.workIdOf('netflix:1');
    await folding.fold(split('hotstar:3'));
    const own = await folding.workIdOf('hotstar:3');
    expect(own).not.toBe(id);
    expect([(await folding.work(id))?.offers, (await folding.work(own))?.offers]).toMatchObject([
      [{ platform: 'netflix' }],
      [{ platform: 'hotstar' }],
    ]);
    folding.restart();
    await folding.fold(
      upsert('hotstar:3', 2, { ...STREE, description: 'Told again, otherwise' }),
      upsert('netflix:1', 2, { ...STREE, description: 'This one, too' }),
    );
    await folding.fold(remove('hotstar:3', 3), remove('netflix:1', 3));
    await folding.fold(upsert('netflix:1', 4, STREE), upsert('hotstar:3', 4, STREE));
    expect([await folding.workIdOf('netflix:1'), await folding.workIdOf('hotstar:3')]).toEqual([id, own]);
  });

  test.each(['hotstar:3', 'netflix:1'] as const)(
    'of a merge by %s: the id that went is back, with its records',
    async (key) => {
      await folding.fold(
        upsert('netflix:1', 1, { ...STREE, releaseYear: 1995 }),
        upsert('prime_video:9', 1, { ...STREE, edition: 'Tamil', releaseYear: 1995 }),
        upsert('hotstar:3', 1, STREE),
      );
      const before = await Promise.all(
        (['netflix:1', 'prime_video:9', 'hotstar:3'] as const).map((it) => folding.workIdOf(it)),
      );
      await folding.fold(link('hotstar:3', 'prime_video:9'));
      expect(new Set([await folding.workIdOf('netflix:1'), await folding.workIdOf('hotstar:3')]).size).toBe(1);
      await folding.fold(split(key));
      const after = await Promise.all(
        (['netflix:1', 'prime_video:9', 'hotstar:3'] as const).map((it) => folding.workIdOf(it)),
      );
      if (key === 'hotstar:3') expect(after).toEqual(before);
      expect(after[0]).not.toBe(after[2]);
    },
  );

  test('of a record that is alone, or unknown, changes nothing', async () => {
    await folding.fold(upsert('netflix:1', 1, STREE));
    const before = await catalogueOf(ports);
    await folding.fold(split('netflix:1'), split('netflix:77'), link('netflix:1', 'hotstar:77'));
    expect(await catalogueOf(ports)).toEqual(before);
  });

  test('a row number given to another title takes no decision along', async () => {
    await folding.fold(upsert('netflix:s1', 1, STREE), upsert('hotstar:3', 1, STREE), split('netflix:s1'));
    const chef = { title: 'Chef', releaseYear: 2014, cast: ['Jon Favreau', 'Sofia Vergara'] };
    await folding.fold(upsert('hotstar:3', 2, chef), upsert('netflix:s1', 2, chef));
    expect(await folding.workIdOf('netflix:s1')).toBe(await folding.workIdOf('hotstar:3'));
  });
});

describe('link', () => {
  test('of what no rule would match: it is one work and stays one, also after new versions and a restart', async () => {
    await folding.fold(upsert('netflix:1', 1, { title: 'Money Heist' }), upsert('hotstar:3', 1, { title: 'Die Bank' }));
    const went = await folding.workIdOf('netflix:1');
    await folding.fold(link('netflix:1', 'hotstar:3'));
    const id = await folding.workIdOf('hotstar:3');
    expect(await folding.workIdOf('netflix:1')).toBe(id);
    expect(await folding.work(went)).toMatchObject({ mergedInto: id });
    folding.restart();
    await folding.fold(
      upsert('netflix:1', 2, { title: 'La casa de papel', releaseYear: 1999, runtimeMinutes: 60 }),
      remove('hotstar:3', 2),
      upsert('hotstar:3', 3, { title: 'Haus des Geldes', releaseYear: 1990 }),
    );
    expect(await folding.workIdOf('netflix:1')).toBe(await folding.workIdOf('hotstar:3'));
  });

  test('takes back a split, and a split takes back a link: what was decided last stands', async () => {
    await folding.fold(upsert('netflix:1', 1, STREE), upsert('hotstar:3', 1, STREE), split('hotstar:3'));
    const ids = [await folding.workIdOf('netflix:1'), await folding.workIdOf('hotstar:3')];
    await folding.fold(link('hotstar:3', 'netflix:1'));
    expect(await folding.workIdOf('hotstar:3')).toBe(await folding.workIdOf('netflix:1'));
    await folding.fold(split('hotstar:3'));
    expect(new Set([await folding.workIdOf('netflix:1'), await folding.workIdOf('hotstar:3')])).toEqual(new Set(ids));
  });

  test('a chain of merges is one step for whoever asks, and can be taken back in its middle', async () => {
    const keys = ['netflix:1', 'hotstar:3', 'prime_video:5'] as const;
    await folding.fold(...keys.map((key, i) => upsert(key, 1, { title: `Film ${['One', 'Owl', 'Tea'][i]}` })));
    const ids = await Promise.all(keys.map((key) => folding.workIdOf(key)));
    await folding.fold(link(keys[0], keys[1]), link(keys[1], keys[2]));
    const all = await folding.workIdOf(keys[2]);
    const merged = await Promise.all(ids.map(async (id) => (await folding.work(id))?.mergedInto ?? id));
    expect(new Set(merged)).toEqual(new Set([all]));
    folding.restart();
    await folding.fold(split(keys[2]));
    expect(await folding.workIdOf(keys[0])).toBe(await folding.workIdOf(keys[1]));
    expect(await folding.workIdOf(keys[2])).not.toBe(await folding.workIdOf(keys[0]));
  });

  test('of works that would be too large is refused', async () => {
    const many = Array.from({ length: 12 }, (_, i) => upsert(`prime_video:${i}`, 1, { title: 'Om', edition: `${i}` }));
    await folding.fold(...many, upsert('netflix:1', 1, { title: 'Chef' }));
    expect((await folding.work(await folding.workIdOf('prime_video:0')))?.offers).toHaveLength(12);
    await folding.fold(link('netflix:1', 'prime_video:0'));
    expect(await folding.workIdOf('netflix:1')).not.toBe(await folding.workIdOf('prime_video:0'));
  });
});
