/** A process that dies at any of its writes: the next one comes to the catalogue that there would have been without it. */
import { expect, test } from '@jest/globals';
import { CatalogueSync } from '../../../subgraphs/content/catalogue-sync.ts';
import type { CatalogueEvent } from '../../../subgraphs/content/decision-event.ts';
import { openTestPorts } from '../../support/ports.ts';
import { cutShort } from './cut-short.ts';
import { Folding, link, split, type ToldChange } from './folding.ts';
import { remove, upsert } from './records.ts';
import { catalogueOf } from './replay.ts';

const RAO = { cast: ['Rajkummar Rao', 'Shraddha Kapoor'] };
const CHEF = { title: 'Chef', releaseYear: 2014, cast: ['Jon Favreau', 'Sofia Vergara'] };

const SCENES: Record<string, readonly CatalogueEvent[]> = {
  'records that match': [
    upsert('netflix:1', 1, { title: 'Stree' }),
    upsert('hotstar:3', 1, { title: 'Stree' }),
    upsert('hotstar:4', 1, { title: 'Chef' }),
    remove('hotstar:3', 2),
    upsert('prime_video:3', 1, { title: 'Chef' }),
  ],
  'a record that moves twice, and one that takes its place': [
    upsert('netflix:s1', 1, { title: 'Stree', ...RAO }),
    upsert('hotstar:3', 1, { title: 'Stree', ...RAO }),
    upsert('hotstar:4', 1, CHEF),
    upsert('netflix:s1', 2, CHEF),
    upsert('netflix:s2', 1, { title: 'Stree', ...RAO }),
    upsert('netflix:s1', 3, { title: 'Roma', releaseYear: 2018, cast: ['Yalitza Aparicio', 'Marina de Tavira'] }),
    remove('netflix:s2', 2),
  ],
  'a correction that makes two works one': [
    upsert('netflix:1', 1, { title: 'Stree', releaseYear: 1995, ...RAO }),
    upsert('prime_video:9', 1, { title: 'Stree', edition: 'Tamil', releaseYear: 1995, ...RAO }),
    upsert('hotstar:3', 1, { title: 'Stree', releaseYear: 2018, runtimeMinutes: 127 }),
    upsert('hotstar:3', 2, { title: 'Stree', releaseYear: 1995, runtimeMinutes: 120 }),
    upsert('hotstar:4', 1, CHEF),
  ],
  'what an operator has decided': [
    upsert('netflix:1', 1, { title: 'Stree' }),
    upsert('hotstar:3', 1, { title: 'Stree' }),
    split('hotstar:3'),
    upsert('hotstar:3', 2, { title: 'Stree', description: 'New' }),
    upsert('hotstar:4', 1, { title: 'Chef' }),
    link('hotstar:4', 'netflix:1'),
    split('netflix:1'),
  ],
};

/** What does not depend on how often a work was stored. */
async function lasting(folding: Folding): Promise<unknown> {
  const { works, ...rest } = (await catalogueOf(folding.ports)) as { works: { version: number }[] };
  return { ...rest, works: works.map(({ version: _, ...work }) => work) };
}

/** The last that was told of each work. */
const toldOf = (changes: readonly ToldChange[]): Map<string, boolean> =>
  new Map(changes.map(({ change }) => [change.contentId, change.work === null]));

test.each(Object.entries(SCENES))('%s', async (_, events) => {
  const ports = await openTestPorts();
  const calm = new Folding(ports);
  await calm.fold(...events);
  const [wanted, wantedTold] = [await lasting(calm), toldOf(await calm.changes())];
  await ports.close();
  let deaths = 0;
  for (let diesAt = 1, hasDied = true; hasDied; diesAt += 1) {
    const own = await openTestPorts();
    const folding = new Folding(own);
    const batch = folding.batchOf(...events);
    const cut = cutShort(own, diesAt);
    await new CatalogueSync(cut.ports).fold(batch).catch((error) => expect(error.message).toBe('cut short'));
    hasDied = cut.hasDied();
    if (hasDied) {
      deaths += 1;
      await new CatalogueSync(own).fold(batch);
    }
    expect({ diesAt, ...((await lasting(folding)) as object) }).toEqual({ diesAt, ...(wanted as object) });
    expect(toldOf(await folding.changes())).toEqual(wantedTold);
    await own.close();
  }
  expect(deaths).toBeGreaterThan(events.length);
});
