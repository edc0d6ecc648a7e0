/** `npm run match`: which records of the platforms' files are one work, as CSV on the standard output. Needs no running system. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemError } from '../../platform/problem.ts';
import { runMain } from '../../platform/run-main.ts';
import { PLATFORMS } from '../../schema/events/content-sync.ts';
import { addFile, RecordClusters } from './record-clusters.ts';

const LINES_PER_WRITE = 1_000;

const HELP = `Says which records of the platforms' files are one work: records with the same content_id are.

  npm run -s match -- --netflix FILE --prime-video FILE --hotstar FILE

Any of the three may be left out or given several times. Prints CSV: platform,platform_id,content_id.
Rows that cannot be used are left out, and counted on the standard error.`;

await runMain(async (stopping) => {
  const { values } = parseArgs({
    options: {
      netflix: { type: 'string', multiple: true },
      'prime-video': { type: 'string', multiple: true },
      hotstar: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const files = { netflix: values.netflix, prime_video: values['prime-video'], hotstar: values.hotstar };
  if (PLATFORMS.every((platform) => !files[platform]?.length)) throw new ProblemError(HELP);
  const clusters = new RecordClusters();
  for (const platform of PLATFORMS) {
    for (const file of files[platform] ?? []) {
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
