/**
 * Platforms' feeds, files or addresses, into `content_sync`, and on until they are in the catalogue. Rows that cannot be used go to
 * the dead letters as they are. A feed that is the platform's full snapshot replaces what was there, if it is whole and does not
 * take too much away. Knows no terminal: it tells a report how it goes.
 */
import { ProblemError } from '../../platform/problem.ts';
import type { Ports } from '../../platform/subgraph.ts';
import type { PlatformName } from '../../schema/events/content-sync.ts';
import { WrongFile } from './connectors/connector.ts';
import { isAddress, nameOf, openSource, SourceFailed, type SourceOptions } from './connectors/feed-source.ts';
import { connectorFor } from './connectors/index.ts';
import { type ContentCollections, contentCollections, createContentIndexes } from './content-collections.ts';
import { FeedState } from './feed-state.ts';
import { type Feed, type ImportProgress, ImportRun, type ReadFeed } from './import-run.ts';
import type { RowCounts } from './row-report.ts';
import { MAX_REMOVED_PART, replacementBy } from './snapshot.ts';
import { startSync } from './sync.ts';

export type { ImportProgress } from './import-run.ts';
export type ImportFile = Feed;

export interface ImportOptions {
  /** Every feed is all that its platform has: what is absent is removed. Otherwise rows are added and changed, never removed. */
  readonly isSnapshot?: boolean;
  /** A snapshot that would remove more than this part of the platform's records, 0 to 1, is held; default 0.2. */
  readonly maxRemovedPart?: number;
  /** Removes however much is absent, and reads an address whether or not it has changed. */
  readonly isForced?: boolean;
  readonly source?: Pick<SourceOptions, 'timeoutMs' | 'firstPauseMs'>;
}

export interface FileResult extends Feed, RowCounts {
  /** What stopped the feed before its end; null: nothing. What came before is in, and nothing was removed. */
  readonly problem: string | null;
  /** The address has nothing newer than what was taken in last. */
  readonly isUnchanged: boolean;
  /** Records that the snapshot no longer has. */
  readonly removed: number;
  /** Why the snapshot was not let remove anything; null: it was, or it is none. */
  readonly held: string | null;
}

export interface ImportResult {
  readonly files: readonly FileResult[];
  readonly worksBefore: number;
  readonly worksAfter: number;
  readonly seconds: number;
}

/**
 * Imports feeds one after another and resolves when the catalogue has them. Files are all looked at before anything is written.
 * @throws ProblemError where a file is missing or not its platform's, AppError UNAVAILABLE where nothing is folded for 60 s
 */
export async function importFiles(
  ports: Ports,
  files: readonly Feed[],
  report: (progress: ImportProgress) => void = () => undefined,
  stopping?: AbortSignal,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const startedAt = performance.now();
  const isSnapshot = options.isSnapshot ?? false;
  if (isSnapshot) checkOneEach(files);
  let totalBytes = 0;
  for (const file of files) totalBytes += await lookAt(file);
  const collections = contentCollections(ports.store);
  await createContentIndexes(collections);
  const worksBefore = await collections.works.countDocuments({ isRemoved: false });
  const run = new ImportRun(ports, totalBytes, report, { isSnapshot, stopping });
  const sync = await startSync(ports);
  try {
    await run.begin();
    const results: FileResult[] = [];
    for (const file of files) results.push(await importFeed(file, run, ports, collections, options, stopping));
    await run.folded();
    const worksAfter = await collections.works.countDocuments({ isRemoved: false });
    return { files: results, worksBefore, worksAfter, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await sync.close();
  }
}

async function importFeed(
  feed: Feed,
  run: ImportRun,
  ports: Ports,
  collections: ContentCollections,
  { isSnapshot = false, maxRemovedPart = MAX_REMOVED_PART, isForced = false, source = {} }: ImportOptions,
  stopping: AbortSignal | undefined,
): Promise<FileResult> {
  const { platform, path } = feed;
  const state = new FeedState(ports.store);
  if (isSnapshot) await run.folded(); // so that what is known is what was told before
  const knownBefore = await collections.sources.countDocuments({ platform, state: 'live' });
  const etag = isAddress(path) && !isForced ? await state.etagOf(platform, path, isSnapshot) : null;
  const read = await run.publish(feed, { ...source, etag, stopping });
  const { problem, isUnchanged } = read;
  let removed = 0;
  let held: string | null = null;
  if (isSnapshot && !isUnchanged && problem === null) {
    await run.folded();
    const snapshot = { ...read, platform, knownBefore };
    const replacement = await replacementBy(snapshot, collections.sources, isForced ? 1 : maxRemovedPart);
    if (replacement.kind === 'held') {
      held = replacement.reason;
    } else {
      removed = replacement.deletes.length;
      await run.publishAll(replacement.deletes);
    }
  }
  await run.folded();
  await remember(state, feed, read, held, isSnapshot, ports);
  const { read: rows, accepted, quarantined, repeated } = read;
  return { ...feed, read: rows, accepted, quarantined, repeated, problem, isUnchanged, removed, held };
}

async function remember(
  state: FeedState,
  { platform, path }: Feed,
  { problem, isUnchanged, etag }: ReadFeed,
  held: string | null,
  isSnapshot: boolean,
  { clock, logger }: Ports,
): Promise<void> {
  const reason = problem ?? held;
  if (reason !== null) {
    logger.warn({ platform, feed: nameOf(path), reason }, 'feed not taken in as a whole: nothing was removed');
    await state.held(platform, { at: clock.now(), reason });
  } else if (!isUnchanged) {
    await state.taken(platform, path, isSnapshot, etag, clock.now());
  }
}

/** Two snapshots of one platform would remove each other's titles. @throws ProblemError */
function checkOneEach(files: readonly Feed[]): void {
  const seen = new Set<PlatformName>();
  for (const { platform } of files) {
    if (seen.has(platform)) {
      throw new ProblemError(
        `Two snapshots of ${platform}: each is to be all that it has. Import them without --snapshot.`,
      );
    }
    seen.add(platform);
  }
}

/**
 * Reads a file as far as its first row, so that a wrong one is refused before anything is written; its size. Of an address, which
 * would be asked twice, nothing: 0.
 */
async function lookAt({ platform, path }: Feed): Promise<number> {
  if (isAddress(path)) return 0;
  try {
    const source = await openSource(path);
    if (source === null) return 0;
    for await (const _ of connectorFor(platform, path).read(source.bytes)) break;
    return source.sizeBytes ?? 0;
  } catch (error) {
    if (error instanceof SourceFailed) throw new ProblemError(error.message, { cause: error });
    if (error instanceof WrongFile) throw new ProblemError(`${nameOf(path)}: ${error.message}`, { cause: error });
    throw error;
  }
}
