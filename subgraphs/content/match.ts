/**
 * `npm run match`: which records of the platforms' files are one work, as CSV on the standard output; needs no running system. With
 * a command it shows or corrects which records of the catalogue are.
 */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { ProblemError } from '../../platform/problem.ts';
import { runMain } from '../../platform/run-main.ts';
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import { CURATION_HELP, curate } from './curation-command.ts';
import { addFile, RecordClusters } from './record-clusters.ts';

const LINES_PER_WRITE = 1_000;

const HELP = `Says which records of the platforms' files are one work: records with the same content_id are.

  npm run -s match -- --netflix FILE --prime-video FILE --hotstar FILE

Any of them may be left out or given several times. Prints CSV: platform,platform_id,content_id.
Rows that cannot be used are left out, and counted on the standard error.

${CURATION_HELP}`;

await runMain(async (stopping) => {
  const options: Record<string, { type: 'string'; multiple: true }> = {};
  for (const platform of PLATFORMS) options[optionOf(platform)] = { type: 'string', multiple: true };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...options, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  if (positionals.length > 0) {
    console.log(await curate(positionals, () => openPorts(loadConfig(process.env), 'content-match'), stopping));
    return undefined;
  }
  const filesOf = (platform: PlatformName): readonly string[] => {
    const given: unknown = Reflect.get(values, optionOf(platform));
    return Array.isArray(given) ? given : [];
  };
  if (PLATFORMS.every((platform) => filesOf(platform).length === 0)) throw new ProblemError(HELP);
  const clusters = new RecordClusters();
  for (const platform of PLATFORMS) {
    for (const file of filesOf(platform)) {
      const rejected = await addFile(clusters, platform, resolve(process.env.INIT_CWD ?? '.', file));
      if (rejected > 0) console.error(`${platform}: ${rejected} rows of ${file} cannot be used and are left out`);
      stopping.throwIfAborted();
    }
  }
  await print([
    'platform,platform_id,content_id',
    ...clusters.records.map(({ platform, platformId, clusterId }) =>
      [platform, quoted(platformId), quoted(clusterId)].join(','),
    ),
  ]);
  return undefined;
});

/** `--prime-video` for prime_video. */
function optionOf(platform: PlatformName): string {
  return platform.replaceAll('_', '-');
}

/** Waits for a slow reader, and until all is written. */
async function print(lines: readonly string[]): Promise<void> {
  for (let at = 0; at < lines.length; at += LINES_PER_WRITE) {
    const text = `${lines.slice(at, at + LINES_PER_WRITE).join('\n')}\n`;
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
}

/** A cell as RFC 4180 has it. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
