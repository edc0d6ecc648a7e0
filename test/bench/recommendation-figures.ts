/** Sizes, and how figures are taken and told, for the parts of the recommendation benchmark. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenPorts, openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_CHANGES, USER_EVENTS } from '../../schema/events/topics.ts';
import { eventually } from '../support/eventually.ts';
import { events, take, work } from './recommendation-events.ts';

const number = (name: string, fallback: number): number => Number(process.env[name] || fallback);
export const EVENTS = number('EVENTS', 100_000);
export const USERS = number('USERS', 2_000);
export const PROFILES = number('PROFILES', 100_000);
export const RUNS = number('RUNS', 3);
export const WORKS = 25_000;
const PUBLISHED_AT_ONCE = 2_000;

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const MiB = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
export const say = (path: string, figure: string): void => console.log(`${path.padEnd(68)} ${figure}`);

export interface Took {
  readonly seconds: number;
  /** Of this process, all threads. */
  readonly cpuSeconds: number;
}

export function stopwatch(): () => Took {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6 };
  };
}

/** The run in the middle by time. */
export const median = (runs: readonly Took[]): Took =>
  [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)] as Took;

/** Of several runs: the one in the middle, then all. */
export function sayRate(path: string, count: number, runs: readonly Took[]): void {
  const { seconds, cpuSeconds } = median(runs);
  const all = runs.length > 1 ? ` (${runs.map((run) => whole(count / run.seconds)).join(', ')})` : '';
  const cpu = `${((cpuSeconds / count) * 1e6).toFixed(1)} µs of CPU each, CPU ${Math.round((100 * cpuSeconds) / seconds)} %`;
  say(path, `${whole(count / seconds)} events/s${all}, ${cpu}`);
}

export function quantiles(ms: readonly number[]): string {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, of ${sorted.length}`;
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function withPorts<T>(env: Record<string, string>, use: (ports: OpenPorts) => Promise<T>): Promise<T> {
  const ports = await openPorts(loadConfig({ LOG_LEVEL: 'error', ...env }), 'bench');
  try {
    return await use(ports);
  } finally {
    await ports.close();
  }
}

export async function publishEvents(ports: OpenPorts, count: number, titles: number): Promise<void> {
  const stream = events(USERS, titles, count);
  for (let sent = 0; sent < count; sent += PUBLISHED_AT_ONCE) {
    await ports.log.publish(USER_EVENTS.name, take(stream, Math.min(PUBLISHED_AT_ONCE, count - sent)));
  }
}

export async function publishWorks(ports: OpenPorts, count: number): Promise<void> {
  const about = { source: '/content', type: 'content.work.added', timeMs: Date.now() };
  for (let from = 0; from < count; from += 500) {
    const works = Array.from({ length: Math.min(500, count - from) }, (_, i) => work(from + i));
    const messages = works.map((added) => {
      const { id, genres } = added;
      const change = { kind: 'ADDED', contentId: id, platforms: ['NETFLIX'], genres, at: 0, work: added };
      return toMessage(about, id, change);
    });
    await ports.log.publish(CONTENT_CHANGES.name, messages);
  }
}

/** Resolves when the group that learns has committed all that is in the topic. */
export const learnedAll = (ports: OpenPorts): Promise<unknown> =>
  eventually(async () => {
    const progress = await ports.log.progress('recommendation.learn', USER_EVENTS.name);
    return progress.every(({ committed, end }) => committed >= end);
  }, 170_000);
