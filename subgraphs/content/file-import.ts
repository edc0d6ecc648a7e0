/**
 * A platform's files into `content_sync`, and on until they are in the catalogue. Rows that cannot be used go to the dead
 * letters as they are. Knows no terminal: it tells a report how it goes.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../platform/ports/event-log.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { AppError } from '../../schema/errors.ts';
import { type PlatformName, syncKey } from '../../schema/events/content-sync.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import { type AcceptedRow, type ReadRow, WrongFile } from './connectors/connector.ts';
import { connectorFor } from './connectors/index.ts';
import { contentCollections, createContentIndexes } from './content-collections.ts';
import { ImportBatch, quarantined } from './import-batch.ts';
import { SYNC_GROUP, startSync } from './sync.ts';

const POLL_MS = 50;
const FIRST_ROWS = 5;
/** No event folded for this long: whoever should be folding is not. */
const STALL_MS = 60_000;

export interface ImportFile {
  readonly platform: PlatformName;
  readonly path: string;
}

/** `part`: 0 to 1, of all files together. */
export interface ImportProgress {
  readonly part: number;
  readonly rowsRead: number;
  readonly recordsFolded: number;
}

export interface FileResult extends ImportFile {
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: readonly {
    readonly reason: string;
    readonly rows: number;
    readonly firstRows: readonly number[];
  }[];
}

export interface ImportResult {
  readonly files: readonly FileResult[];
  readonly worksBefore: number;
  readonly worksAfter: number;
  readonly seconds: number;
}

/**
 * Imports files one after another and resolves when the catalogue has them. All are looked at before anything is written.
 * @throws ProblemError where a file is missing or not its platform's, AppError UNAVAILABLE where nothing is folded for 60 s
 */
export async function importFiles(
  ports: Ports,
  files: readonly ImportFile[],
  report: (progress: ImportProgress) => void = () => undefined,
  stopping?: AbortSignal,
): Promise<ImportResult> {
  const startedAt = performance.now();
  const sizes = await Promise.all(files.map(sizeOf));
  for (const file of files) await lookAt(file);
  const collections = contentCollections(ports.store);
  await createContentIndexes(collections);
  const worksBefore = await collections.works.countDocuments({ isRemoved: false });
  const run = new ImportRun(
    ports,
    sizes.reduce((sum, size) => sum + size, 0),
    report,
    stopping,
  );
  const sync = await startSync(ports);
  try {
    await run.begin();
    const results: FileResult[] = [];
    for (const file of files) results.push(await run.publish(file));
    await run.folded();
    const worksAfter = await collections.works.countDocuments({ isRemoved: false });
    return { files: results, worksBefore, worksAfter, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await sync.close();
  }
}

async function sizeOf({ path }: ImportFile): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw new ProblemError(`There is no file ${path}; check the path.`, { cause: error });
  }
  throw new ProblemError(`${path} is not a file.`);
}

/** Reads as far as the first row, so that a wrong file is refused before anything is written. */
async function lookAt(file: ImportFile): Promise<void> {
  for await (const _ of rowsOf(file, () => undefined)) return;
}

async function* rowsOf({ platform, path }: ImportFile, onBytes: (sizeBytes: number) => void): AsyncIterable<ReadRow> {
  const stream = createReadStream(path);
  stream.on('data', (chunk) => onBytes(chunk.length));
  stream.pause();
  try {
    yield* connectorFor(platform, path).read(stream);
  } catch (error) {
    if (!(error instanceof WrongFile)) throw error;
    throw new ProblemError(`${basename(path)}: ${error.message}`, { cause: error });
  } finally {
    stream.destroy();
  }
}

class ImportRun {
  readonly #ports: Ports;
  readonly #totalBytes: number;
  readonly #report: (progress: ImportProgress) => void;
  readonly #stopping: AbortSignal | undefined;
  #bytesRead = 0;
  #rowsRead = 0;
  #published = 0;
  #startOffset = 0;
  #lastVersion = 0;

  constructor(
    ports: Ports,
    totalBytes: number,
    report: (progress: ImportProgress) => void,
    stopping: AbortSignal | undefined,
  ) {
    this.#ports = ports;
    this.#totalBytes = Math.max(1, totalBytes);
    this.#report = report;
    this.#stopping = stopping;
  }

  async begin(): Promise<void> {
    this.#startOffset = (await this.#progress()).end;
  }

  async publish(file: ImportFile): Promise<FileResult> {
    const snapshotId = `${file.platform}:${basename(file.path)}:${new Date(this.#ports.clock.now()).toISOString()}`;
    const reasons = new Map<string, { rows: number; firstRows: number[] }>();
    const batch = new ImportBatch(this.#ports.log);
    let read = 0;
    let accepted = 0;
    const rows = rowsOf(file, (sizeBytes) => {
      this.#bytesRead += sizeBytes;
    });
    for await (const row of rows) {
      this.#stopping?.throwIfAborted();
      read += 1;
      this.#rowsRead += 1;
      if (row.kind === 'accepted') {
        accepted += 1;
        this.#published += 1;
        batch.addRecord(this.#message(file.platform, row, snapshotId));
      } else {
        batch.addRejected(quarantined(file.platform, basename(file.path), row, snapshotId));
        const known = reasons.get(row.reason) ?? { rows: 0, firstRows: [] };
        known.rows += 1;
        if (known.firstRows.length < FIRST_ROWS) known.firstRows.push(row.row);
        reasons.set(row.reason, known);
      }
      if (batch.isFull) {
        await batch.flush();
        await this.#tell();
      }
    }
    await batch.flush();
    return { ...file, read, accepted, quarantined: [...reasons].map(([reason, rest]) => ({ reason, ...rest })) };
  }

  /** Resolves when every event that was published is in the catalogue, whoever folded it. */
  async folded(): Promise<void> {
    const { end } = await this.#progress();
    let last = -1;
    let movedAt = performance.now();
    for (;;) {
      this.#stopping?.throwIfAborted();
      const committed = await this.#tell();
      if (committed >= end) return;
      if (committed > last) movedAt = performance.now();
      last = Math.max(last, committed);
      if (performance.now() - movedAt > STALL_MS) {
        throw new AppError(
          'UNAVAILABLE',
          `The rows are safe in ${CONTENT_SYNC.name}, but nobody has taken one for 60 s.`,
        );
      }
      await pause(POLL_MS);
    }
  }

  /** Versions are microseconds of the reading, always growing: of two rows with one id in a file the later one counts. */
  #message(platform: PlatformName, row: AcceptedRow, snapshotId: string): NewEvent {
    const timeMs = this.#ports.clock.now();
    this.#lastVersion = Math.max(this.#lastVersion + 1, Math.floor(timeMs * 1000));
    const { platformId, record } = row;
    const data = {
      ...{ platform, platformId, version: row.version ?? this.#lastVersion },
      ...{ op: 'upsert', snapshotId: row.snapshotId ?? snapshotId, record },
    };
    const head = { source: `/import/${platform}`, type: 'content.record.read', timeMs };
    return toMessage(head, syncKey(platform, platformId), data);
  }

  async #progress(): Promise<{ committed: number; end: number }> {
    const partitions = await this.#ports.log.progress(SYNC_GROUP, CONTENT_SYNC.name);
    return partitions[0] ?? { committed: 0, end: 0 };
  }

  async #tell(): Promise<number> {
    const { committed } = await this.#progress();
    const recordsFolded = Math.max(0, committed - this.#startOffset);
    const partRead = Math.min(1, this.#bytesRead / this.#totalBytes);
    const expected = partRead > 0 ? this.#published / partRead : 0;
    const part = expected > 0 ? Math.min(1, recordsFolded / expected) : 0;
    this.#report({ part, rowsRead: this.#rowsRead, recordsFolded });
    return committed;
  }
}
