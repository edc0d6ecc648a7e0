/** The clock exchange: pure estimates, and the sampling that feeds them, in virtual time. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Exchange, estimateClock, isSane, medianOf, rttOf } from '../../client/clock-estimate.ts';
import { ClockSync } from '../../client/clock-sync.ts';
import { SkewedTimers } from '../sync/skewed-timers.ts';
import { VirtualTime } from '../sync/virtual-time.ts';

/** What happens when the server is ahead by `offsetMs` and the way takes so long. */
const exchange = (t0: number, offsetMs: number, upMs: number, downMs: number, workMs = 0): Exchange => {
  const t1 = t0 + upMs + offsetMs;
  return { t0, t1, t2: t1 + workMs, t3: t0 + upMs + workMs + downMs };
};

test('one exchange over an even path gives the offset exactly, and half its round trip as the bound', () => {
  const estimate = estimateClock([exchange(1_000, 30_000, 40, 40, 5)], 1_085);
  expect(estimate?.offsetMs).toBeCloseTo(30_000, 1);
  expect(estimate?.uncertaintyMs).toBeCloseTo(40, 1);
});

test('the quickest request of one exchange and the quickest answer of another count together', () => {
  const slowDown = exchange(0, 500, 10, 90);
  const slowUp = exchange(1_000, 500, 90, 10);
  const both = estimateClock([slowDown, slowUp], 1_100);
  expect(both?.uncertaintyMs).toBeLessThan(11);
  expect(Math.abs((both?.offsetMs ?? 0) - 500)).toBeLessThan(1);
  expect(estimateClock([slowDown], 1_100)?.uncertaintyMs).toBeGreaterThan(49);
});

test('property: the truth is within the bounds, which are never wider than the best round trip allows', () => {
  const delay = fc.double({ min: 0, max: 2_000, noNaN: true });
  const path = fc.record({ up: delay, down: delay, gap: fc.double({ min: 1, max: 10_000, noNaN: true }) });
  const offset = fc.double({ min: -1e8, max: 1e8, noNaN: true });
  const ppm = fc.double({ min: -90, max: 90, noNaN: true });
  fc.assert(
    fc.property(offset, ppm, fc.array(path, { minLength: 1, maxLength: 8 }), (offsetMs, skew, paths) => {
      let trueNow = 0;
      const toOurs = (at: number) => at * (1 + skew / 1e6);
      const exchanges = paths.map(({ up, down, gap }) => {
        const [sent, there, back] = [trueNow, trueNow + up, trueNow + up + down];
        trueNow = back + gap;
        return { t0: toOurs(sent), t1: there + offsetMs, t2: there + offsetMs, t3: toOurs(back) };
      });
      const last = exchanges.at(-1) as Exchange;
      const estimate = estimateClock(exchanges, last.t3);
      const lastBack = trueNow - (paths.at(-1)?.gap ?? 0);
      const truth = lastBack + offsetMs - last.t3;
      const { offsetMs: found, uncertaintyMs } = estimate ?? { offsetMs: Number.NaN, uncertaintyMs: Number.NaN };
      expect(Math.abs(found - truth)).toBeLessThanOrEqual(uncertaintyMs + 1e-3); // doubles near 1e8
      expect(uncertaintyMs).toBeLessThanOrEqual(Math.min(...exchanges.map(rttOf)) / 2 + 20);
    }),
  );
});

test('exchanges that contradict each other give no estimate; impossible ones are not sane', () => {
  expect(estimateClock([exchange(0, 0, 20, 20), exchange(500, 5_000, 20, 20)], 600)).toBeNull();
  expect(estimateClock([], 0)).toBeNull();
  expect(isSane({ t0: 100, t1: 5, t2: 5, t3: 50 })).toBe(false);
  expect(isSane({ t0: 0, t1: 5, t2: 4, t3: 50 })).toBe(false);
  expect(isSane({ t0: 0, t1: Number.NaN, t2: 4, t3: 50 })).toBe(false);
  expect(isSane(exchange(0, 0, 1, 1))).toBe(true);
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([])).toBeNaN();
});

interface Rig {
  readonly time: VirtualTime;
  readonly device: SkewedTimers;
  readonly sync: ClockSync;
  readonly sentAt: number[];
  path: { up: number; down: number };
  fails: boolean;
  errorMs(): number;
}

function rig(offsetMs = -30_000): Rig {
  const time = new VirtualTime(1_000_000);
  const device = new SkewedTimers(time, { offsetMs, ppm: 40 });
  const sentAt: number[] = [];
  const made: Rig = {
    time,
    device,
    sentAt,
    path: { up: 30, down: 50 },
    fails: false,
    errorMs: () => Math.abs(made.sync.now() - time.now()),
    sync: new ClockSync({
      timers: device,
      request: () => {
        sentAt.push(time.now());
        const { up, down } = made.path;
        return new Promise((resolve, reject) => {
          if (made.fails) time.setTimeout(() => reject(new Error('no network')), 100);
          else {
            time.setTimeout(() => {
              const t1 = time.now();
              time.setTimeout(() => resolve({ t1, t2: t1 }), down);
            }, up);
          }
        });
      },
    }),
  };
  return made;
}

test('asks eight times at first, then every ten seconds, and knows the time from the first answer', async () => {
  const { time, sync, sentAt, errorMs } = rig();
  sync.start();
  expect(sync.isReady).toBe(false);
  await time.runUntil(1_000_100);
  expect(sync.isReady).toBe(true);
  await time.runUntil(1_030_000);
  expect(sentAt).toHaveLength(8 + 2);
  expect(sentAt.slice(1, 8).map((at, index) => at - (sentAt[index] ?? 0))).toEqual(
    Array(7).fill(expect.closeTo(230, 0)),
  );
  expect(errorMs()).toBeCloseTo(10, 0); // half the difference of the two ways: no exchange can see it
  expect(errorMs()).toBeLessThanOrEqual(sync.estimate?.uncertaintyMs ?? 0);
  expect(sync.oneWayMs).toBeCloseTo(40, 0);
  sync.stop();
  await time.runUntil(1_100_000);
  expect(sentAt).toHaveLength(10);
});

test('a device whose clock is set finds out at the next exchange and measures anew', async () => {
  const { time, device, sync, sentAt, errorMs } = rig();
  sync.start();
  await time.runUntil(1_012_000);
  device.step(5_000);
  expect(errorMs()).toBeGreaterThan(4_900);
  const before = sentAt.length;
  await time.runUntil(1_025_000);
  expect(errorMs()).toBeLessThan(15);
  expect(sentAt.length - before).toBeGreaterThanOrEqual(8);
  device.step(-3_600_000);
  await time.runUntil(1_040_000);
  expect(errorMs()).toBeLessThan(15);
  sync.stop();
});

test('a path that gets twice as slow is measured by a burst; the bounds of before still hold', async () => {
  const made = rig();
  const { time, sync, sentAt, errorMs } = made;
  sync.start();
  await time.runUntil(1_012_000);
  made.path = { up: 200, down: 50 };
  const before = sentAt.length;
  await time.runUntil(1_045_000);
  expect(sentAt.length - before).toBeGreaterThan(8);
  expect(errorMs()).toBeLessThanOrEqual(sync.estimate?.uncertaintyMs ?? 0);
  expect(errorMs()).toBeLessThan(101);
  sync.stop();
});

test('without answers it keeps the time it has, and asks again when told that the network is back', async () => {
  const made = rig();
  const { time, sync, sentAt, errorMs } = made;
  sync.start();
  await time.runUntil(1_015_000);
  made.fails = true;
  await time.runUntil(1_060_000);
  expect(sync.isReady).toBe(true);
  expect(errorMs()).toBeLessThan(15);
  made.fails = false;
  const before = sentAt.length;
  sync.burst();
  await time.runUntil(1_061_900);
  expect(sentAt.length - before).toBe(8);
  sync.stop();
});
