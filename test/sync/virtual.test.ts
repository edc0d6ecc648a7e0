/** The room's rules and the client library together, in virtual time: a floor under the figures of `npm run bench:sync`. */
import { expect, test } from '@jest/globals';
import { summarize } from './metrics.ts';
import { ourPolicy } from './our-policy.ts';
import { probeHotJoin, probeNewContent, probeReturn } from './probes.ts';
import { Random } from './random.ts';
import { jellyfin } from './reference-jellyfin.ts';
import { openTogetherTube } from './reference-ott.ts';
import { watchParty } from './reference-watchparty.ts';
import { furnish, runScenario } from './scenario.ts';
import { VirtualTime } from './virtual-time.ts';

const TEN_MINUTES_MS = 600_000;

test('the same seed gives the same evening; another seed another', async () => {
  const run = (seed: number) => runScenario({ policy: ourPolicy, seed, members: 3, durationMs: 120_000 });
  const [one, again, other] = [await run(1), await run(1), await run(2)];
  expect(again).toEqual(one);
  expect(other.all).not.toEqual(one.all);
});

test('eight members stay in step, lose nothing, and the room hardly waits', async () => {
  const runs = [];
  for (const seed of [1, 2]) {
    runs.push(await runScenario({ policy: ourPolicy, seed, members: 8, durationMs: TEN_MINUTES_MS }));
  }
  const result = summarize(runs);
  expect(result).toMatchObject({ lost: 0, outOfOrder: 0, agree: true, clockCovered: 1 });
  expect(result.converged[1]).toBeLessThanOrEqual(70);
  expect(result.longestWaitMs).toBeLessThanOrEqual(6_000);
  expect(result.waitShare).toBeLessThanOrEqual(0.03);
});

test('members whose networks fail lose nothing and end with what the others have', async () => {
  const cut = { policy: ourPolicy, seed: 4, members: 5, durationMs: TEN_MINUTES_MS, cutEveryMs: 90_000 };
  expect(await runScenario(cut)).toMatchObject({ lost: 0, outOfOrder: 0, agree: true });
});

test.each([openTogetherTube, watchParty, jellyfin(false)])(
  '$name, on the same evening, is further apart',
  async (policy) => {
    const evening = { seed: 1, members: 8, durationMs: TEN_MINUTES_MS };
    const theirs = summarize([await runScenario({ ...evening, policy })]);
    const ours = summarize([await runScenario({ ...evening, policy: ourPolicy })]);
    expect(theirs.all[1]).toBeGreaterThan(2 * ours.all[1]);
  },
);

test('who joins a room that plays is in step within seconds, and nobody else notices', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { inStepMs, pauses } = await probeHotJoin(seed);
    expect(inStepMs).toBeLessThan(6_000);
    expect(pauses).toBe(0);
  }
});

test('new content waits for who loads it, and 12 s at most for who does not', async () => {
  for (const seed of [1, 2, 3]) {
    const waitMs = await probeNewContent(seed, 0);
    expect(waitMs).toBeLessThan(4_000);
    const longest = await probeNewContent(seed, 60_000);
    expect(longest).toBeGreaterThan(11_000);
    expect(longest).toBeLessThanOrEqual(12_000);
  }
});

test.each([{ told: true }, { told: false }, { told: false, known: true }])(
  'who was away for 30 s gets all that was missed, once and in order: %p',
  async (absence) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { lost, outOfOrder, caughtUpMs, inStepMs } = await probeReturn(seed, absence);
      expect({ lost, outOfOrder }).toEqual({ lost: 0, outOfOrder: 0 });
      expect(caughtUpMs).toBeLessThan(2_000);
      expect(inStepMs).toBeLessThan(6_000);
    }
  },
);

test('1,000 interleavings of conflicting commands: every client ends with the same revision and timeline', async () => {
  const random = new Random(99);
  const time = new VirtualTime(Date.UTC(2026, 0, 1));
  const room = ourPolicy.open(time, random.fork(), 'u0');
  const members = Array.from({ length: 4 }, (_, index) => {
    const setup = furnish(time, random, `u${index}`);
    return { ...setup, member: room.add(setup) };
  });
  await time.runUntil(time.now() + 10_000);
  const outcomes = new Set<string>();
  for (let round = 0; round < 1_000; round += 1) {
    const commands = Array.from({ length: 3 }, () => {
      const { client } = random.pick(members).member;
      const command = random.pick([client.play, client.pause, () => client.seek(random.between(0, 3_600_000))]);
      const later = random.between(0, 150);
      return new Promise<void>((resolve) => {
        time.setTimeout(() => {
          command().then(({ outcome }) => {
            outcomes.add(outcome);
            resolve();
          });
        }, later);
      });
    });
    await time.runUntil(time.now() + 3_000);
    await Promise.all(commands);
    const ends = members.map(({ member }) => member.fingerprint);
    expect(new Set(ends).size).toBe(1);
    expect(members[0]?.member.client.lastRevision).toBe(room.lastRevision);
  }
  expect([...outcomes].toSorted()).toEqual(['APPLIED', 'CONFLICT', 'NOOP']);
  for (const { member } of members) member.stop();
});
