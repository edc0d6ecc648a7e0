/** The gateways that are compared, each a process of its own over the same supergraph; and what one stretch of load costs them. */
import { readFile } from 'node:fs/promises';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';
import type { Mix } from './gateway-load.ts';

export const PEERS = 'test/bench/gateway';

export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly process: StartedProcess;
}

type Command = (supergraph: string, port: number, sharing: boolean) => string[];

const COMMANDS = {
  ours: (supergraph, port, sharing) => [
    ...['node', 'gateway/serve.ts', '--supergraph', supergraph, '--port', `${port}`, '--open'],
    ...(sharing ? [] : ['--no-sharing']),
  ],
  Apollo: (supergraph, port) => ['node', `${PEERS}/apollo.mjs`, supergraph, `${port}`],
  'Hive native': (supergraph, port, sharing) => [
    ...['node', `${PEERS}/hive.mjs`, supergraph, `${port}`],
    sharing ? 'sharing' : 'alone',
  ],
} satisfies Record<string, Command>;

export type Name = keyof typeof COMMANDS;

export async function startGateway(name: Name, supergraph: string, sharing: boolean): Promise<Contender> {
  const port = await freePort();
  const process = startProcess(COMMANDS[name](supergraph, port, sharing), {});
  await process.saw(/ready|is up/, 60_000);
  return { name, url: `http://127.0.0.1:${port}/graphql`, process };
}

export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  /** Of the gateway's process, per request. */
  readonly cpuMs: number;
  /** Of the load and the subgraphs, per request: what no gateway can save. */
  readonly othersCpuMs: number;
  readonly subgraphCalls: number;
  readonly residentMiB: number;
}

export interface Load {
  readonly mix: Mix;
  readonly seconds: number;
  readonly connections: number;
  /** How many calls the subgraphs have had so far. */
  readonly calls: () => Promise<number>;
  readonly subgraphs: StartedProcess;
}

export async function measure({ url, process }: Contender, load: Load): Promise<Measured> {
  const { mix, seconds, connections, subgraphs } = load;
  const [calls, cpu, subgraphsCpu] = [await load.calls(), await cpuMsOf(process), await cpuMsOf(subgraphs)];
  const client = startProcess(['node', 'test/bench/gateway-load.ts', url, `${seconds}`, `${connections}`, mix], {});
  await client.exit;
  const line = JSON.parse(client.output().trim().split('\n').at(-1) ?? '') as {
    requests: number;
    failed: number;
    p50: number;
    p99: number;
    cpuMs: number;
  };
  const requests = Math.max(1, line.requests);
  return {
    perSecond: line.requests / seconds,
    p50: line.p50,
    p99: line.p99,
    failed: line.failed,
    cpuMs: ((await cpuMsOf(process)) - cpu) / requests,
    othersCpuMs: (line.cpuMs + (await cpuMsOf(subgraphs)) - subgraphsCpu) / requests,
    subgraphCalls: ((await load.calls()) - calls) / requests,
    residentMiB: await residentMiB(process),
  };
}

const TICKS_PER_SECOND = 100;

async function cpuMsOf({ child }: StartedProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

export async function residentMiB({ child }: StartedProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
