import { expect, test } from '@jest/globals';
import { emptyProfile } from '../../../subgraphs/recommendation/domain/profile.ts';
import { ProfileCache, sizeBytesOf } from '../../../subgraphs/recommendation/profile-cache.ts';
import { newDocument } from '../../../subgraphs/recommendation/profiles.ts';

test('what was put back longest ago makes room, by bytes', () => {
  const cache = new ProfileCache();
  const sizeBytes = sizeBytesOf(newDocument('any'));
  for (let i = 0; i < 20_000; i += 1) cache.put(newDocument(`user-${i}`));
  expect(cache.sizeBytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(cache.sizeBytes).toBeGreaterThan(64 * 1024 * 1024 - 2 * sizeBytes);
  expect(cache.take('user-0')).toBeUndefined();
  expect(cache.take('user-19999')).toMatchObject({ _id: 'user-19999', ...emptyProfile() });
});

test('one taken out is the taker’s alone, and what it grew by while out is counted', () => {
  const cache = new ProfileCache();
  const profile = newDocument('ada');
  cache.put(profile);
  expect(cache.take('ada')).toBe(profile);
  expect([cache.take('ada'), cache.sizeBytes]).toEqual([undefined, 0]);
  cache.put(profile);
  cache.put(profile);
  expect(cache.sizeBytes).toBe(sizeBytesOf(profile));
});
