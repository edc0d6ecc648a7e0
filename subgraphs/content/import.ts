/** `npm run import`: platform files into the catalogue, with one progress bar. Works beside a running server or without one. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { ProblemError } from '../../platform/problem.ts';
import { runMain } from '../../platform/run-main.ts';
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import { isAddress, nameOf } from './connectors/feed-source.ts';
import {
  type FileResult,
  type ImportFile,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  importFiles,
} from './file-import.ts';
import type { SomeRows } from './row-report.ts';
import { MAX_REMOVED_PART } from './snapshot.ts';

const BAR_CELLS = 30;
const LINE_EVERY_MS = 5_000;
const REDRAW_MS = 100;

const HELP = `Reads a platform's titles into the catalogue.

  npm run import -- [--snapshot] --platform PLATFORM FEED [--platform PLATFORM FEED ...]

  PLATFORM  ${PLATFORMS.join(', ')}
  FEED      a file or an http(s):// address: the platform's CSV, the JustWatch dump of it, or JSON in the shape of
            fixtures/*_content.json (by the end of its name). An address that has not changed since is not read again.

  --snapshot             each feed is all that its platform has: titles that are not in it are removed
  --max-removed PERCENT  a snapshot that would remove more is held and removes nothing; default ${MAX_REMOVED_PART * 100}
  --force                removes however much is absent, and reads an address even if it has not changed

Without --snapshot rows are added and changed, never removed. A feed that stops half way keeps what was whole and removes nothing.
Rows that cannot be used are kept in the topic content_sync.dlq, with the reason. A server may be running meanwhile.`;

await runMain(async (stopping) => {
  const asked = readArguments(process.argv.slice(2));
  if (asked === null) {
    console.log(HELP);
    return undefined;
  }
  const ports = await openPorts(loadConfig(process.env), 'content-import');
  const bar = progressBar();
  try {
    const result = await importFiles(ports, asked.feeds, bar.report, stopping, asked.options);
    bar.end();
    console.log(summaryOf(result));
    const incomplete = result.files.filter(({ problem, held }) => problem !== null || held !== null);
    if (incomplete.length > 0) {
      throw new ProblemError(`Not taken in as a whole: ${incomplete.map(({ path }) => nameOf(path)).join(', ')}.`);
    }
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
function readArguments(args: readonly string[]): { feeds: ImportFile[]; options: ImportOptions } | null {
  const { values, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: {
      platform: { type: 'string', short: 'p', multiple: true },
      snapshot: { type: 'boolean' },
      'max-removed': { type: 'string' },
      force: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const feeds: ImportFile[] = [];
  let platform: PlatformName | null = null;
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'platform') platform = platformOf(token.value ?? '');
    if (token.kind !== 'positional') continue;
    if (!platform)
      throw new ProblemError(`Say which platform ${token.value} is of: --platform PLATFORM ${token.value}`);
    const path = isAddress(token.value) ? token.value : resolve(process.env['INIT_CWD'] ?? process.cwd(), token.value);
    feeds.push({ platform, path });
  }
  if (feeds.length === 0)
    throw new ProblemError('No file given. npm run import -- --platform netflix FILE.csv (or --help)');
  const { snapshot: isSnapshot = false, force: isForced = false } = values;
  return { feeds, options: { isSnapshot, isForced, maxRemovedPart: partOf(values['max-removed']) } };
}

function partOf(percent: string | undefined): number {
  const part = percent === undefined ? MAX_REMOVED_PART : Number(percent.replace(/\s*%$/, '') || Number.NaN) / 100;
  if (!(part >= 0 && part <= 1)) throw new ProblemError(`--max-removed is 0 to 100, not "${percent}".`);
  return part;
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
  const works = `Works: ${count(worksBefore)} before, ${count(worksAfter)} after. ${seconds.toFixed(1)} s.`;
  return [...files.flatMap(linesOf), works].join('\n');
}

function linesOf(file: FileResult): string[] {
  const { platform, path, read, accepted, quarantined, repeated, removed, held, problem, isUnchanged } = file;
  const name = `${platform} (${nameOf(path)})`;
  if (isUnchanged) return [`${name}: nothing newer than what was taken in last`];
  return [
    `${name}: ${count(read)} rows read, ${count(accepted)} accepted, ${count(read - accepted)} quarantined`,
    ...quarantined.map(({ reason, ...rows }) => `  ${count(rows.rows)} × ${reason} (${placeOf(rows)})`),
    ...(repeated.rows > 0
      ? [`  ${count(repeated.rows)} × the id of an earlier row, which it replaces (${placeOf(repeated)})`]
      : []),
    ...(removed > 0 ? [`  ${count(removed)} titles that are not in it were removed`] : []),
    ...(problem === null ? [] : [`  ${problem} What came before is in; nothing was removed.`]),
    ...(held === null ? [] : [`  Held: ${held}. Nothing was removed; --force removes them.`]),
  ];
}

function placeOf({ rows, firstRows }: SomeRows): string {
  return `row ${firstRows.join(', ')}${rows > firstRows.length ? ', …' : ''}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
