/**
 * `npm run bench:sync`: how closely a room's members watch together, by the model of test/sync (virtual time, seeded), with this
 * library on this project's rules and with the policies of other systems side by side. `-- --quick` for a first look; `-- --real` a
 * minute of 8 members over real sockets, through delaying proxies, against the real server started for it.
 */
import { percentile, type Summary, summarize } from '../sync/metrics.ts';
import { ourPolicy } from '../sync/our-policy.ts';
import type { Policy } from '../sync/policy.ts';
import { probeHotJoin, probeNewContent, probeReturn, type Return } from '../sync/probes.ts';
import { runReal } from '../sync/real-run.ts';
import { jellyfin } from '../sync/reference-jellyfin.ts';
import { openTogetherTube } from '../sync/reference-ott.ts';
import { watchParty } from '../sync/reference-watchparty.ts';
import { runScenario, type ScenarioOptions } from '../sync/scenario.ts';
import { machine } from './machine.ts';

const QUICK = process.argv.includes('--quick');
const HALF_HOUR_MS = 1_800_000;
const PROBES = QUICK ? 20 : 1_000;
const seedsOf = (count: number): number[] => Array.from({ length: QUICK ? 1 : count }, (_, index) => index + 1);
const REFERENCES: readonly Policy[] = [openTogetherTube, watchParty, jellyfin(false), jellyfin(true)];

type Setting = Omit<ScenarioOptions, 'policy' | 'seed' | 'durationMs'>;

const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : '-');
const three = (values: readonly number[]): string => values.map(ms).join(' / ');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row(name: string, result: Summary): string {
  const { all, converged, seeksPerClientHour, waitsPerHour, waitShare, longestWaitMs } = result;
  const waits = `${waitsPerHour.toFixed(0)} (${percent(waitShare)}, ${(longestWaitMs / 1_000).toFixed(1)} s)`;
  return [
    name.padEnd(24),
    three(converged).padStart(20),
    three(all).padStart(22),
    seeksPerClientHour.toFixed(0).padStart(8),
    waits.padStart(22),
  ].join('');
}

async function run(policy: Policy, seeds: readonly number[], setting: Setting): Promise<Summary> {
  const runs = [];
  for (const seed of seeds) runs.push(await runScenario({ policy, seed, durationMs: HALF_HOUR_MS, ...setting }));
  return summarize(runs);
}

async function table(title: string, policies: readonly Policy[], count: number, setting: Setting): Promise<Summary> {
  const seeds = seedsOf(count);
  console.log(`\n${title}: ${seeds.length} × 30 min`);
  console.log(
    `${'policy'.padEnd(24)}${'converged 50/95/99'.padStart(20)}${'all 50/95/99'.padStart(22)}${'seeks'.padStart(8)}${'waits/h'.padStart(22)}`,
  );
  let ours: Summary | undefined;
  for (const policy of policies) {
    const result = await run(policy, seeds, setting);
    ours ??= result;
    console.log(row(policy.name, result));
  }
  const { lost, outOfOrder, agree, clockErrorP95, clockCovered } = ours as Summary;
  console.log(
    `events lost ${lost}, out of order ${outOfOrder}; members end alike: ${agree ? 'yes' : 'NO'}; clock error p95 ${ms(clockErrorP95)} ms, within the stated bounds ${percent(clockCovered)}`,
  );
  return ours as Summary;
}

const shares = (values: readonly number[]): number[] => [0.5, 0.95, 0.99].map((share) => percentile(values, share));
const goal = (name: string, met: boolean, figure: string): void =>
  console.log(`${met ? 'met   ' : 'MISSED'}  ${name.padEnd(64)} ${figure}`);
const within = (values: readonly number[], limits: readonly number[]): boolean =>
  values.every((value, index) => value <= (limits[index] ?? 0));

if (process.argv.includes('--real')) {
  const { all, converged, seeks, holes, lost } = await runReal(8, 90_000);
  console.log(`machine  ${machine()}`);
  console.log(`8 members, real sockets and server, 90 s, no stalls: spread 50/95/99 ms`);
  console.log(
    `converged ${three(shares(converged))}, all ${three(shares(all))}; ${seeks} seeks, ${holes} holes mended, ${lost} events lost`,
  );
  process.exit(0);
}
const started = performance.now();
console.log(`machine  ${machine()}; figures are of the model, not of the machine`);
console.log(
  'spread between the members whose frames move, ms; seeks per member and hour; waits: number, share of time, longest',
);
const base = await table('8 members', [ourPolicy, ...REFERENCES], 12, { members: 8 });
await table('8 members, delays, jitter and spikes × 3', [ourPolicy, ...REFERENCES], 4, { members: 8, networkScale: 3 });
const rough = await table('8 members, each without a network for 3-20 s every 5 min', [ourPolicy], 4, {
  members: 8,
  cutEveryMs: 300_000,
});
const crowd = await table('100 members', [ourPolicy, jellyfin(true)], 1, { members: 100 });

const joins = [];
const told: Return[] = [];
const hanging: Return[] = [];
const failing: Return[] = [];
const loading: number[] = [];
const stuck: number[] = [];
for (let seed = 1; seed <= PROBES; seed += 1) {
  joins.push(await probeHotJoin(seed));
  told.push(await probeReturn(seed, { told: true }));
  hanging.push(await probeReturn(seed, { told: false }));
  failing.push(await probeReturn(seed, { told: false, known: true }));
  loading.push(await probeNewContent(seed, 0));
  stuck.push(await probeNewContent(seed, 60_000));
}
const joined = shares(joins.map(({ inStepMs }) => inStepMs));
const caughtUp = (returns: readonly Return[]): number[] => shares(returns.map(({ caughtUpMs }) => caughtUpMs));
const returns = [
  ['told by the device', told],
  ['found out, attempts hang', hanging],
  ['found out, attempts fail', failing],
] as const;
const pauses = joins.reduce((sum, each) => sum + each.pauses, 0);
const missing = [...told, ...hanging, ...failing].reduce((sum, { lost, outOfOrder }) => sum + lost + outOfOrder, 0);
console.log(`\n${PROBES} probes each, 50/95/99, ms`);
console.log(`hot join, tap to in step                 ${three(joined)}; changes of the room ${pauses}`);
console.log(`new content, wait for all to load        ${three(shares(loading))}`);
console.log(`new content, one loads for a minute      ${three(shares(stuck))}, longest ${ms(Math.max(...stuck))}`);
for (const [how, each] of returns) {
  const inStep = shares(each.map(({ inStepMs }) => inStepMs));
  console.log(
    `back after 30 s, ${how.padEnd(24)} ${three(caughtUp(each))} to the last event, ${three(inStep)} to in step`,
  );
}

console.log('\ngoals of this library');
goal('8 members, converged: 50 / 70 / 90 ms', within(base.converged, [50, 70, 90]), three(base.converged));
goal('8 members, at all times, p95 / p99: 90 / 350 ms', within(base.all.slice(1), [90, 350]), three(base.all.slice(1)));
goal('8 members, paused by waits: 2 %', base.waitShare <= 0.02, percent(base.waitShare));
goal('8 members, longest wait: 6 s', base.longestWaitMs <= 6_000, `${ms(base.longestWaitMs)} ms`);
goal('new content, longest wait: 12 s', Math.max(...stuck) <= 12_000, `${ms(Math.max(...stuck))} ms`);
goal('100 members, paused by waits: 0.5 %', crowd.waitShare <= 0.005, percent(crowd.waitShare));
goal(
  'hot join p95: 4 s, nobody else pauses',
  (joined[1] ?? 0) <= 4_000 && pauses === 0,
  `${ms(joined[1] ?? 0)} ms, ${pauses}`,
);
for (const [how, each] of returns) {
  const [, , p99 = Number.POSITIVE_INFINITY] = caughtUp(each);
  goal(`back after 30 s, ${how}, p99: 1.5 s`, p99 <= 1_500, `${ms(p99)} ms`);
}
const losses = base.lost + base.outOfOrder + rough.lost + rough.outOfOrder + missing;
goal('events lost or out of order: 0', losses === 0 && base.agree && rough.agree, `${losses}`);
console.log(`took ${((performance.now() - started) / 1_000).toFixed(0)} s`);
