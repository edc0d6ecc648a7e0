/** Learning against the real embedded store: what a crash, a repeat and a rival leave behind. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoStore } from '../../../platform/adapters/mongo-store.ts';
import type { ValidatedEvent } from '../../../platform/dead-letters.ts';
import { Catalogue } from '../../../subgraphs/recommendation/domain/catalogue.ts';
import type { Interaction } from '../../../subgraphs/recommendation/domain/interaction.ts';
import { learn } from '../../../subgraphs/recommendation/domain/profile.ts';
import { Learner } from '../../../subgraphs/recommendation/learner.ts';
import { newDocument, openProfiles, type Profiles } from '../../../subgraphs/recommendation/profiles.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { describeReal } from '../../support/real-services.ts';
import { anInteraction, NOW, someWorks } from './works.ts';

let ports: TestPorts;
let profiles: Profiles;
let catalogue: Catalogue;

beforeEach(async () => {
  ports = await openTestPorts();
  profiles = openProfiles(ports.store);
  catalogue = new Catalogue();
  for (const work of someWorks(['comedy'], 12)) catalogue.put(work);
});
afterEach(() => ports.close());

const learnerOver = (over: Profiles): Learner => new Learner(ports.log, ports.clock, over, catalogue);

const at = (offset: number, event: Interaction, partition = 0): ValidatedEvent<Interaction> => ({
  event,
  logged: { topic: 'user_events', partition, offset, key: event.userId, value: null, headers: {}, timestamp: NOW },
});

/** Ten plays of different titles, at offsets 0 to 9. */
const batch = (userId = 'ada') =>
  Array.from({ length: 10 }, (_, i) =>
    at(i, anInteraction({ id: `${userId}-${i}`, userId, contentId: `comedy-${i}`, at: NOW + i })),
  );

const countOf = async (userId = 'ada'): Promise<number | undefined> =>
  (await profiles.findByIds([userId])).get(userId)?.interactionCount;

test('a batch that comes again counts once', async () => {
  const learner = learnerOver(profiles);
  await learner.learn(batch());
  const [before] = (await profiles.findByIds(['ada'])).values();
  await learner.learn(batch());
  await learner.learn(batch().slice(4));
  expect((await profiles.findByIds(['ada'])).get('ada')).toEqual(before);
  expect(before).toMatchObject({ interactionCount: 10, version: 1, folded: { 0: 10 } });
});

test('a crash between storing interactions and profiles loses none', async () => {
  const crashing: Profiles = {
    ...profiles,
    save: async () => {
      throw new Error('the process died');
    },
  };
  await expect(learnerOver(crashing).learn(batch())).rejects.toThrow('the process died');
  expect(await countOf()).toBeUndefined();
  await learnerOver(profiles).learn(batch());
  expect(await countOf()).toBe(10);
});

test('the same event at other places of the log counts once, in one batch and over batches', async () => {
  const event = anInteraction();
  const copies = Array.from({ length: 1_000 }, (_, offset) => at(offset, event));
  await learnerOver(profiles).learn(copies.slice(0, 500));
  await learnerOver(profiles).learn(copies.slice(500));
  await learnerOver(profiles).learn([at(0, event, 1)]);
  expect(await countOf()).toBe(1);
});

describeReal('learning with MongoDB', ['MONGODB_URL'], ({ MONGODB_URL }) => {
  test('repeats within a batch, over batches and after a crash count once, new ones among them too', async () => {
    const database = `learn${process.pid}x${Date.now()}`;
    const store = await MongoStore.open({ url: MONGODB_URL, database, logger: ports.logger });
    const stored = openProfiles(store);
    await learnerOver(stored).learn(batch().slice(0, 6));
    await learnerOver(stored).learn([...batch(), ...batch().map(({ event }, i) => at(10 + i, event))]);
    await Promise.all([1, 2].map(() => learnerOver(stored).learn(batch('bob'))));
    const found = await stored.findByIds(['ada', 'bob']);
    await store.close();
    expect([...found.values()].map(({ interactionCount }) => interactionCount)).toEqual([10, 10]);
  });
});

test('interactions are kept per user, and a user whose id begins with another’s is another', async () => {
  const named = (userId: string) => anInteraction({ id: `${userId}:x`, userId, zone: '+02:00' });
  await learnerOver(profiles).learn(['a', 'a:b', 'ab'].map((userId, offset) => at(offset, named(userId))));
  const found: object[] = [];
  for await (const interaction of profiles.interactionsOf('a')) found.push(interaction);
  expect(found).toEqual([
    {
      _id: 'a:x',
      userId: 'a',
      type: 'watch',
      contentId: 'comedy-0',
      platform: 'netflix',
      at: NOW,
      zone: '+02:00',
      progress: 1,
      partition: 0,
      offset: 0,
    },
  ]);
});

test('a profile read back is the profile that was learned', async () => {
  const learner = learnerOver(profiles);
  const outside = anInteraction({ id: 'e-2', contentId: 'netflix:m-1', title: 'Stranger Things', genres: ['sci_fi'] });
  const disliked = anInteraction({ id: 'e-3', type: 'dislike', contentId: 'comedy-3', progress: null });
  await learner.learn([at(0, anInteraction()), at(1, outside), at(2, disliked)]);
  const expected = newDocument('ada');
  for (const [offset, event] of [anInteraction(), outside, disliked].entries()) {
    const work = catalogue.find(event.contentId);
    learn(expected, event, work?.genres ?? event.genres, work !== undefined);
    expected.folded[0] = offset + 1;
  }
  expected.version = 1;
  expect((await profiles.findByIds(['ada'])).get('ada')).toEqual(expected);
});

test('two processes on the same batch count it once', async () => {
  await Promise.all([1, 2, 3].map(() => learnerOver(profiles).learn(batch())));
  expect(await countOf()).toBe(10);
});

test('a write of another process in between is kept', async () => {
  let interfered = false;
  const rival: Profiles = {
    ...profiles,
    save: async (changed) => {
      if (!interfered) await profiles.setFavourites('ada', ['comedy']);
      interfered = true;
      return profiles.save(changed);
    },
  };
  await learnerOver(rival).learn([...batch('ada'), ...batch('bob').map(({ event }, i) => at(10 + i, event))]);
  const found = await profiles.findByIds(['ada', 'bob']);
  expect(found.get('ada')).toMatchObject({ interactionCount: 10, favourites: ['comedy'], version: 2 });
  expect(found.get('bob')).toMatchObject({ interactionCount: 10, version: 1 });
});

test('a title outside the catalogue is learned from what the event tells', async () => {
  const event = anInteraction({ contentId: 'netflix:movie_123', title: 'Stranger Things', genres: ['sci_fi'] });
  await learnerOver(profiles).learn([at(0, event)]);
  const profile = (await profiles.findByIds(['ada'])).get('ada');
  expect(Object.keys(profile?.windows[0].genres ?? {})).toEqual(['sci_fi']);
  expect(profile?.titles).toMatchObject([{ id: 'netflix:movie_123', title: 'Stranger Things', genres: ['sci_fi'] }]);
});
