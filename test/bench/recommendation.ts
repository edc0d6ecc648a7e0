/**
 * `npm run bench:recommendation`: how fast interactions are learned, a page of recommendations while they come in, profiles of many
 * users in the store, and memory; each line names the path it covers, and has the simplest alternative beside it. Every part runs in
 * processes of its own: `-- --only learning` (serving, profiles, memory) runs one of them. With KAFKA_BROKERS and MONGODB_URL those,
 * too. `--events N --users N --runs N --profiles N` change the sizes. Not a test: the machine decides.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';

const PARTS = ['learning', 'serving', 'profiles', 'memory'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    events: { type: 'string', default: '300000' },
    users: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '3' },
    profiles: { type: 'string', default: '100000' },
  },
});

const { only, events: EVENTS, users: USERS, runs: RUNS, profiles: PROFILES } = values;
if (only !== undefined && !PARTS.includes(only)) throw new Error(`--only: one of ${PARTS.join(', ')}`);
console.log(`machine    ${machine()}`);
for (const part of only === undefined ? PARTS : [only]) {
  console.log(`\n${part}, load average ${loadavg()[0]?.toFixed(1)} before`);
  const file = new URL(`./recommendation-${part}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, ['--expose-gc', file], {
    stdio: 'inherit',
    env: { ...process.env, EVENTS, USERS, RUNS, PROFILES },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}
