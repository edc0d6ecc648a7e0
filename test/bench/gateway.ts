/**
 * `npm run bench:gateway`: our gateway beside plain Apollo and Hive Gateway with its native planner, on the nested query of the
 * published comparisons: requests/s, latency, CPU per request and subgraph calls per request, side by side in one run, answers
 * checked equal. Install the peers first: `npm i --prefix test/bench/gateway`. SECONDS (default 6) per cell.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { freePort, ROOT, type StartedProcess, startProcess } from '../support/processes.ts';
import { bodyOf, type Mix } from './gateway-load.ts';
import { SDL } from './gateway-subgraphs.ts';
import { machine } from './machine.ts';

const PEERS = 'test/bench/gateway';
const SECONDS = Number(process.env.SECONDS ?? 6);
const CONNECTIONS = 50;
const TICKS_PER_SECOND = 100;

if (!existsSync(join(ROOT, PEERS, 'node_modules'))) throw new Error(`Install the peers: npm i --prefix ${PEERS}`);
const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
const supergraph = join(folder, 'supergraph.graphql');

interface Contender {
  readonly name: string;
  readonly command: (port: number, sharing: boolean) => string[];
  readonly ready: string;
}
const contenders: readonly Contender[] = [
  {
    name: 'ours',
    command: (port) => ['node', 'gateway/serve.ts', '--supergraph', supergraph, '--port', `${port}`, '--open'],
    ready: 'is up',
  },
  { name: 'Apollo', command: (port) => ['node', `${PEERS}/apollo.mjs`, supergraph, `${port}`], ready: 'ready' },
  {
    name: 'Hive native',
    command: (port, sharing) => ['node', `${PEERS}/hive.mjs`, supergraph, `${port}`, sharing ? 'sharing' : 'alone'],
    ready: 'ready',
  },
];

const subgraphs = startProcess(['node', 'test/bench/gateway-subgraphs.ts'], {});
await subgraphs.saw(/port \d+/);
const subgraphPort = /port (\d+)/.exec(subgraphs.output())?.[1];
const at = (path: string) => `http://127.0.0.1:${subgraphPort}/${path}`;
const composed = composeServices(
  Object.entries(SDL).map(([name, sdl]) => ({ name, url: at(name), typeDefs: parse(sdl) })),
);
if (!composed.supergraphSdl) throw new Error(String(composed.errors));
await writeFile(supergraph, composed.supergraphSdl);

const callsSoFar = async (): Promise<number> => {
  const calls = (await (await fetch(at('calls'))).json()) as Record<string, number>;
  return Object.values(calls).reduce((sum, each) => sum + each, 0);
};
const cpuMs = async (process: StartedProcess): Promise<number> => {
  const stat = await readFile(`/proc/${process.child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
};
const residentMiB = async (process: StartedProcess): Promise<number> => {
  const status = await readFile(`/proc/${process.child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
};

async function load(url: string, seconds: number, mix: Mix) {
  const client = startProcess(['node', 'test/bench/gateway-load.ts', url, `${seconds}`, `${CONNECTIONS}`, mix], {});
  await client.exit;
  const line = client.output().trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as { requests: number; failed: number; p50: number; p95: number; p99: number };
}

const post = async (url: string, body: string): Promise<{ data?: unknown }> =>
  (await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()) as {
    data?: unknown;
  };

console.log(
  `machine ${machine()}; ${CONNECTIONS} connections, ${SECONDS} s a cell, subgraphs and load on the same cores`,
);
const answers = new Map<Mix, unknown>();
for (const mix of ['nested', 'small', 'same'] as const) {
  console.log(
    `\n${{ nested: 'nested, varied variables, sharing off', small: 'small, varied variables', same: 'nested, the same from all, sharing on where there is such a thing' }[mix]}`,
  );
  let ours = 0;
  for (const { name, command, ready } of contenders) {
    const port = await freePort();
    const gateway = startProcess(command(port, mix === 'same'), {});
    try {
      await gateway.saw(ready, 60_000);
      const url = `http://127.0.0.1:${port}/graphql`;
      const answer = await post(url, bodyOf(mix, 1));
      const { data } = answer;
      if (!data) throw new Error(`${name} gives no data: ${JSON.stringify(answer).slice(0, 500)}\n${gateway.output()}`);
      if (!answers.has(mix)) answers.set(mix, data);
      else if (!isDeepStrictEqual(answers.get(mix), data)) console.log(`  ${name}: the answer differs`);
      await load(url, 2, mix);
      const [calls, cpu] = [await callsSoFar(), await cpuMs(gateway)];
      const result = await load(url, SECONDS, mix);
      const rate = result.requests / SECONDS;
      if (name === 'ours') ours = rate;
      const perRequest = (value: number) => (value / Math.max(result.requests, 1)).toFixed(2);
      console.log(
        [
          `  ${name.padEnd(12)} ${rate.toFixed(0).padStart(6)}/s`,
          `p50 ${result.p50?.toFixed(0)} p95 ${result.p95?.toFixed(0)} p99 ${result.p99?.toFixed(0)} ms`,
          `CPU ${perRequest((await cpuMs(gateway)) - cpu)} ms`,
          `subgraph calls ${perRequest((await callsSoFar()) - calls)}`,
          `${await residentMiB(gateway)} MiB`,
          `failed ${result.failed}`,
          ours && name !== 'ours' ? `ours is ${(ours / rate).toFixed(2)} ×` : '',
        ].join('   '),
      );
    } finally {
      await gateway.stop('SIGKILL');
    }
  }
}
await subgraphs.stop();
await rm(folder, { recursive: true, force: true });
