import { describe, expect, test } from '@jest/globals';
import type { WorkSummary } from '../../../../schema/events/content-change.ts';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { buildHome } from '../../../../subgraphs/recommendation/domain/home.ts';
import { Popularity } from '../../../../subgraphs/recommendation/domain/popularity.ts';
import { emptyProfile, learn, type Profile } from '../../../../subgraphs/recommendation/domain/profile.ts';
import { NO_FILTER, recommend } from '../../../../subgraphs/recommendation/domain/ranking.ts';
import type { Evidence } from '../../../../subgraphs/recommendation/domain/reasons.ts';
import { scoreTitles } from '../../../../subgraphs/recommendation/domain/scoring.ts';
import { similarTitles } from '../../../../subgraphs/recommendation/domain/similar.ts';
import { Snapshots } from '../../../../subgraphs/recommendation/domain/snapshot.ts';
import { viewerOf } from '../../../../subgraphs/recommendation/domain/viewer.ts';
import type { Window } from '../../../../subgraphs/recommendation/domain/windows.ts';
import { anInteraction, aWork, NOW, someWorks } from '../works.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const GENRES = ['comedy', 'crime', 'drama', 'horror', 'music'];
const WORKS = someWorks(GENRES, 12);

interface Given {
  readonly profile?: Profile;
  readonly window?: Window;
  readonly works?: readonly WorkSummary[];
  readonly popularity?: Popularity;
}

function evidenceOf({ profile = emptyProfile(), window = 'MORNING', works = WORKS, popularity }: Given = {}): Evidence {
  const catalogue = new Catalogue();
  for (const work of works) catalogue.put(work);
  const snapshot = new Snapshots(catalogue, popularity ?? new Popularity()).at(NOW);
  const { index, popularity: rows, crowd, openOffers } = snapshot;
  const viewer = viewerOf(profile, window, crowd, index, (id) => catalogue.find(id), openOffers.bitsIn(null));
  return { index, popularity: rows, viewer, scores: scoreTitles(index, rows, viewer) };
}

/** Comedy at nine in the morning and crime at eleven at night, on Netflix, `days` times; titles 0..5 of each in turn. */
function breakfastComedy(days: number): Profile {
  const profile = emptyProfile();
  for (let day = 0; day < days; day += 1) {
    for (const [genre, at] of [
      ['comedy', NOW],
      ['crime', NOW + 13.5 * HOUR_MS],
    ] as const) {
      const contentId = `${genre}-${day % 6}`;
      learn(profile, anInteraction({ contentId, at: at - (days - day) * DAY_MS }), [genre], true);
    }
  }
  return profile;
}

const genreOf = (contentId: string): string => contentId.split('-')[0] as string;

describe('recommend', () => {
  test('ranks from 1 by the fusion of the parts, all in 0..1', () => {
    const found = recommend(evidenceOf({ profile: breakfastComedy(10) }), NO_FILTER, 20);
    expect(found.map(({ rank }) => rank)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    for (const { score, parts, similarityScore, temporalBoost, confidence, reason, reasons } of found) {
      const [temporal, semantic, discovery] = parts.weights as [number, number, number];
      const fused = temporal * parts.temporal + semantic * parts.semantic + discovery * parts.discovery;
      expect(score).toBeCloseTo(fused, 5);
      expect(similarityScore).toBe(parts.semantic);
      for (const value of [score, parts.temporal, parts.semantic, parts.discovery, confidence]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(temporalBoost).toBeGreaterThanOrEqual(0.7 - 1e-6);
      expect(temporalBoost).toBeLessThanOrEqual(1.3 + 1e-6);
      expect(reasons[0]?.text).toBe(reason);
    }
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  test('offers comedy in the morning and crime at night to who watches so', () => {
    const profile = breakfastComedy(20);
    const first = (window: Window) => recommend(evidenceOf({ profile, window }), NO_FILTER, 3);
    expect(genreOf(first('MORNING')[0]?.contentId ?? '')).toBe('comedy');
    expect(genreOf(first('NIGHT')[0]?.contentId ?? '')).toBe('crime');
    const texts = first('MORNING').flatMap(({ reasons }) => reasons.map(({ text }) => text));
    expect(texts).toContain('Matches your morning preference for comedy');
  });

  test('never speaks of a time of day on five plays', () => {
    const profile = emptyProfile();
    for (let i = 0; i < 5; i += 1) {
      learn(profile, anInteraction({ contentId: `comedy-${i}`, at: NOW - i * DAY_MS }), ['comedy'], true);
    }
    const found = recommend(evidenceOf({ profile }), NO_FILTER, 60);
    expect(found.flatMap(({ reasons }) => reasons.filter(({ kind }) => kind === 'TIME_WINDOW'))).toEqual([]);
  });

  test('names a title that was watched, and only such', () => {
    const profile = breakfastComedy(3);
    const found = recommend(evidenceOf({ profile }), NO_FILTER, 40).flatMap(({ reasons }) => reasons);
    const named = found.flatMap(({ kind, contentId }) => (kind === 'SIMILAR_TITLE' ? [contentId] : []));
    const watched = profile.titles.map(({ id }) => id);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !watched.includes(id ?? ''))).toEqual([]);
  });

  test('leaves watched titles out unless told otherwise, and disliked ones always', () => {
    const profile = breakfastComedy(6);
    learn(profile, anInteraction({ contentId: 'drama-0', type: 'dislike', progress: null }), ['drama'], true);
    const ids = (includeWatched: boolean) =>
      recommend(evidenceOf({ profile }), { ...NO_FILTER, includeWatched }, 60).map(({ contentId }) => contentId);
    expect(ids(false)).not.toContain('comedy-0');
    expect(ids(true)).toContain('comedy-0');
    expect(ids(true)).not.toContain('drama-0');
    expect(ids(true)).toHaveLength(WORKS.length - 1);
  });

  test('a page is full after filtering, and every title on it passes', () => {
    const works = [...WORKS, aWork('unrated', { minAge: null, genres: ['comedy'] })];
    const filter = {
      platforms: ['hotstar', 'netflix'],
      genres: ['comedy', 'drama'],
      maxMinAge: 13,
      includeWatched: false,
    };
    const found = recommend(evidenceOf({ works }), filter, 8);
    expect(found).toHaveLength(8);
    for (const { contentId } of found) {
      const work = works.find(({ id }) => id === contentId);
      expect(['hotstar', 'netflix']).toContain(work?.offers[0]?.platform);
      expect(['comedy', 'drama']).toContain(work?.genres[0]);
      expect(work?.minAge).toBeLessThanOrEqual(13);
    }
  });

  test('one place in ten is for a genre that leads no title before it, the same all day', () => {
    const works = WORKS.map((work, i) => ({ ...work, title: `Story of ${String.fromCodePoint(0x3b1 + i)}` }));
    const ask = (seed: number | null) =>
      recommend(evidenceOf({ profile: breakfastComedy(20), works }), NO_FILTER, 20, seed).map(
        ({ contentId, reason }) => `${contentId} ${reason}`,
      );
    const page = ask(7);
    expect(page).toHaveLength(20);
    expect(page[9]).toContain('Something new to try: ');
    expect(ask(7)).toEqual(page);
    expect(ask(null).filter((title) => title.includes('Something new to try: '))).toEqual([]);
  });

  test('at most three of one series while there are others', () => {
    const parts = Array.from({ length: 9 }, (_, i) =>
      aWork(`part-${i}`, { title: `Rocky ${i + 2}`, genres: ['comedy'] }),
    );
    const others = Array.from({ length: 9 }, (_, i) =>
      aWork(`other-${i}`, { title: `${'abcdefghi'[i]} alone`, genres: ['drama'] }),
    );
    const found = recommend(evidenceOf({ profile: breakfastComedy(6), works: [...parts, ...others] }), NO_FILTER, 10);
    expect(found).toHaveLength(10);
    expect(found.filter(({ contentId }) => contentId.startsWith('part-')).length).toBeLessThanOrEqual(3);
  });

  test('the same question has the same answer', () => {
    const ask = () => recommend(evidenceOf({ profile: breakfastComedy(10) }), NO_FILTER, 20);
    expect(ask()).toEqual(ask());
  });
});

describe('popularity', () => {
  const watchedBy = (users: number, contentId: string, at = NOW): Popularity => {
    const popularity = new Popularity();
    for (let user = 0; user < users; user += 1) {
      popularity.add(anInteraction({ userId: `u${user}`, contentId, at }), [genreOf(contentId)], 'UTC');
    }
    return popularity;
  };

  test('a new user is offered what everybody watches, and told so', () => {
    const [first] = recommend(evidenceOf({ popularity: watchedBy(20, 'music-3') }), NO_FILTER, 5);
    expect(first).toMatchObject({ contentId: 'music-3', reason: 'Popular in the morning' });
  });

  test('one user makes nothing popular alone', () => {
    const popularity = watchedBy(3, 'music-3');
    for (let i = 0; i < 1_000; i += 1) popularity.add(anInteraction({ contentId: 'drama-1' }), ['drama'], 'UTC');
    expect(recommend(evidenceOf({ popularity }), NO_FILTER, 1)[0]?.contentId).toBe('music-3');
  });

  test('where nobody has watched anything nothing is called popular', () => {
    const found = recommend(evidenceOf(), NO_FILTER, 10);
    expect(found).toHaveLength(10);
    expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['Something new to try']));
  });
});

describe('home', () => {
  const options = { rows: 6, perRow: 5, filter: NO_FILTER, anonymous: false };

  test('has every row for who has watched, no title in two of them', () => {
    const profile = breakfastComedy(5);
    learn(profile, anInteraction({ contentId: 'drama-7', progress: 0.4 }), ['drama'], true);
    const popularity = new Popularity();
    for (const [i, { id }] of WORKS.filter(({ genres }) => genres.includes('music')).entries()) {
      popularity.add(anInteraction({ userId: `u${i}`, contentId: id }), [genreOf(id)], 'UTC');
    }
    const rows = buildHome(evidenceOf({ profile, popularity }), options);
    expect(rows.map(({ kind }) => kind)).toEqual([
      'CONTINUE_WATCHING',
      'FOR_THIS_TIME',
      'BECAUSE_YOU_WATCHED',
      'DISCOVER_ON_OTHER_PLATFORMS',
      'NEW_FOR_YOU',
      'POPULAR_NOW',
    ]);
    expect(rows[0]?.items.map(({ contentId }) => contentId)).toEqual(['drama-7']);
    expect(rows[2]).toMatchObject({ id: 'because:drama-7', title: 'Because you watched drama number 7' });
    expect(rows[3]?.title).toBe('Discover on Prime Video and Hotstar');
    const ids = rows.flatMap(({ items }) => items.map(({ contentId }) => contentId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of a new user has what is new and what is popular', () => {
    expect(buildHome(evidenceOf(), options).map(({ kind }) => kind)).toEqual(['NEW_FOR_YOU', 'POPULAR_NOW']);
  });

  test('of nobody in particular has only what is popular', () => {
    const rows = buildHome(evidenceOf(), { ...options, anonymous: true });
    expect(rows.map(({ kind }) => kind)).toEqual(['POPULAR_NOW']);
    expect(rows[0]?.items).toHaveLength(5);
  });

  test('keeps the parental lock in every row, what was begun included', () => {
    const profile = breakfastComedy(5);
    learn(profile, anInteraction({ contentId: 'drama-3', progress: 0.4 }), ['drama'], true); // from 18
    const rows = buildHome(evidenceOf({ profile }), { ...options, filter: { ...NO_FILTER, maxMinAge: 7 } });
    const ages = rows.flatMap(({ items }) =>
      items.map((item) => WORKS.find(({ id }) => id === item.contentId)?.minAge),
    );
    expect(new Set(ages)).toEqual(new Set([7]));
  });
});

test('similar titles share what is told of them, and are never the title itself', () => {
  const works = [
    aWork('a', { title: 'Alpha', genres: ['crime'], cast: ['Kim Wexler'], description: 'A lawyer in the desert' }),
    aWork('b', { title: 'Beta', genres: ['crime'], cast: ['Kim Wexler'], description: 'A chemist in the desert' }),
    aWork('c', { title: 'Gamma', genres: ['comedy'], cast: ['Someone Else'], description: 'A wedding' }),
    aWork('d', { title: 'Delta', genres: ['comedy'], cast: ['Someone Else'], description: 'A funeral' }),
  ];
  const { index, viewer } = evidenceOf({ works });
  const [first, ...others] = similarTitles(index, viewer.open, 'a', 10);
  expect(first?.contentId).toBe('b');
  expect(first?.because).toEqual(expect.arrayContaining(['Crime', 'Kim Wexler', 'desert']));
  expect(others).toEqual([]);
  expect(similarTitles(index, viewer.open, 'unknown', 10)).toEqual([]);
});
