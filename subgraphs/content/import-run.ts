/**
 * One run of an import: rows become events, unusable ones dead letters, and it is told how far the catalogue has followed.
 * What stops a feed half way costs the rest of that feed and nothing else.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { AppError } from '../../schema/errors.ts';
import { type ContentSyncEvent, type PlatformName, syncKey } from '../../schema/events/content-sync.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import { type AcceptedRow, type RejectedRow, WrongFile } from './connectors/connector.ts';
import {
  isAddress,
  nameOf,
  type OpenSource,
  openSource,
  SourceFailed,
  type SourceOptions,
} from './connectors/feed-source.ts';
import { connectorFor } from './connectors/index.ts';
import { ImportBatch, quarantined } from './import-batch.ts';
import { type RowCounts, RowReport } from './row-report.ts';
import { SYNC_GROUP } from './sync.ts';

const POLL_MS = 50;
/** No event folded for this long: whoever should be folding is not. */
const STALL_MS = 60_000;
/** Below what the log takes, with room for headers. */
const MAX_VALUE_BYTES = 900_000;
/** Ids remembered per feed: beyond, repeats are no longer noticed, and a snapshot with so many unusable rows is not whole. */
const MOST_IDS = 200_000;

export interface Feed {
  readonly platform: PlatformName;
  /** A file's path, or an address that begins with http:// or https://. */
  readonly path: string;
}

/** `part`: 0 to 1, of all feeds together. */
export interface ImportProgress {
  readonly part: number;
  readonly rowsRead: number;
  readonly recordsFolded: number;
}

/** What was read of a feed. */
export interface ReadFeed extends RowCounts {
  /** Null: it was read to its end. */
  readonly problem: string | null;
  /** The address has nothing newer than what was taken in last. */
  readonly isUnchanged: boolean;
  readonly etag: string | null;
  readonly snapshotId: string;
  /** Below the versions of all its rows. */
  readonly version: number;
  readonly hasOwnVersions: boolean;
  readonly unreadableIds: ReadonlySet<string>;
}

export class ImportRun {
  readonly #ports: Ports;
  readonly #totalBytes: number;
  readonly #report: (progress: ImportProgress) => void;
  readonly #stopping: AbortSignal | undefined;
  readonly #isSnapshot: boolean;
  #bytesRead = 0;
  #rowsRead = 0;
  #published = 0;
  #startOffset = 0;
  #lastVersion = 0;

  constructor(
    ports: Ports,
    totalBytes: number,
    report: (progress: ImportProgress) => void,
    options: { readonly isSnapshot: boolean; readonly stopping: AbortSignal | undefined },
  ) {
    this.#ports = ports;
    this.#totalBytes = Math.max(1, totalBytes);
    this.#report = report;
    this.#stopping = options.stopping;
    this.#isSnapshot = options.isSnapshot;
  }

  async begin(): Promise<void> {
    this.#startOffset = (await this.#progress()).end;
  }

  /** Publishes a feed's rows as far as they can be read. @throws AppError UNAVAILABLE, and the abort of `stopping` */
  async publish({ platform, path }: Feed, options: SourceOptions): Promise<ReadFeed> {
    const name = nameOf(path);
    const snapshotId = `${platform}:${name}:${new Date(this.#ports.clock.now()).toISOString()}`.slice(-200);
    const version = this.#nextVersion();
    const report = new RowReport(MOST_IDS);
    const batch = new ImportBatch(this.#ports.log);
    let source: OpenSource | null = null;
    let problem: string | null = null;
    let hasOwnVersions = false;
    try {
      source = await openSource(path, options);
      for await (const row of source ? connectorFor(platform, name).read(this.#counted(source.bytes)) : []) {
        this.#stopping?.throwIfAborted();
        this.#rowsRead += 1;
        const message = row.kind === 'accepted' ? this.#message(platform, row, snapshotId) : null;
        if (row.kind === 'accepted' && message !== null) {
          hasOwnVersions ||= row.version !== null;
          this.#published += 1;
          report.accepted(row);
          batch.addRecord(message);
        } else {
          const rejected = row.kind === 'rejected' ? row : tooLarge(row);
          report.rejected(rejected);
          batch.addRejected(quarantined(platform, name, rejected, snapshotId));
        }
        if (!batch.isFull) continue;
        await batch.flush();
        await this.#tell();
      }
    } catch (error) {
      if (!(error instanceof SourceFailed || error instanceof WrongFile)) throw error;
      problem = report.read === 0 ? error.message : `After row ${report.read.toLocaleString('en')} ${error.message}.`;
    }
    await batch.flush();
    problem ??= report.isCut ? `It ends in the middle of row ${report.read.toLocaleString('en')}.` : null;
    const { etag = null } = source ?? {};
    const isUnchanged = source === null && problem === null && isAddress(path);
    const { unreadableIds } = report;
    return { ...report.counts(), problem, isUnchanged, etag, snapshotId, version, hasOwnVersions, unreadableIds };
  }

  /** Publishes events that follow from a feed as a whole. */
  async publishAll(events: readonly ContentSyncEvent[]): Promise<void> {
    const batch = new ImportBatch(this.#ports.log);
    for (const event of events) {
      this.#stopping?.throwIfAborted();
      this.#published += 1;
      batch.addRecord(this.#envelope(event));
      if (batch.isFull) await batch.flush();
    }
    await batch.flush();
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

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#bytesRead += chunk.length;
      yield chunk;
    }
  }

  /** Null: it is larger than an event may be. */
  #message(platform: PlatformName, row: AcceptedRow, snapshotId: string): NewEvent | null {
    const { platformId, record } = row;
    const version = row.version ?? this.#nextVersion();
    const ownSnapshot = this.#isSnapshot ? null : row.snapshotId;
    const message = this.#envelope({
      platform,
      platformId,
      version,
      op: 'upsert',
      snapshotId: ownSnapshot ?? snapshotId,
      record,
    });
    return Buffer.byteLength(message.value) > MAX_VALUE_BYTES ? null : message;
  }

  #envelope(event: ContentSyncEvent): NewEvent & { readonly value: string } {
    const type = event.op === 'delete' ? 'content.record.missed' : 'content.record.read';
    const head = { source: `/import/${event.platform}`, type, timeMs: this.#ports.clock.now() };
    return toMessage(head, syncKey(event.platform, event.platformId), event);
  }

  /** Microseconds of the reading, always growing: of two rows with one id in a file the later one counts. */
  #nextVersion(): number {
    this.#lastVersion = Math.max(this.#lastVersion + 1, Math.floor(this.#ports.clock.now() * 1000));
    return this.#lastVersion;
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

function tooLarge({ row, platformId, record }: AcceptedRow): RejectedRow {
  const raw = Buffer.from(JSON.stringify(record)).subarray(0, MAX_VALUE_BYTES / 2);
  return { kind: 'rejected', row, reason: 'larger than an event may be', raw, platformId, isCut: false };
}
