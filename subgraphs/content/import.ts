/** `npm run import`: platform files into the catalogue, with one progress bar. Works beside a running server or without one. */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { ProblemError } from '../../platform/problem.ts';
import { runMain } from '../../platform/run-main.ts';
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import { type ImportFile, type ImportProgress, type ImportResult, importFiles } from './file-import.ts';

const BAR_CELLS = 30;
const LINE_EVERY_MS = 5_000;
const REDRAW_MS = 100;

const HELP = `Reads a platform's titles into the catalogue.

  npm run import -- --platform PLATFORM FILE [--platform PLATFORM FILE ...]

  PLATFORM  ${PLATFORMS.join(', ')}
  FILE      the platform's CSV, or JSON in the shape of fixtures/*_content.json

Rows that cannot be used are kept in the topic content_sync.dlq, with the reason. A server may be running meanwhile.`;

await runMain(async (stopping) => {
  const args = process.argv.slice(2);
  const files = filesOf(args);
  if (files === null) {
    console.log(HELP);
    return undefined;
  }
  const ports = await openPorts(loadConfig(process.env), 'content-import');
  const bar = progressBar();
  try {
    const result = await importFiles(ports, files, bar.report, stopping);
    bar.end();
    console.log(summaryOf(result));
  } catch (error) {
    bar.end();
    if (!stopping.aborted) throw error;
    throw new ProblemError(
      'Stopped. What was read so far is in, or follows when a server runs; import again for the rest.',
    );
  } finally {
    await ports.close();
  }
  return undefined;
});

/** Null: the person wants help. @throws ProblemError, or parseArgs' own TypeError */
function filesOf(args: readonly string[]): ImportFile[] | null {
  const { values, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: { platform: { type: 'string', short: 'p', multiple: true }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return null;
  const files: ImportFile[] = [];
  let platform: PlatformName | null = null;
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'platform') platform = platformOf(token.value ?? '');
    if (token.kind !== 'positional') continue;
    if (!platform)
      throw new ProblemError(`Say which platform ${token.value} is of: --platform PLATFORM ${token.value}`);
    files.push({ platform, path: resolve(process.env['INIT_CWD'] ?? process.cwd(), token.value) });
  }
  if (files.length === 0)
    throw new ProblemError('No file given. npm run import -- --platform netflix FILE.csv (or --help)');
  return files;
}

function platformOf(name: string): PlatformName {
  const platform = PLATFORMS.find((known) => known === name.toLowerCase().replaceAll('-', '_'));
  if (!platform) throw new ProblemError(`There is no platform "${name}"; known are ${PLATFORMS.join(', ')}.`);
  return platform;
}

/** One line that is drawn again on a terminal; elsewhere a plain line every 5 s. */
function progressBar(): { report: (progress: ImportProgress) => void; end: () => void } {
  const isTerminal = process.stderr.isTTY;
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    report({ part, rowsRead, recordsFolded }) {
      const now = performance.now();
      if (now - drawnAt < (isTerminal ? REDRAW_MS : LINE_EVERY_MS)) return;
      drawnAt = now;
      const text = `${Math.floor(part * 100)} %, ${count(rowsRead)} rows read, ${count(recordsFolded)} in the catalogue`;
      const full = Math.round(part * BAR_CELLS);
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
      process.stderr.write(isTerminal ? `\r${bar} ${text}\u001b[K` : `${text}\n`);
    },
    end() {
      if (isTerminal) process.stderr.write('\r\u001b[K');
    },
  };
}

function summaryOf({ files, worksBefore, worksAfter, seconds }: ImportResult): string {
  const lines = files.flatMap(({ platform, path, read, accepted, quarantined }) => [
    `${platform} (${basename(path)}): ${count(read)} rows read, ${count(accepted)} accepted, ${count(read - accepted)} quarantined`,
    ...quarantined.map(({ reason, rows, firstRows }) => {
      const more = rows > firstRows.length ? ', …' : '';
      return `  ${count(rows)} × ${reason} (row ${firstRows.join(', ')}${more})`;
    }),
  ]);
  const works = `Works: ${count(worksBefore)} before, ${count(worksAfter)} after. ${seconds.toFixed(1)} s.`;
  return [...lines, works].join('\n');
}

function count(number: number): string {
  return number.toLocaleString('en');
}
