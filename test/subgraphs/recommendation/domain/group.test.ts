import { expect, test } from '@jest/globals';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { recommendToGroup } from '../../../../subgraphs/recommendation/domain/group.ts';
import { Popularity } from '../../../../subgraphs/recommendation/domain/popularity.ts';
import { emptyProfile, learn, type Profile } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { Snapshots } from '../../../../subgraphs/recommendation/domain/snapshot.ts';
import { viewerOf } from '../../../../subgraphs/recommendation/domain/viewer.ts';
import { anInteraction, aWork, NOW, someWorks } from '../works.ts';

const both = Array.from({ length: 3 }, (_, i) =>
  aWork(`both-${i}`, { title: `${'xyz'[i]} together`, genres: ['comedy', 'crime'] }),
);
const catalogue = new Catalogue();
for (const work of [...someWorks(['comedy', 'crime', 'drama'], 8), ...both]) catalogue.put(work);
const { index, popularity, crowd, openOffers } = new Snapshots(catalogue, new Popularity()).at(NOW);

const fanOf = (genre: string, plays = 6): Profile => {
  const profile = emptyProfile();
  for (let i = 0; i < plays; i += 1) {
    learn(profile, anInteraction({ contentId: `${genre}-${i}`, at: NOW - i * 86_400_000 }), [genre], true);
  }
  return profile;
};
const forGroup = (profiles: readonly Profile[], first = 3) => {
  const members = profiles.map((profile) =>
    viewerOf(profile, 'EVENING', crowd, index, (id) => catalogue.find(id), openOffers.bitsIn(null)),
  );
  return recommendToGroup(index, popularity, members, first);
};

test('two of different taste are offered what both like, not what one loves', () => {
  const found = forGroup([fanOf('comedy'), fanOf('crime')]);
  expect(found.map(({ contentId }) => contentId).sort()).toEqual(both.map(({ id }) => id));
  for (const { score, memberScores } of found) {
    const mean = memberScores.reduce((a, b) => a + b, 0) / 2;
    expect(score).toBeCloseTo(0.7 * Math.min(...memberScores) + 0.3 * mean, 5);
  }
});

test('three against one do not outvote the one', () => {
  const found = forGroup([fanOf('comedy'), fanOf('comedy'), fanOf('comedy'), fanOf('crime')]);
  expect(found[0]?.contentId).toMatch(/^both-/);
});

test('what one has watched or does not want is offered to nobody', () => {
  const against = fanOf('crime');
  learn(against, anInteraction({ contentId: 'both-1', type: 'dislike', progress: null }), ['comedy', 'crime'], true);
  learn(against, anInteraction({ contentId: 'both-2', type: 'dismiss', progress: null }), ['comedy', 'crime'], true);
  const ids = forGroup([fanOf('comedy'), against], 100).map(({ contentId }) => contentId);
  for (const id of ['both-1', 'both-2', 'comedy-0', 'crime-0']) expect(ids).not.toContain(id);
  expect(ids).toContain('both-0');
});

test('a group of nobody is offered nothing, one of one what suits them', () => {
  expect(forGroup([])).toEqual([]);
  const [first] = forGroup([fanOf('crime')]);
  expect(first?.contentId).toMatch(/^(crime|both)-/);
  expect(first?.memberScores).toHaveLength(1);
});
