/** Sizes, and how figures are taken and told, for the parts of the recommendation benchmark. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenPorts, openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_CHANGES, USER_EVENTS } from '../../schema/events/topics.ts';
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
  readonly count: number;
  readonly seconds: number;
  /** Of this process, all threads. */
  readonly cpuSeconds: number;
}

/** Times so many of whatever is done until the answer is called. */
export function stopwatch(count: number): () => Took {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { count, seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6 };
  };
}

const rateOf = ({ count, seconds }: Took): number => count / seconds;

/** Of several runs: the one in the middle, then all. */
export function sayRate(path: string, runs: readonly Took[]): void {
  const middle = [...runs].sort((a, b) => rateOf(a) - rateOf(b))[Math.floor(runs.length / 2)] as Took;
  const { count, seconds, cpuSeconds } = middle;
  const all = runs.length > 1 ? ` (${runs.map((run) => whole(rateOf(run))).join(', ')})` : '';
  const cpu = `${((cpuSeconds / count) * 1e6).toFixed(1)} µs of CPU each, CPU ${Math.round((100 * cpuSeconds) / seconds)} %`;
  say(path, `${whole(rateOf(middle))} events/s${all}, ${cpu}`);
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

const progressOf = (ports: OpenPorts) => ports.log.progress('recommendation.learn', USER_EVENTS.name);

/** How many events the group that learns has committed. */
export async function learnedOf(ports: OpenPorts): Promise<number> {
  return (await progressOf(ports)).reduce((sum, { committed }) => sum + committed, 0);
}

/** Asking costs both sides milliseconds on Kafka. */
const POLL_MS = 100;
const LEARNED_MS = 170_000;

/** Resolves when the group that learns has committed all that is in the topic. */
export async function learnedAll(ports: OpenPorts): Promise<void> {
  const deadline = performance.now() + LEARNED_MS;
  while ((await progressOf(ports)).some(({ committed, end }) => committed < end)) {
    if (performance.now() > deadline) throw new Error(`not all was learned within ${LEARNED_MS} ms`);
    await pause(POLL_MS);
  }
}
