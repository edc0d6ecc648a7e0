import { expect, test } from '@jest/globals';
import {
  CROWD_STRENGTHS,
  type GenreTrust,
  TrustLearner,
  WINDOW_STRENGTHS,
} from '../../../../subgraphs/recommendation/domain/genre-trust.ts';
import { MEMORIES } from '../../../../subgraphs/recommendation/domain/habits.ts';

const GENRES = ['comedy', 'crime', 'drama', 'horror', 'music'];
const USERS = 40;

/** 40 users watch 100 titles each, a window after the other; `wanted`: by user, window, place in time and a number 0..1. */
function learned(wanted: (user: number, window: number, play: number, random: number) => number): GenreTrust {
  const learner = new TrustLearner();
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let play = 0; play < 100; play += 1) {
    for (let user = 0; user < USERS; user += 1) {
      const genre = GENRES[wanted(user, play % 4, play, random()) % GENRES.length] as string;
      learner.fold(`u${user}`, [genre], play % 4, 1);
    }
  }
  return learner.trust;
}

const anyGenre = (random: number): number => Math.floor(random * GENRES.length);
/** What genres are told by that the plays have more of than the crowd's. */
const favoured = ({ own }: GenreTrust): readonly number[] => own[1];
const ofMemory = (trust: GenreTrust, memory: number): readonly number[] =>
  favoured(trust).slice(memory * CROWD_STRENGTHS.length, (memory + 1) * CROWD_STRENGTHS.length);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const meanOf = (trust: readonly number[], strengths: readonly number[]): number =>
  Math.exp(trust.reduce((all, part, i) => all + part * Math.log(strengths[i % strengths.length] as number), 0));

test('before anything was learned every expert counts the same, and the parts always sum to 1', () => {
  const { own, window } = new TrustLearner().trust;
  for (const side of own) expect(side).toEqual(side.map(() => 1 / (MEMORIES.length * CROWD_STRENGTHS.length)));
  for (const side of window) expect(side).toEqual(side.map(() => 1 / WINDOW_STRENGTHS.length));
  const after = learned((user) => user);
  for (const side of [...after.own, ...after.window]) expect(sum(side)).toBeCloseTo(1);
});

test('people who each have a taste are trusted sooner than people who all watch the same', () => {
  const tastes = learned((user, _, __, random) => (random < 0.8 ? user : anyGenre(random * 5 - 4)));
  const alike = learned((_, __, ___, random) => anyGenre(random));
  expect(meanOf(favoured(tastes), CROWD_STRENGTHS)).toBeLessThan(15);
  expect(meanOf(favoured(alike), CROWD_STRENGTHS)).toBeGreaterThan(100);
});

test('where people watch by the clock the time of day counts, and nowhere else', () => {
  const clock = learned((user, window, _, random) => (random < 0.7 ? user + window : anyGenre(random)));
  const noClock = learned((user, _, __, random) => (random < 0.7 ? user : anyGenre(random)));
  expect(meanOf(clock.window[1], WINDOW_STRENGTHS)).toBeLessThan(15);
  expect(meanOf(noClock.window[1], WINDOW_STRENGTHS)).toBeGreaterThan(60);
});

test('where tastes change, the short memory leads; where they last, the long one', () => {
  const changing = learned((user, _, play, random) =>
    random < 0.7 ? user + Math.floor(play / 12) * 3 : anyGenre(random),
  );
  const lasting = learned((user, _, __, random) => (random < 0.5 ? user : anyGenre(random)));
  expect(sum(ofMemory(changing, 1))).toBeGreaterThan(0.9);
  expect(sum(ofMemory(lasting, 0))).toBeGreaterThan(0.9);
});

test('more users and genres than it has room for, and titles without genres, change nothing', () => {
  const learner = new TrustLearner();
  for (let i = 0; i < 3_000; i += 1) learner.fold(`u${i}`, [`g${i % 200}`, `g${(i * 7) % 200}`], i % 4, 0.5);
  const before = learner.trust;
  for (const side of [...before.own, ...before.window]) {
    for (const part of side) expect(part).toBeGreaterThanOrEqual(0);
    expect(sum(side)).toBeCloseTo(1);
  }
  learner.fold('u0', [], 0, 1);
  learner.fold('one-too-many', ['g1'], 0, 1);
  expect(learner.trust).toEqual(before);
});
