/**
 * Which records are one work: precision and recall on labelled pairs, beside two simple rules on the same pairs, and the time to
 * place one record against the full catalogue. CATALOGUE_DIR says where the platforms' files are, LABELS which pairs (default
 * matching_dev.csv there); with ERRORS=1 it lists the pairs it gets wrong, with the evidence.
 */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse';
import { PLATFORMS, type PlatformName, type SourceRecord, syncKey } from '../../schema/events/content-sync.ts';
import { connectorFor } from '../../subgraphs/content/connectors/index.ts';
import { MatchIndex } from '../../subgraphs/content/domain/match-index.ts';
import { compare, featuresOf } from '../../subgraphs/content/domain/matching.ts';
import { habitsOf } from '../../subgraphs/content/domain/platform-habits.ts';
import { fold } from '../../subgraphs/content/domain/text.ts';
import { RecordClusters } from '../../subgraphs/content/record-clusters.ts';
import { machine } from './machine.ts';

const FILES = { netflix: 'netflix_titles.csv', prime_video: 'amazon_prime_titles.csv', hotstar: 'hotstar.csv' };
const PLACED_FOR_TIME = 5_000;

interface Pair {
  readonly id: string;
  readonly isSame: boolean;
  readonly a: string;
  readonly b: string;
  readonly tags: readonly string[];
}

type Rule = (a: string, b: string) => boolean;

const folder = process.env.CATALOGUE_DIR;
if (!folder) throw new Error('Set CATALOGUE_DIR to the folder with the catalogue files.');
const labels = process.env.LABELS ?? resolve(folder, 'matching_dev.csv');

async function readRecords(): Promise<Map<string, SourceRecord>> {
  const records = new Map<string, SourceRecord>();
  for (const platform of PLATFORMS) {
    const path = resolve(folder ?? '', FILES[platform]);
    for await (const row of connectorFor(platform, path).read(createReadStream(path))) {
      if (row.kind === 'accepted') records.set(syncKey(platform, row.platformId), row.record);
    }
  }
  return records;
}

async function readPairs(): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const row of createReadStream(labels).pipe(parse({ columns: true, bom: true }))) {
    const key = (platform: string, id: string): string => `${platform === 'prime' ? 'prime_video' : platform}:${id}`;
    pairs.push({
      id: row.pair_id,
      isSame: row.label === '1',
      a: key(row.platform_a, row.id_a),
      b: key(row.platform_b, row.id_b),
      tags: (row.tags ?? '').split(/[\s;]+/).filter((tag: string) => tag !== ''),
    });
  }
  return pairs;
}

const idOf = (key: string): [PlatformName, string] => {
  const at = key.indexOf(':');
  return [key.slice(0, at) as PlatformName, key.slice(at + 1)];
};

function clusterAll(records: ReadonlyMap<string, SourceRecord>): Map<string, string> {
  const clusters = new RecordClusters();
  for (const [key, record] of records) clusters.add(...idOf(key), record);
  return new Map(
    clusters.records.map(({ platform, platformId, clusterId }) => [syncKey(platform, platformId), clusterId]),
  );
}

function score(pairs: readonly Pair[], rule: Rule): string {
  let [hits, wrong, missed] = [0, 0, 0];
  for (const { isSame, a, b } of pairs) {
    const said = rule(a, b);
    if (said && isSame) hits += 1;
    if (said && !isSame) wrong += 1;
    if (!said && isSame) missed += 1;
  }
  const precision = hits / (hits + wrong);
  const recall = hits / (hits + missed);
  const f1 = (2 * precision * recall) / (precision + recall);
  const figures = [precision, recall, f1].map((figure) => (Number.isNaN(figure) ? '  -  ' : figure.toFixed(3)));
  return `${figures.join('  ')}  (${hits} hits, ${wrong} wrong, ${missed} missed)`;
}

function quantile(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(3);
}

/** Records taken out of the full index and placed again, one at a time. */
function placingTimes(records: ReadonlyMap<string, SourceRecord>, works: ReadonlyMap<string, string>): number[] {
  const index = new MatchIndex();
  for (const [key, record] of records) index.add(key, featuresOf(record), works.get(key) ?? key);
  const step = Math.max(1, Math.floor(records.size / PLACED_FOR_TIME));
  const times: number[] = [];
  for (const [i, [key, record]] of [...records].entries()) {
    if (i % step !== 0) continue;
    index.remove(key);
    const startedAt = performance.now();
    const features = featuresOf(record);
    index.find(features, key);
    index.add(key, features, works.get(key) ?? key);
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

const records = await readRecords();
const pairs = await readPairs();
const startedAt = performance.now();
const works = clusterAll(records);
const seconds = (performance.now() - startedAt) / 1000;
const sizes = new Map<string, number>();
for (const work of works.values()) sizes.set(work, (sizes.get(work) ?? 0) + 1);

const recordOf = (key: string): SourceRecord | null => records.get(key) ?? null;
const sameTitle: Rule = (a, b) => fold(recordOf(a)?.title ?? a) === fold(recordOf(b)?.title ?? b);
const sameTitleTypeYear: Rule = (a, b) =>
  sameTitle(a, b) &&
  recordOf(a)?.type === recordOf(b)?.type &&
  Math.abs((recordOf(a)?.releaseYear ?? 0) - (recordOf(b)?.releaseYear ?? 0)) <= 1;
const clustered: Rule = (a, b) => works.has(a) && works.get(a) === works.get(b);

console.log(`machine          ${machine()}`);
console.log(`labels           ${pairs.length} pairs, ${pairs.filter(({ isSame }) => isSame).length} of one work`);
console.log(`records          ${records.size}, ${sizes.size} works, largest ${Math.max(...sizes.values())} records`);
console.log(`all placed       ${seconds.toFixed(2)} s`);
const times = placingTimes(records, works);
console.log(
  `one more placed  ${quantile(times, 0.5)} / ${quantile(times, 0.99)} / ${quantile(times, 1)} ms (p50, p99, most)`,
);
console.log('                 precision recall F1');
console.log(`title            ${score(pairs, sameTitle)}`);
console.log(`title+type+year  ${score(pairs, sameTitleTypeYear)}`);
console.log(`matching         ${score(pairs, clustered)}`);
for (const tag of [...new Set(pairs.flatMap(({ tags }) => tags))].sort()) {
  const tagged = pairs.filter(({ tags }) => tags.includes(tag));
  console.log(`  ${tag.padEnd(32)} ${score(tagged, clustered)}`);
}
if (process.env.ERRORS) {
  for (const { id, isSame, a, b } of pairs.filter((pair) => clustered(pair.a, pair.b) !== pair.isSame)) {
    const [left, right] = [recordOf(a), recordOf(b)];
    const evidence = left && right && compare(featuresOf(left), featuresOf(right), habitsOf(a), habitsOf(b));
    const facts = [left, right].map((it) => it && `${it.title} (${it.releaseYear}, ${it.runtimeMinutes} min)`);
    console.log(
      `${isSame ? 'missed' : 'wrong '} ${id} ${a} ${b}: ${facts.join(' | ')}: ${evidence?.score} ${evidence?.reasons.join(' ')}`,
    );
  }
}
