/** Attempts to connect: over a network that swallows them, one that is not there, a server that refuses, a crowd. */
import { expect, test } from '@jest/globals';
import { ATTEMPT_WITHIN_MS, type AttemptEnd, ConnectRace } from '../../client/connect-race.ts';
import { VirtualTime } from '../sync/virtual-time.ts';

interface Attempt {
  readonly at: number;
  readonly end: AttemptEnd<string>;
  isGivenUp: boolean;
}

function rig({ overlaps = true, random = 0 } = {}) {
  const time = new VirtualTime(0);
  const attempts: Attempt[] = [];
  const ends: unknown[] = [];
  let mostAtOnce = 0;
  const race = new ConnectRace<string>({
    timers: time,
    random: () => random,
    overlaps,
    dial: (end) => {
      const attempt: Attempt = { at: time.now(), end, isGivenUp: false };
      attempts.push(attempt);
      mostAtOnce = Math.max(mostAtOnce, attempts.filter(({ isGivenUp }) => !isGivenUp).length);
      return () => {
        attempt.isGivenUp = true;
      };
    },
    onOpen: (socket) => void ends.push(socket),
    onRefused: (error) => void ends.push(error),
  });
  const underWay = () => attempts.filter(({ isGivenUp }) => !isGivenUp);
  return { time, race, attempts, ends, underWay, mostAtOnce: () => mostAtOnce };
}

test('an attempt that nobody answers is not waited for; the first that opens is taken and the others given up', async () => {
  const { time, attempts, ends, underWay } = rig();
  await time.runUntil(1_000);
  expect(attempts.map(({ at }) => at)).toEqual([0, 400, 800]);
  attempts[1]?.end.open('second');
  expect(ends).toEqual(['second']);
  expect(underWay()).toEqual([attempts[1]]);
  attempts[2]?.end.open('third');
  attempts[0]?.end.refuse('late');
  await time.runUntil(60_000);
  expect(ends).toEqual(['second']);
  expect(attempts).toHaveLength(3);
});

test('a server that refuses ends it at once: when to ask again is for the back-off to say', async () => {
  const { time, attempts, ends, underWay } = rig();
  await time.runUntil(500);
  attempts[1]?.end.refuse('no');
  expect(ends).toEqual(['no']);
  expect(underWay()).toEqual([attempts[1]]); // which is over by itself
  await time.runUntil(60_000);
  expect(attempts).toHaveLength(2);
});

test('without a network it goes on trying, at no cost to anybody', async () => {
  const { time, attempts, ends } = rig();
  for (let step = 0; step < 10; step += 1) {
    attempts.at(-1)?.end.vanish();
    await time.runUntil(time.now() + 200);
  }
  expect(attempts.map(({ at }) => at)).toEqual([0, 200, 400, 600, 800, 1_000, 1_200, 1_400, 1_600, 1_800, 2_000]);
  attempts.at(-1)?.end.open('back');
  expect(ends).toEqual(['back']);
});

test('a bounded number at once, few after a minute, none after it was stopped', async () => {
  const { time, race, attempts, underWay, mostAtOnce } = rig();
  await time.runUntil(60_000);
  expect(attempts).toHaveLength(151);
  expect(mostAtOnce()).toBe(8);
  await time.runUntil(600_000);
  expect(attempts.length - 151).toBeLessThanOrEqual(45);
  race.stop();
  expect(underWay()).toEqual([]);
  const count = attempts.length;
  await time.runUntil(700_000);
  expect(attempts).toHaveLength(count);
});

test('where attempts cannot overlap the next begins when the one before is given up', async () => {
  const { time, attempts, mostAtOnce } = rig({ overlaps: false });
  await time.runUntil(10_000);
  expect(attempts.map(({ at }) => at)).toEqual([0, 1, 2, 3].map((count) => count * ATTEMPT_WITHIN_MS));
  expect(mostAtOnce()).toBe(1);
});

test('members of a crowd do not stay in one rhythm', async () => {
  const seconds = [0.1, 0.5, 0.9].map((random) => rig({ random }));
  for (const { time } of seconds) await time.runUntil(10_000);
  const last = seconds.map(({ attempts }) => attempts.at(-1)?.at);
  expect(new Set(last).size).toBe(3);
});
