/**
 * `npm run bench:gateway`: our gateway beside plain Apollo and Hive Gateway with its native planner, on the nested query of the
 * published comparisons and on a small one. All run at once and are loaded in turns, round after round; figures are medians of
 * the rounds, ratios medians of each round's ratio, answers are checked equal. Install the peers first:
 * `npm i --prefix test/bench/gateway`. SECONDS (default 3) per turn, ROUNDS (default 3).
 * With `--minutes N`: ours alone under load for so long, with its memory.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { ROOT, startProcess } from '../support/processes.ts';
import {
  type Contender,
  type Load,
  type Measured,
  measure,
  type Name,
  PEERS,
  startGateway,
} from './gateway-contenders.ts';
import { bodyOf, type Mix } from './gateway-load.ts';
import { SDL } from './gateway-subgraphs.ts';
import { machine } from './machine.ts';

const SECONDS = Number(process.env.SECONDS ?? 3);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const CONNECTIONS = 50;

const { values } = parseArgs({ options: { minutes: { type: 'string' } } });
if (!values.minutes && !existsSync(join(ROOT, PEERS, 'node_modules')))
  throw new Error(`Install the peers: npm i --prefix ${PEERS}`);

const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const supergraph = join(folder, 'supergraph.graphql');
const subgraphs = startProcess(['node', 'test/bench/gateway-subgraphs.ts'], {});
await subgraphs.saw(/port \d+/);
const at = (path: string) => `http://127.0.0.1:${/port (\d+)/.exec(subgraphs.output())?.[1]}/${path}`;
const composed = composeServices(
  Object.entries(SDL).map(([name, sdl]) => ({ name, url: at(name), typeDefs: parse(sdl) })),
);
if (!composed.supergraphSdl) throw new Error(String(composed.errors));
await writeFile(supergraph, composed.supergraphSdl);

const calls = async (): Promise<number> => {
  const counts = (await (await fetch(at('calls'))).json()) as Record<string, number>;
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
};
const load = (mix: Mix, seconds: number, connections = CONNECTIONS): Load => ({
  mix,
  seconds,
  connections,
  calls,
  subgraphs,
});

async function dataFrom({ name, url, process }: Contender, mix: Mix): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = (await (await fetch(url, { method: 'POST', headers, body: bodyOf(mix, 1) })).json()) as {
    data?: unknown;
  };
  if (answer.data) return answer.data;
  throw new Error(`${name} gives no data: ${JSON.stringify(answer).slice(0, 500)}\n${process.output()}`);
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
const medianOf = (rounds: readonly Measured[], of: (each: Measured) => number) => median(rounds.map(of));
const ratioOf = (ours: readonly Measured[], theirs: readonly Measured[], of: (each: Measured) => number) =>
  median(ours.map((each, round) => of(each) / of(theirs[round] as Measured)));

function print(name: string, rounds: readonly Measured[], ours: readonly Measured[]): void {
  const of = (read: (each: Measured) => number, digits: number) => medianOf(rounds, read).toFixed(digits);
  const more = ratioOf(ours, rounds, (each) => each.perSecond).toFixed(2);
  const cpu = ratioOf(ours, rounds, (each) => each.cpuMs).toFixed(2);
  console.log(
    [
      `  ${name.padEnd(12)} ${of((each) => each.perSecond, 0).padStart(6)}/s`,
      `p50 ${of((each) => each.p50, 1)} p99 ${of((each) => each.p99, 1)} ms`,
      `CPU ${of((each) => each.cpuMs, 2)} ms (load and subgraphs ${of((each) => each.othersCpuMs, 2)})`,
      `subgraph calls ${of((each) => each.subgraphCalls, 2)}`,
      `${of((each) => each.residentMiB, 0)} MiB`,
      `failed ${rounds.reduce((sum, each) => sum + each.failed, 0)}`,
      rounds === ours ? '' : `ours: ${more} × the requests/s, ${cpu} × the CPU`,
    ].join('   '),
  );
}

/** Rounds of load by name, taken in turns. */
async function compare(title: string, mix: Mix, sharing: boolean, names: readonly Name[]): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const name of names) contenders.push(await startGateway(name, supergraph, sharing));
  const expected = await dataFrom(contenders[0] as Contender, mix);
  for (const each of contenders) {
    if (!isDeepStrictEqual(await dataFrom(each, mix), expected)) throw new Error(`${each.name}: the answer differs`);
    await measure(each, load(mix, 2));
  }
  const rounds = new Map<string, Measured[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const each of contenders) rounds.get(each.name)?.push(await measure(each, load(mix, SECONDS)));
  }
  console.log(`\n${title}`);
  for (const name of names) print(name, rounds.get(name) ?? [], rounds.get('ours') ?? []);
  return contenders;
}

/** What each adds to a small query when nothing else is going on: one connection, beside asking the subgraph itself. */
async function compareOwnCost(contenders: readonly Contender[]): Promise<void> {
  const direct: Contender = { name: 'subgraph', url: at('products'), process: subgraphs };
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const each of [direct, ...contenders]) {
      const { p50 } = await measure(each, load('small', 1, 1));
      times.set(each.name, [...(times.get(each.name) ?? []), p50]);
    }
  }
  const base = median(times.get(direct.name) ?? []);
  console.log(`\nsmall, one connection: the subgraph itself answers in ${base.toFixed(2)} ms (p50); on top of it`);
  const added = (name: string) => median(times.get(name) ?? []) - base;
  for (const { name } of contenders) {
    const ratio = name === 'ours' ? '' : `ours: ${(added('ours') / added(name)).toFixed(2)} × of it`;
    console.log(`  ${name.padEnd(12)} ${added(name).toFixed(2)} ms   ${ratio}`);
  }
}

const stop = async (contenders: readonly Contender[]) => {
  for (const { process } of contenders) await process.stop('SIGKILL');
};

async function watchMemory(minutes: number): Promise<void> {
  const gateway = await startGateway('ours', supergraph, true);
  const heapMiB = async () => {
    const text = await (await fetch(new URL('/metrics', gateway.url))).text();
    return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
  };
  console.log('\nminute   requests/s   resident MiB   heap MiB');
  for (let minute = 1; minute <= minutes; minute += 1) {
    const result = await measure(gateway, load('nested', 40));
    await measure(gateway, load('small', 20));
    const figures = [result.perSecond, result.residentMiB, await heapMiB()].map((each) => each.toFixed(0).padStart(12));
    console.log(`${String(minute).padStart(6)} ${figures.join(' ')}`);
  }
  await stop([gateway]);
}

console.log(`machine ${machine()}; ${CONNECTIONS} connections, load, gateways and subgraphs on the same cores`);
if (values.minutes) await watchMemory(Number(values.minutes));
else {
  const all = ['ours', 'Apollo', 'Hive native'] as const;
  await stop(await compare('nested, varied variables, sharing off', 'nested', false, all));
  await stop(await compare('nested, varied variables, sharing on', 'nested', true, ['ours', 'Hive native']));
  await stop(await compare('nested, the same from all, sharing on', 'same', true, all));
  const small = await compare('small, varied variables, sharing off', 'small', false, all);
  await compareOwnCost(small);
  await stop(small);
}
await subgraphs.stop();
await rm(folder, { recursive: true, force: true });
