/** Works and events for tests: only what a test is about needs to be said. */

import type { ContentChange, WorkSummary } from '../../../schema/events/content-change.ts';
import { toMessage } from '../../../schema/events/envelope.ts';
import type { Interaction } from '../../../subgraphs/recommendation/domain/interaction.ts';

export const NOW = Date.UTC(2026, 5, 24, 9, 30);
const DAY_MS = 86_400_000;

export const aWork = (id: string, given: Partial<WorkSummary> = {}): WorkSummary => ({
  id,
  type: 'MOVIE',
  title: `Title of ${id}`,
  description: null,
  releaseYear: 2020,
  runtimeMinutes: 100,
  genres: ['drama'],
  moodTags: [],
  cast: [],
  directors: [],
  minAge: 7,
  offers: [{ platform: 'netflix', platformId: `n-${id}` }],
  addedAt: null,
  ...given,
});

/** A few titles of each genre, spread over the platforms: `comedy-0` … */
export function someWorks(genres: readonly string[], perGenre: number): WorkSummary[] {
  const platforms = ['netflix', 'prime_video', 'hotstar'] as const;
  return genres.flatMap((genre) =>
    Array.from({ length: perGenre }, (_, i) =>
      aWork(`${genre}-${i}`, {
        title: `${genre} number ${i}`,
        genres: [genre],
        minAge: [7, 13, 16, 18][i % 4] ?? null,
        offers: [{ platform: platforms[i % 3] ?? 'netflix', platformId: `p-${i}-${genre}` }],
        addedAt: NOW - i * DAY_MS,
      }),
    ),
  );
}

export const anInteraction = (given: Partial<Interaction> = {}): Interaction => ({
  id: 'e-1',
  userId: 'ada',
  type: 'watch',
  contentId: 'comedy-0',
  platform: 'netflix',
  at: NOW,
  zone: null,
  progress: 1,
  positionMs: null,
  durationMs: null,
  title: null,
  genres: [],
  ...given,
});

/** As the content subgraph would announce it. */
export function added(work: WorkSummary) {
  const change: ContentChange = {
    kind: 'ADDED',
    contentId: work.id,
    platforms: work.offers.map(({ platform }) => platform.toUpperCase()),
    genres: work.genres,
    at: NOW,
    work,
  };
  return toMessage({ source: '/content', type: 'content.work.added', timeMs: NOW }, work.id, change);
}
