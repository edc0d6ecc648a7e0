/** What is packed comes back as it was, whatever was learned. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyProfile, learn, type Profile } from '../../../subgraphs/recommendation/domain/profile.ts';
import { pack, unpack } from '../../../subgraphs/recommendation/profile-codec.ts';
import { anInteraction, NOW } from './works.ts';

/** As a store gives it back. */
const restored = (profile: Profile): Profile => unpack(JSON.parse(JSON.stringify(pack(profile))));

const interaction = fc.record({
  contentId: fc.integer({ min: 0, max: 40 }).map((i) => `t${i}`),
  type: fc.constantFrom('watch' as const, 'pause' as const, 'complete' as const, 'skip' as const, 'dislike' as const),
  at: fc.double({ min: NOW - 1e10, max: NOW, noNaN: true }),
  zone: fc.constantFrom(null, 'Asia/Kolkata', '-03:30'),
  progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  positionMs: fc.option(fc.integer({ min: 0, max: 1e9 })),
  durationMs: fc.option(fc.integer({ min: 1, max: 1e9 })),
  platform: fc.option(fc.constantFrom('netflix', 'prime_video', '映画')),
  title: fc.option(fc.string()),
  genres: fc.array(fc.constantFrom('comedy', 'drama', '7', '__x', 'ужасы'), { maxLength: 4 }),
});

test('any profile that was learned', () => {
  fc.assert(
    fc.property(fc.array(interaction, { maxLength: 80 }), fc.boolean(), (interactions, inCatalogue) => {
      const profile = emptyProfile();
      for (const [i, given] of interactions.entries()) {
        learn(profile, anInteraction({ ...given, id: `e${i}` }), given.genres, inCatalogue);
      }
      const back = restored(profile);
      expect(back).toEqual(profile);
      // And goes on learning as the one that stayed in memory does.
      for (const each of [back, profile]) learn(each, anInteraction({ contentId: 't0' }), ['comedy', 'drama'], true);
      expect(back).toEqual(profile);
    }),
    { numRuns: 60 },
  );
});

test('a profile as large as they get, after a small one', () => {
  const large = emptyProfile();
  for (let i = 0; i < 5_000; i += 1) {
    const genres = Array.from({ length: 3 }, (_, place) => `genre-${(i * 7 + place) % 300}`);
    learn(large, anInteraction({ contentId: `t${i}`, platform: `p${i % 40}`, at: NOW + i * 1e6 }), genres, false);
  }
  expect(restored(emptyProfile())).toEqual(emptyProfile());
  expect(restored(large)).toEqual(large);
  expect(large.titles).toHaveLength(1_000);
});

test('a profile in a format that this version does not know keeps what is readable, and is begun anew', () => {
  const profile = { ...emptyProfile(), interactionCount: 7, favourites: ['comedy'] };
  learn(profile, anInteraction(), ['drama'], true);
  const stored = { ...pack(profile), packed: Buffer.from([255, 1, 2]).toString('base64') };
  const begunAnew = { ...emptyProfile(), interactionCount: 8, favourites: ['comedy'] };
  expect(unpack(stored)).toMatchObject({
    ...begunAnew,
    distinctContentCount: 1,
    firstAt: NOW,
    lastAt: NOW,
    zone: profile.zone,
  });
});

test('a profile of the format before is read: what it did not know is empty', () => {
  const profile = emptyProfile();
  learn(profile, anInteraction({ type: 'complete' }), ['drama'], true);
  profile.latest = [];
  const stored = pack(profile);
  const packed = Buffer.from(stored.packed, 'base64');
  // After the format and two scales comes what is new: a count of none.
  const before = Buffer.concat([Buffer.from([1]), packed.subarray(1, 17), packed.subarray(17 + 1)]);
  expect(unpack({ ...stored, packed: before.toString('base64') })).toEqual(profile);
});
