/** What a profile and a title take in memory: what the garbage collector cannot free. */
import type { WorkSummary } from '../../schema/events/content-change.ts';
import { Catalogue } from '../../subgraphs/recommendation/domain/catalogue.ts';
import { CoOccurrence } from '../../subgraphs/recommendation/domain/co-occurrence.ts';
import { Popularity } from '../../subgraphs/recommendation/domain/popularity.ts';
import { learn } from '../../subgraphs/recommendation/domain/profile.ts';
import { Snapshots } from '../../subgraphs/recommendation/domain/snapshot.ts';
import { sizeBytesOf } from '../../subgraphs/recommendation/profile-cache.ts';
import { newDocument, type ProfileDocument } from '../../subgraphs/recommendation/profiles.ts';
import { readInteraction } from '../../subgraphs/recommendation/user-events.ts';
import { events, take, work } from './recommendation-events.ts';
import { say, WORKS, whole } from './recommendation-figures.ts';

function heldBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const PROFILES = 1_000;

function profilesOf(playsEach: number): void {
  const catalogue = new Catalogue();
  const count = PROFILES * playsEach;
  const values = take(events(PROFILES, WORKS, count), count).map(({ value }) => String(value));
  const before = heldBytes();
  const profiles = new Map<string, ProfileDocument>();
  for (const value of values) {
    const play = readInteraction(JSON.parse(value), catalogue, Date.now());
    const profile = profiles.get(play.userId) ?? newDocument(play.userId);
    profiles.set(play.userId, profile);
    learn(profile, play, play.genres, true);
  }
  const each = (heldBytes() - before) / profiles.size;
  const all = [...profiles.values()];
  const titles = all.reduce((sum, profile) => sum + profile.titles.length, 0) / all.length;
  const counted = all.reduce((sum, profile) => sum + sizeBytesOf(profile), 0) / all.length;
  say(
    `a profile in memory, with ${whole(titles)} titles touched (of ${whole(values.length)} plays)`,
    `${whole(each)} bytes; the caches count ${whole(counted)}`,
  );
}

function titles(): void {
  const before = heldBytes();
  const catalogue = new Catalogue();
  for (let i = 0; i < WORKS; i += 1) catalogue.put(JSON.parse(JSON.stringify(work(i))) as WorkSummary);
  const snapshots = new Snapshots(catalogue, new Popularity());
  const { index } = snapshots.at(Date.now());
  const perTitle = (heldBytes() - before) / WORKS;
  say(`a title in memory: catalogue, terms and index, of ${whole(index.size)}`, `${whole(perTitle)} bytes`);
}

function neighbours(): void {
  const plays = take(events(2_000, WORKS, 200_000), 200_000).map(({ value }) => String(value));
  const catalogue = new Catalogue();
  const before = heldBytes();
  const counts = new CoOccurrence();
  for (const value of plays) counts.fold(readInteraction(JSON.parse(value), catalogue, Date.now()));
  const perTitle = (heldBytes() - before) / counts.size;
  say(`the neighbours of a title, after ${whole(plays.length)} plays`, `${whole(perTitle)} bytes`);
}

neighbours(); // first: memory that was freed before would be counted in its favour
profilesOf(30);
profilesOf(100);
titles();
