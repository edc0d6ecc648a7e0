/** What is done about drift, and what is not. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { correctDrift, type DriftState, NO_DRIFT } from '../../client/drift-ladder.ts';
import { Random } from '../sync/random.ts';

const once = (driftMs: number, state: DriftState = NO_DRIFT, at = 0) =>
  correctDrift(state, { driftMs, at, inAd: false });

test.each([
  [0, 1],
  [24, 1],
  [-24, 1],
  [26, 1 - 0.013],
  [-60, 1.03],
  [100, 0.95],
  [-599, 1.05],
  [600, 0.95],
])('%d ms off: plays at %d of the room’s speed', (driftMs, factor) => {
  const { state, seek } = once(driftMs);
  expect(seek).toBe(false);
  expect(state.factor).toBeCloseTo(factor, 6);
});

test('above 600 ms it seeks once, then for ten seconds only changes its speed', () => {
  const first = once(-2_000, NO_DRIFT, 1_000);
  expect(first.seek).toBe(true);
  expect(first.state.factor).toBe(1);
  const soon = once(-2_000, first.state, 10_999);
  expect(soon).toMatchObject({ seek: false, state: { factor: 1.05 } });
  expect(once(-2_000, soon.state, 11_000).seek).toBe(true);
});

test('nothing is corrected during an advertisement, and what was known before it is forgotten', () => {
  const before = once(300).state;
  const inAd = correctDrift(before, { driftMs: 20_000, at: 250, inAd: true });
  expect(inAd).toMatchObject({ seek: false, state: { factor: 1, driftMs: null } });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a position of %d is no measurement', (driftMs) => {
  expect(once(driftMs)).toMatchObject({ seek: false, state: { factor: 1, driftMs: null } });
});

test('a correction goes on below the limit at which it began, until little is left', () => {
  let state = once(40).state;
  state = once(20, state, 250).state;
  expect(state.factor).toBeLessThan(1);
  for (let at = 500; at < 3_000; at += 250) state = once(0, state, at).state;
  expect(state.factor).toBe(1);
});

test('a noisy position alone corrects nothing: in step stays in step', () => {
  const random = new Random(3);
  let state = NO_DRIFT;
  let corrected = 0;
  for (let at = 0; at < 600_000; at += 250) {
    state = once(random.normal(0, 10), state, at).state;
    if (state.factor !== 1) corrected += 1;
  }
  expect(corrected / 2_400).toBeLessThan(0.05);
});

test('property: a player off by any distance comes within 45 ms of noise and stays, with a seek at most every ten seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5_000, max: 5_000 }), fc.integer(), (from, seed) => {
      const random = new Random(seed);
      let [state, driftMs] = [NO_DRIFT, from];
      const seeks: number[] = [];
      let lastOff = 0;
      for (let at = 0; at < 60_000; at += 250) {
        const next = correctDrift(state, { driftMs: driftMs + random.normal(0, 5), at, inAd: false });
        state = next.state;
        if (next.seek) {
          seeks.push(at);
          driftMs = random.between(-400, 400); // seeks are inexact
        }
        driftMs += (state.factor - 1) * 250;
        expect(Math.abs(state.factor - 1)).toBeLessThanOrEqual(0.05 + 1e-9);
        if (Math.abs(driftMs) > 45) lastOff = at;
      }
      expect(Math.abs(driftMs)).toBeLessThan(45);
      expect(lastOff).toBeLessThan(40_000);
      expect(seeks.every((at, index) => index === 0 || at - (seeks[index - 1] ?? 0) >= 10_000)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
