/**
 * `npm run bench:import`: time and memory of taking the three real catalogue files into an empty system, as a user would, beside
 * only parsing the same files. CATALOGUE_DIR says where they are; with KAFKA_BROKERS or MONGODB_URL it measures those.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse';
import { startProcess } from '../support/processes.ts';
import { machine } from './machine.ts';

const FILES = { netflix: 'netflix_titles.csv', prime_video: 'amazon_prime_titles.csv', hotstar: 'hotstar.csv' };

const folder = process.env.CATALOGUE_DIR;
if (!folder) throw new Error('Set CATALOGUE_DIR to the folder with the catalogue files.');
const paths = Object.entries(FILES).map(([platform, file]) => [platform, resolve(folder, file)] as const);

async function parseOnly(): Promise<number> {
  let rows = 0;
  for (const [, path] of paths) for await (const _ of createReadStream(path).pipe(parse({ columns: true }))) rows += 1;
  return rows;
}

async function importAll(): Promise<{ seconds: number; peakMiB: number; output: string }> {
  const data = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
  const started = performance.now();
  const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
  const unique = `bench${Date.now()}`;
  const program = startProcess(
    ['node', 'subgraphs/content/import.ts', ...paths.flatMap(([platform, path]) => ['--platform', platform, path])],
    {
      DATA_DIR: data,
      LOG_LEVEL: 'warn',
      KAFKA_BROKERS,
      KAFKA_TOPIC_PREFIX: `${unique}.`,
      MONGODB_URL: MONGODB_URL && `${MONGODB_URL}/${unique}`,
    },
  );
  let peakMiB = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${program.child.pid}/status`, 'utf8').catch(() => '');
    peakMiB = Math.max(peakMiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 100);
  const code = await program.exit;
  clearInterval(timer);
  await rm(data, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the import failed:\n${program.output()}`);
  return { seconds: (performance.now() - started) / 1000, peakMiB: Math.round(peakMiB), output: program.output() };
}

const parseStarted = performance.now();
const rows = await parseOnly();
const parseSeconds = (performance.now() - parseStarted) / 1000;
const runs = [await importAll(), await importAll(), await importAll()].sort((a, b) => a.seconds - b.seconds);
const [best, median, worst] = runs;
const where = [
  process.env.KAFKA_BROKERS ? 'Kafka' : 'embedded log',
  process.env.MONGODB_URL ? 'MongoDB' : 'embedded store',
];
console.log(`machine    ${machine()}`);
console.log(`adapters   ${where.join(', ')}`);
console.log(`rows       ${rows} in ${paths.length} files`);
console.log(`parse only ${parseSeconds.toFixed(1)} s`);
console.log(
  `import     ${best?.seconds.toFixed(1)} / ${median?.seconds.toFixed(1)} / ${worst?.seconds.toFixed(1)} s (best, median, worst of 3)`,
);
console.log(
  `           ${((median?.seconds ?? 0) / parseSeconds).toFixed(1)} × parsing, ${Math.round(rows / (median?.seconds ?? 1))} rows/s, at most ${Math.max(...runs.map((run) => run.peakMiB))} MiB resident`,
);
console.log(median?.output.trim().split('\n').slice(-14).join('\n'));
