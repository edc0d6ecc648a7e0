/**
 * Files to clusters of records, without a log or a store: rows go through the connectors and the matching that the sync uses,
 * one after another, in the order of the files. Holds features, not rows: some 1 kB per record.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ProblemError } from '../../platform/problem.ts';
import { type PlatformName, type SourceRecord, syncKey } from '../../schema/events/content-sync.ts';
import { WrongFile } from './connectors/connector.ts';
import { connectorFor } from './connectors/index.ts';
import { MatchIndex } from './domain/match-index.ts';
import { type Evidence, featuresOf } from './domain/matching.ts';

/** A record in its cluster. */
export interface ClusteredRecord {
  readonly platform: PlatformName;
  readonly platformId: string;
  /** `platform:platformId` of the record that began the cluster: the same files give the same names. */
  readonly clusterId: string;
  /** Null for the record that began the cluster. */
  readonly evidence: (Evidence & { readonly matchedWith: string }) | null;
}

/** Places records one after another. */
export class RecordClusters {
  readonly #index = new MatchIndex();
  readonly #records = new Map<string, ClusteredRecord>();

  /** Every record once, in the order in which they came first. */
  get records(): readonly ClusteredRecord[] {
    return [...this.#records.values()];
  }

  /** Of two records with one id the later counts. */
  add(platform: PlatformName, platformId: string, record: SourceRecord): void {
    const key = syncKey(platform, platformId);
    this.#index.remove(key);
    const features = featuresOf(record);
    const found = this.#index.find(features, key);
    const clusterId = found?.workId ?? this.#freeName(key);
    this.#index.add(key, features, clusterId);
    const evidence = found && { score: found.score, reasons: found.reasons, matchedWith: found.matchedWith };
    this.#records.set(key, { platform, platformId, clusterId, evidence });
  }

  /** A record that left the cluster named after it begins another one. */
  #freeName(key: string): string {
    return this.#index.membersOf(key).length === 0 ? key : this.#freeName(`${key}'`);
  }
}

/** Adds a platform's file row by row; gives the number of rows that could not be used. @throws ProblemError */
export async function addFile(clusters: RecordClusters, platform: PlatformName, path: string): Promise<number> {
  let rejected = 0;
  try {
    for await (const row of connectorFor(platform, path).read(createReadStream(path))) {
      if (row.kind === 'accepted') clusters.add(platform, row.platformId, row.record);
      else rejected += 1;
    }
  } catch (error) {
    if (error instanceof WrongFile) throw new ProblemError(`${basename(path)}: ${error.message}`, { cause: error });
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) {
      throw new ProblemError(`There is no file ${path}; check the path.`, { cause: error });
    }
    throw error;
  }
  return rejected;
}
