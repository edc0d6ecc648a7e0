/**
 * How long one search and one suggestion take on the works of the three real catalogues: prefixes as they are typed, full
 * titles, typing errors, people and genre words, beside a linear scan of the titles and MiniSearch as it comes. At two levels: the
 * content subgraph as the gateway calls it, signed GraphQL over HTTP (client and server in this one process), with what an app
 * shows of 20 works; and the service alone, with filter, facets and one page. Beside the wall clock, the time
 * that the thread was running, which a busy machine does not stretch. CATALOGUE_DIR says where the files are.
 */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import MiniSearch from 'minisearch';
import { loadConfig } from '../../platform/config.ts';
import { ANONYMOUS } from '../../platform/identity.ts';
import { signRequest } from '../../platform/request-signature.ts';
import { serveSubgraph } from '../../platform/subgraph-server.ts';
import { PLATFORMS, sourceRecord } from '../../schema/events/content-sync.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import { CatalogueView } from '../../subgraphs/content/catalogue-view.ts';
import { connectorFor } from '../../subgraphs/content/connectors/index.ts';
import {
  contentCollections,
  type SourceDocument,
  saveAll,
  toWorkDocument,
} from '../../subgraphs/content/content-collections.ts';
import { ContentService } from '../../subgraphs/content/content-service.ts';
import { fold, wordsOf } from '../../subgraphs/content/domain/text.ts';
import { contentOf, type PlacedRecord, type Work } from '../../subgraphs/content/domain/work.ts';
import { RecordClusters } from '../../subgraphs/content/record-clusters.ts';
import { SearchIndex } from '../../subgraphs/content/search-index.ts';
import { createContentSubgraph } from '../../subgraphs/content/subgraph.ts';
import { openTestPorts } from '../support/ports.ts';
import { machine } from './machine.ts';

const FILES = { netflix: 'netflix_titles.csv', prime_video: 'amazon_prime_titles.csv', hotstar: 'hotstar.csv' };
const TITLES = 120;
const FIRST = 20;

const SHOWN =
  'id type title releaseYear genres { id name } maturity { band } offers { platform edition deepLink { web fireTv } }';
const SEARCH = `query Search($query: String!, $filter: ContentFilter) { search(query: $query, filter: $filter) {
  totalCount pageInfo { hasNextPage endCursor } edges { score matched node { ${SHOWN} } } facets { name values { value count } } } }`;
const SUGGEST = `query Suggest($query: String!) { suggest(prefix: $query) { text content { ${SHOWN} } } }`;
const FILTER = { types: ['MOVIE'], genres: ['drama'], maxMinAge: 16 } as const;

const folder = process.env.CATALOGUE_DIR;
if (!folder) throw new Error('Set CATALOGUE_DIR to the folder with the catalogue files.');

interface Catalogue {
  readonly works: readonly Work[];
  readonly sources: readonly SourceDocument[];
}

async function readCatalogue(): Promise<Catalogue> {
  const clusters = new RecordClusters();
  const records: PlacedRecord[] = [];
  for (const platform of PLATFORMS) {
    for await (const row of connectorFor(platform, '').read(createReadStream(resolve(folder ?? '', FILES[platform])))) {
      if (row.kind !== 'accepted') continue;
      clusters.add(platform, row.platformId, row.record);
      records.push({ platform, platformId: row.platformId, record: row.record, seenAt: 0 });
    }
  }
  const workOf = new Map(clusters.records.map((it) => [`${it.platform}:${it.platformId}`, it.clusterId]));
  const members = Map.groupBy(records, ({ platform, platformId }) => workOf.get(`${platform}:${platformId}`) ?? '');
  const works = [...members].map(([id, placed]) => ({
    ...{ id, ...contentOf(placed), isRemoved: false },
    ...{ version: 1, toldVersion: 1, mergedInto: null, lastRecord: null, updatedAt: 0 },
  }));
  const times = { snapshotAt: null, seenAt: 0, changedAt: 0 };
  const sources = records.map(({ platform, platformId, record }, i): SourceDocument => {
    const key = `${platform}:${platformId}`;
    const place = { workId: workOf.get(key) ?? null, previousWorkId: null, evidence: null };
    const head = { _id: key, platform, platformId, version: 1, offset: i - records.length, snapshotId: null };
    return { ...head, state: 'live', record, ...place, ...times };
  });
  return { works, sources: [...new Map(sources.map((source) => [source._id, source])).values()] };
}

/** The same queries in every run: every so many-th work gives some. */
function queriesOf(works: readonly Work[]): Record<string, string[]> {
  const step = Math.floor(works.length / TITLES);
  const some = works.filter((_, i) => i % step === 0);
  const titles = some.map(({ title }) => title);
  const prefixes = (shortest: number, longest: number): string[] =>
    titles.flatMap((title) =>
      Array.from({ length: longest - shortest + 1 }, (_, i) => title.slice(0, shortest + i).toLowerCase()),
    );
  return {
    'prefix of 1 to 3 letters': prefixes(1, 3),
    'prefix of 4 to 8 letters': prefixes(4, 8),
    'full title': titles,
    'letter left out': titles.filter(({ length }) => length >= 6).map((title) => title.slice(0, 3) + title.slice(4)),
    'letters swapped': titles
      .filter(({ length }) => length >= 6)
      .map((title) => title.slice(0, 2) + title.charAt(3) + title.charAt(2) + title.slice(4)),
    person: some.flatMap(({ cast }) => cast.slice(0, 1)),
    'genre and word': titles.map((title) => `comedy ${wordsOf(title)[0] ?? ''}`),
    'common word': titles.map(
      (_, i) => ['the', 'love', 'drama', 'the s', 'a', 'khan', 'of the', 'in the m'][i % 8] ?? '',
    ),
  };
}

function figures(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2).padStart(7);
  return `${at(0.5)} ${at(0.99)} ${at(1)}`;
}

interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

async function measure(queries: readonly string[], ask: (query: string) => unknown): Promise<Times> {
  const times: Times = { wall: [], cpu: [] };
  for (const query of queries) {
    const [startedAt, cpuAt] = [performance.now(), cpuMs()];
    const answer = ask(query);
    if (answer instanceof Promise) await answer;
    times.cpu.push(cpuMs() - cpuAt);
    times.wall.push(performance.now() - startedAt);
  }
  return times;
}

/** The content subgraph with these works, as a process of its own would serve it. */
async function serve({ works, sources }: Catalogue) {
  const ports = await openTestPorts();
  const collections = contentCollections(ports.store);
  await saveAll(collections.works, works.map(toWorkDocument), new Map());
  await saveAll(collections.sources, sources, new Map());
  const config = loadConfig({ SUBGRAPH_SECRET: 'k'.repeat(32) });
  const listen = { port: 0, variable: 'CONTENT_PORT' };
  const server = await serveSubgraph(createContentSubgraph(ports), ports, config, listen);
  return {
    /** From publishing a title to finding it, in ms. */
    async freshness(title: string): Promise<number> {
      const startedAt = performance.now();
      const record = sourceRecord.parse({ title, type: 'movie' });
      const event = { platform: 'hotstar', platformId: title, version: 1, op: 'upsert', record } as const;
      await ports.log.publish(CONTENT_SYNC.name, [{ key: `hotstar:${title}`, value: JSON.stringify(event) }]);
      while ((await this.ask(SEARCH, { query: title })).search.totalCount === 0);
      return performance.now() - startedAt;
    },
    async ask(query: string, variables: object): Promise<{ readonly search: { readonly totalCount: number } }> {
      const body = JSON.stringify({ query, variables });
      const request = { method: 'POST', path: '/graphql', body };
      const signed = signRequest(config.subgraphSecret.reveal(), request, ANONYMOUS, ports.clock.now(), 5_000);
      const headers = { 'content-type': 'application/json', ...signed };
      const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: 'POST', headers, body });
      const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    async stop(): Promise<void> {
      await server.stop();
      await ports.close();
    },
  };
}

const catalogue = await readCatalogue();
const { works } = catalogue;
const view = new CatalogueView();
const search = new SearchIndex();
const heapBefore = process.memoryUsage().heapUsed;
const startedAt = performance.now();
for (const work of works) view.set(work, search.set(work));
const builtMs = performance.now() - startedAt;
const unused = null as never; // search and suggest ask neither the store nor the quarantine
const service = new ContentService({
  ...{ collections: unused, quarantine: unused, feeds: unused },
  ...{ view, search, clock: { now: () => 1 } as never },
});
const plain = new MiniSearch<Work>({
  fields: ['title'],
  searchOptions: { prefix: true, fuzzy: 0.2, combineWith: 'AND' },
});
plain.addAll(works);
const scanned = works.map(({ id, title }) => ({ id, title: fold(title) }));
const scan = (query: string): unknown => {
  const asked = fold(query);
  return scanned.filter(({ title }) => title.includes(asked));
};

const asked = queriesOf(works);
const served = await serve(catalogue);
const ways: Record<string, (query: string) => unknown> = {
  'GraphQL search': (query) => served.ask(SEARCH, { query }),
  'with filter': (query) => served.ask(SEARCH, { query, filter: FILTER }),
  'GraphQL suggest': (query) => served.ask(SUGGEST, { query }),
  search: (query) => service.search(query, null, FIRST, null),
  'search with filter': (query) => service.search(query, FILTER, FIRST, null),
  suggest: (query) => service.suggest(query, 8),
  'linear scan': scan,
  'plain MiniSearch': (query) => plain.search(query),
};
console.log(`machine  ${machine()}`);
console.log(
  `works    ${works.length}; index built in ${Math.round(builtMs)} ms, heap ${Math.round((process.memoryUsage().heapUsed - heapBefore) / 2 ** 20)} MiB more, with what it is compared to`,
);
for (const ask of Object.values(ways))
  for (const queries of Object.values(asked)) await measure(queries.slice(0, 60), ask);
console.log(`\nms${' '.repeat(42)}wall: p50   p99    most    cpu: p50   p99    most`);
for (const [way, ask] of Object.entries(ways)) {
  const all: Times = { wall: [], cpu: [] };
  const show = (kind: string, { wall, cpu }: Times): void =>
    console.log(`${way.padEnd(18)} ${kind.padEnd(24)} ${figures(wall)}  ${figures(cpu)}`);
  for (const [kind, queries] of Object.entries(asked)) {
    const times = await measure(queries, ask);
    all.wall.push(...times.wall);
    all.cpu.push(...times.cpu);
    show(kind, times);
  }
  show(`all ${all.wall.length}`, all);
}
const first = await served.freshness('Zqxjkv 0');
const fresh: number[] = [];
for (let i = 1; i <= 30; i += 1) fresh.push(await served.freshness(`Zqxjkv${i} ${i}`));
console.log(
  `\nnew title found by search after ${figures(fresh)} ms; the first after a start after ${first.toFixed(0)} ms`,
);
await served.stop();
