/**
 * Many users: profiles as they are after 30 plays each, in the embedded store; how long a cold one takes, through the cache that
 * requests go through, and what the process holds while it does all that.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CachedProfiles } from '../../subgraphs/recommendation/cached-profiles.ts';
import { Catalogue } from '../../subgraphs/recommendation/domain/catalogue.ts';
import { learn } from '../../subgraphs/recommendation/domain/profile.ts';
import { newDocument, openProfiles, type ProfileDocument } from '../../subgraphs/recommendation/profiles.ts';
import { readInteraction } from '../../subgraphs/recommendation/user-events.ts';
import { events, random, take } from './recommendation-events.ts';
import {
  MiB,
  PROFILES,
  quantiles,
  say,
  stopwatch,
  WORKS,
  whole,
  withFolder,
  withPorts,
} from './recommendation-figures.ts';

const TITLES = 30;
const TEMPLATES = 500;
const SAVED_AT_ONCE = 2_000;
const REPORTS = 5;
const COLD_READS = 10_000;
const MAX_SECONDS = 420;

/** Learned from events, each of another user. */
function templates(): ProfileDocument[] {
  const catalogue = new Catalogue();
  return Array.from({ length: TEMPLATES }, (_, seed) => {
    const profile = newDocument('');
    for (const { value } of take(events(1, WORKS, TITLES, seed + 2), TITLES)) {
      const play = readInteraction(JSON.parse(String(value)), catalogue, Date.now());
      learn(profile, play, play.genres, true);
    }
    return profile;
  });
}

await withFolder((DATA_DIR) =>
  withPorts({ DATA_DIR }, async (ports) => {
    const learned = templates();
    const profiles = openProfiles(ports.store);
    const took = stopwatch(PROFILES);
    const resident: string[] = [];
    let count = 0;
    while (count < PROFILES && took().seconds < MAX_SECONDS) {
      const slice = Array.from({ length: SAVED_AT_ONCE }, (_, i): ProfileDocument => {
        const template = learned[(count + i) % TEMPLATES] as ProfileDocument;
        return { ...template, _id: `user-${count + i}`, version: 1 };
      });
      await profiles.save(slice);
      count += SAVED_AT_ONCE;
      if (count % (PROFILES / REPORTS) === 0) resident.push(MiB(process.memoryUsage().rss));
    }
    const { seconds } = took();
    say(`${whole(count)} profiles of ${TITLES} titles each put in`, `${whole(count / seconds)} profiles/s`);
    const { size } = await stat(join(DATA_DIR, 'store.db'));
    say('  on disk', `${MiB(size)}, ${whole(size / count)} bytes each`);
    say(`  process memory at every ${whole(PROFILES / REPORTS)} of them, resident`, resident.join(', '));
    const cached = new CachedProfiles(profiles);
    const tail = await cached.follow(ports.log);
    const next = random(5);
    const times: number[] = [];
    for (let i = 0; i < COLD_READS; i += 1) {
      const userId = `user-${Math.floor(next() * count)}`;
      const start = performance.now();
      if (!(await cached.findByIds([userId])).has(userId)) throw new Error(`no ${userId}`);
      times.push(performance.now() - start);
    }
    say('  one of them that is in no cache, read and made ready', quantiles(times));
    say('  the requests’ cache after that', `${MiB(cached.sizeBytes)} by its own count`);
    say('  process memory at the end', `${MiB(process.memoryUsage().rss)} resident`);
    await tail.close();
  }),
);
