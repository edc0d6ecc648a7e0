/**
 * One place in ten goes to a genre that the viewer may like, as far as little is known of it: Thompson sampling from the posterior
 * of their taste. Seeded by viewer and day, so a page stays the same while it is looked at and another is tried tomorrow. Pure.
 */
import { MAX_GENRES } from './genres.ts';
import type { Taste } from './preference.ts';
import { Z10 } from './preference.ts';
import type { TitleIndex } from './title-index.ts';

/** Every so-manieth place. */
const EXPLORE_EVERY = 10;
const DAY_MS = 86_400_000;

/** The seed of a viewer's day. */
export function explorationSeed(userId: string, at: number): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const character of `${userId}\n${Math.floor(at / DAY_MS)}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** Genres in the order in which they are worth a try: sampled shares over what is usual with everybody. */
function genresToTry(taste: Taste, seed: number): string[] {
  const random = mulberry32(seed);
  const sampled = [...taste.genres.values()].map(({ genre, share, lift, confidence }) => {
    const spread = (share * (1 - confidence)) / Z10;
    return { genre, worth: ((share + spread * normal(random)) / share) * lift };
  });
  return sampled.sort((a, b) => b.worth - a.worth || (a.genre < b.genre ? -1 : 1)).map(({ genre }) => genre);
}

/**
 * The page with every tenth place given to the best of `candidates`, best first, that is of a genre to try and of no genre that
 * leads a title before it. Answers the rows and which genre each exploration is about.
 */
export function explore(
  index: TitleIndex,
  page: readonly number[],
  candidates: readonly number[],
  taste: Taste,
  seed: number,
): { readonly rows: number[]; readonly tried: ReadonlyMap<number, string> } {
  const rows = [...page];
  const tried = new Map<number, string>();
  const genres = genresToTry(taste, seed);
  for (let place = EXPLORE_EVERY - 1; place < rows.length; place += EXPLORE_EVERY) {
    const leading = new Set(rows.slice(0, place).map((row) => index.works[row]?.genres[0]));
    const onPage = new Set(rows);
    const found = genres
      .filter((genre) => !leading.has(genre))
      .flatMap((genre) => {
        const row = candidates.find((one) => !onPage.has(one) && isOf(index, one, genre));
        return row === undefined ? [] : [{ row, genre }];
      })[0];
    if (found === undefined) continue;
    rows[place] = found.row;
    tried.set(found.row, found.genre);
  }
  return { rows, tried };
}

const isOf = (index: TitleIndex, row: number, genre: string): boolean =>
  index.works[row]?.genres.slice(0, MAX_GENRES).includes(genre) ?? false;

/** 0..1, 32 bits of state (Tommy Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal (Box and Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
