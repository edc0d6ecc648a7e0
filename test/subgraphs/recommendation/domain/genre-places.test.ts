import { expect, test } from '@jest/globals';
import { GenrePlaces, START_PLACES } from '../../../../subgraphs/recommendation/domain/genre-places.ts';

const GENRES = ['comedy', 'crime', 'drama', 'horror', 'music'];

/** 40 users of one genre each watch 100 titles; `listed`: a title's genres, made of the wanted one and two others. */
function learned(listed: (wanted: string, others: readonly string[]) => readonly string[]): readonly number[] {
  const places = new GenrePlaces();
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let play = 0; play < 4_000; play += 1) {
    const wanted = GENRES[play % GENRES.length] as string;
    const others = GENRES.filter((genre) => genre !== wanted);
    const chosen = [others.splice(random(4), 1)[0] as string, others[random(3)] as string];
    places.fold(`u${play % 40}`, listed(wanted, chosen));
  }
  return places.weights;
}

test('where the first genre is why a title is watched, it comes to count for nearly all', () => {
  const [first = 0] = learned((wanted, others) => [wanted, ...others]);
  expect(first).toBeGreaterThan(0.8);
});

test('where genres are listed by the alphabet no place comes to lead', () => {
  const weights = learned((wanted, others) => [wanted, ...others].sort());
  expect(Math.max(...weights)).toBeLessThan(0.6);
});

test('where the last one is why, it leads against the start', () => {
  const [first = 0, , third = 0] = learned((wanted, others) => [...others, wanted]);
  expect(third).toBeGreaterThan(first);
});

test('titles of one genre or none say nothing, and the weights sum to 1', () => {
  const places = new GenrePlaces();
  const before = places.weights;
  for (let i = 0; i < 100; i += 1) places.fold('ada', i % 2 === 0 ? ['comedy'] : []);
  expect(places.weights).toEqual(before);
  expect(before.map((weight) => weight / (before[0] ?? 1))).toEqual(START_PLACES);
  expect(learned((wanted, others) => [wanted, ...others]).reduce((a, b) => a + b)).toBeCloseTo(1);
});
