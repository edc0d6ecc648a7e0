/** Interactions and works for the benchmark, the same at every run: skewed titles, users of many zones, the public shape. */
import type { NewEvent } from '../../platform/ports/event-log.ts';
import type { WorkSummary } from '../../schema/events/content-change.ts';

const GENRES = ['drama', 'comedy', 'thriller', 'horror', 'kids', 'documentary', 'sci_fi', 'romance', 'crime', 'action'];
const ZONES = ['Australia/Sydney', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York'];
const MINUTE_MS = 60_000;

/** Park and Miller's minimal standard generator: 0..1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Endless, in order of time up to about now. Streams of different seeds have no event in common. */
export function* events(users: number, titles: number, total: number, seed = 7): Generator<NewEvent> {
  const next = random(seed);
  const start = Date.now() - total * 0.2 * MINUTE_MS;
  for (let i = 0; ; i += 1) {
    const user = Math.floor(next() * users);
    const title = Math.floor(next() ** 2 * titles);
    const event = {
      event_id: `e-${seed}-${i}`,
      user_id: `user-${user}`,
      event_type: 'watch',
      content_id: `work-${title}`,
      content_platform: 'netflix',
      context_data: { title: `Title ${title}`, genres: genresOf(title), mood_tags: ['cosy', 'tense'] },
      timestamp: new Date(Math.min(start + i * 0.2 * MINUTE_MS, Date.now())).toISOString(),
      time_zone: ZONES[user % ZONES.length],
      watchProgress: Math.round(next() * 1_000) / 1_000,
    };
    yield { key: event.user_id, value: JSON.stringify(event) };
  }
}

export function take<T>(from: Iterator<T>, count: number): T[] {
  return Array.from({ length: count }, () => from.next().value as T);
}

const genresOf = (title: number): string[] => [
  GENRES[title % GENRES.length] as string,
  GENRES[(title * 3 + 1) % GENRES.length] as string,
];

const WORDS = 'night river city love storm house secret king road last winter game dark summer letter star'.split(' ');

export function work(number: number): WorkSummary {
  const next = random(number + 1);
  const words = Array.from({ length: 14 }, () => WORDS[Math.floor(next() * WORDS.length)]);
  return {
    id: `work-${number}`,
    type: number % 4 === 0 ? 'SERIES' : 'MOVIE',
    title: `Title ${number}`,
    description: `${words.join(' ')} ${number % 997}`,
    releaseYear: 1990 + (number % 35),
    runtimeMinutes: 90,
    genres: genresOf(number),
    moodTags: [],
    cast: [`Actor ${number % 4_000}`, `Actor ${(number * 7) % 4_000}`, `Actor ${(number * 13) % 4_000}`],
    directors: [`Director ${number % 3_000}`],
    minAge: 13,
    offers: [{ platform: 'netflix', platformId: `n-${number}` }],
    addedAt: null,
  };
}
