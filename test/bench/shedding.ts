/**
 * `npm run bench:shedding`: what a storm does to those who were there before. A gateway (a process of its own) takes 50 requests at
 * once; 40 clients keep asking for what takes 50 ms, first alone, then beside 150 who come back five times as soon as Retry-After says. Prints how soon the
 * storm is refused, and what the accepted wait, both as this client sees them; without the limit beside it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { EdgeSystem } from '../gateway/edge-system.ts';
import { machine } from './machine.ts';

const WORK_MS = 50;
const CLIENTS = 40;
const STORM = 150;
const STORM_PAUSE_MS = 200;
const MAX_REQUESTS = 50;
const RUN_MS = 6_000;
const QUERY = 'query ($text: String) { echo(text: $text) slow }';

if (process.argv[2] === 'serve') {
  const system = await EdgeSystem.start({ edge: { maxRequests: Number(process.argv[3]) } });
  Object.defineProperty(system, 'slow', { get: () => pause(WORK_MS) });
  process.send?.(system.port);
  process.once('message', async () => {
    await system.stop();
    process.disconnect?.();
  });
} else {
  console.log(machine());
  console.log(
    `${CLIENTS} clients of what takes ${WORK_MS} ms, ${STORM} more who ask again ${STORM_PAUSE_MS} ms after each answer\n`,
  );
  await run(`at most ${MAX_REQUESTS} at once`, MAX_REQUESTS);
  await run('no limit', 1_000_000);
}

interface Seen {
  readonly status: number;
  readonly ms: number;
}

async function run(title: string, maxRequests: number): Promise<void> {
  const server = fork(import.meta.filename, ['serve', String(maxRequests)]);
  const [port] = (await once(server, 'message')) as [number];
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let asked = 0;
  const ask = (by: Agent | false) => post(port, String(asked++), by); // each its own: equal ones would share an answer
  const load = async (seen: Seen[], count: number, by: Agent | false, pauseMs: number, until: number) => {
    const client = async () => {
      await pause(Math.random() * STORM_PAUSE_MS); // not all in step
      while (performance.now() < until) {
        const answer = await ask(by);
        seen.push(answer);
        if (pauseMs > 0 || answer.status === 503) await pause(STORM_PAUSE_MS * (0.5 + Math.random()));
      }
    };
    await Promise.all(Array.from({ length: count }, client));
  };
  const warm: Seen[] = [];
  await load(warm, CLIENTS, agent, 0, performance.now() + 1_500);
  const calm: Seen[] = [];
  await load(calm, CLIENTS, agent, 0, performance.now() + RUN_MS);
  const [stormed, storm]: [Seen[], Seen[]] = [[], []];
  const until = performance.now() + RUN_MS;
  await Promise.all([load(stormed, CLIENTS, agent, 0, until), load(storm, STORM, false, STORM_PAUSE_MS, until)]);
  const accepted = [...stormed, ...storm].filter(({ status }) => status === 200);
  const refused = [...stormed, ...storm].filter(({ status }) => status === 503);
  const broken = stormed.length + storm.length - accepted.length - refused.length;
  console.log(`${title} (${broken} neither answered nor refused)`);
  console.log(`  accepted, calm         ${figures(calm)}`);
  console.log(`  accepted, in the storm ${figures(accepted)}`);
  console.log(`  refused, in the storm  ${refused.length === 0 ? 'none' : figures(refused)}\n`);
  agent.destroy();
  server.send('stop');
  await once(server, 'exit');
}

function post(port: number, text: string, agent: Agent | false): Promise<Seen> {
  const from = performance.now();
  return new Promise((resolve) => {
    const done = (status: number) => resolve({ status, ms: performance.now() - from });
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        path: '/graphql',
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
      },
      (response) =>
        response
          .resume()
          .on('end', () => done(response.statusCode ?? 0))
          .on('error', () => done(0)),
    );
    sent.on('error', () => done(0));
    sent.end(JSON.stringify({ query: QUERY, variables: { text } }));
  });
}

function figures(seen: readonly Seen[]): string {
  const times = seen.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (part: number) => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);
  return `${String(seen.length).padStart(6)} answers, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms`;
}
