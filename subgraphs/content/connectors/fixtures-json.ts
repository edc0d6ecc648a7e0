/**
 * JSON in the shape of fixtures/*_content.json: `{platform, snapshotId, records: [{platformId, version, …SourceRecord}]}`.
 * Small by nature: it is read whole, up to 20 MB.
 */
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { PLATFORMS, type PlatformName } from '../../../schema/events/content-sync.ts';
import { splitEdition } from '../domain/editions.ts';
import { type Connector, checkedRecord, type ReadRow, UnusableRow, WrongFile } from './connector.ts';

const MAX_FILE_BYTES = 20_000_000;
/** So much of an unusable record is kept. */
const MAX_RAW_BYTES = 100_000;

const fileShape = z.object({
  platform: z.enum(PLATFORMS),
  snapshotId: z.string().min(1).max(200).nullable().default(null),
  records: z.array(z.record(z.string(), z.unknown())),
});
const rowHead = z.object({ platformId: z.string().min(1).max(200), version: z.number().int().nonnegative() });

export const fixturesJson = (platform: PlatformName): Connector => ({
  async *read(file) {
    const { records, ...head } = fileOf(await textOf(file));
    if (head.platform !== platform) {
      throw new WrongFile(`The file says it is of ${head.platform}, not of ${platform}.`);
    }
    for (const [index, fields] of records.entries()) yield readRow(index + 1, fields, head.snapshotId);
  },
});

async function textOf(file: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of file) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_FILE_BYTES) throw new WrongFile('A JSON file may have 20 MB; use CSV for more.');
    chunks.push(bytes);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw new WrongFile('This is not UTF-8; JSON has to be.');
  return bytes.toString('utf8');
}

function fileOf(text: string): z.infer<typeof fileShape> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new WrongFile(`This is not JSON: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  const checked = fileShape.safeParse(json);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new WrongFile(`${issue?.path.join('.') || 'The file'}: ${issue?.message ?? 'wrong shape'}.`);
}

function readRow(row: number, fields: Readonly<Record<string, unknown>>, snapshotId: string | null): ReadRow {
  try {
    const head = rowHead.safeParse(fields);
    if (!head.success) throw new UnusableRow('platformId or version is missing');
    const record = checkedRecord(fields);
    const { title, edition } = splitEdition(record.title);
    return {
      kind: 'accepted',
      row,
      ...head.data,
      snapshotId,
      record: { ...record, title, edition: record.edition ?? edition },
    };
  } catch (error) {
    if (error instanceof UnusableRow) {
      const id = fields['platformId'];
      const platformId = typeof id === 'string' && id !== '' ? id : null;
      const raw = Buffer.from(JSON.stringify(fields)).subarray(0, MAX_RAW_BYTES);
      return { kind: 'rejected', row, reason: error.message, raw, platformId, isCut: false };
    }
    throw error;
  }
}
