/**
 * A platform's real delta, eight months of Netflix by JustWatch, taken in by the command a user types, on a real Kafka and a
 * MongoDB-wire server, while clients are subscribed to `catalogueChanges` over graphql-ws: each sees every change exactly once.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { openEventLog } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import type { EventLog } from '../../platform/ports/event-log.ts';
import type { ContentChange } from '../../schema/events/content-change.ts';
import { CONTENT_CHANGES, CONTENT_SYNC } from '../../schema/events/topics.ts';
import { upsert } from '../subgraphs/content/records.ts';
import { Api, type Frames } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';
import { describeReal } from '../support/real-services.ts';

const TIMEOUT_MS = 240_000;

interface Seen {
  readonly kind: string;
  readonly contentId: string;
  readonly at: number;
  readonly content?: { readonly id: string; readonly title: string } | null;
}

const keyOf = ({ contentId, kind, at }: Pick<Seen, 'contentId' | 'kind' | 'at'>): string =>
  `${contentId} ${kind} ${at}`;

describeReal(
  'the changes of a real delta, live',
  ['KAFKA_BROKERS', 'MONGODB_URL', 'CATALOGUE_DIR'],
  ({ KAFKA_BROKERS, MONGODB_URL, CATALOGUE_DIR }) => {
    const unique = `delta${process.pid}x${Date.now()}`;
    const env = {
      ...{
        KAFKA_BROKERS,
        KAFKA_TOPIC_PREFIX: `${unique}.`,
        MONGODB_URL: `${MONGODB_URL}/${unique}`,
        LOG_LEVEL: 'warn',
      },
    };
    const processes: StartedProcess[] = [];
    const seen: { readonly plain: Seen[]; readonly resolved: Seen[] } = { plain: [], resolved: [] };
    let api: Api;
    let log: EventLog;

    async function start(command: string, port: Readonly<Record<string, string>>): Promise<void> {
      const started = startProcess(['node', command], { ...env, ...port });
      processes.push(started);
      const [number] = Object.values(port);
      const isUp = async () => started.child.exitCode !== null || (await fetch(`http://127.0.0.1:${number}/readyz`)).ok;
      await eventually(isUp, 60_000);
      if (started.child.exitCode !== null) throw new Error(started.output());
    }

    async function run(...command: string[]): Promise<string> {
      const program = startProcess(['node', ...command], env);
      expect({ code: await program.exit, output: program.output() }).toMatchObject({ code: 0 });
      return program.output();
    }

    const take = (month: string): Promise<string> => {
      const file = join(CATALOGUE_DIR, `justwatch_netflix_${month}.csv`);
      return run('subgraphs/content/import.ts', '--snapshot', '--platform', 'netflix', file);
    };

    /** All that was told, each change once, by its CloudEvents id. */
    async function told(): Promise<Map<string, ContentChange>> {
      const found = new Map<string, ContentChange>();
      for (let partition = 0; partition < CONTENT_CHANGES.partitions; partition += 1) {
        for await (const { headers, value } of log.read({ topic: CONTENT_CHANGES.name, partition, fromOffset: 0 })) {
          found.set(headers['ce_id'] ?? '', JSON.parse(String(value)) as ContentChange);
        }
      }
      return found;
    }

    /** Reads on until the stream ends with the test. */
    async function collect(frames: Frames, into: Seen[]): Promise<void> {
      for (;;) {
        const { data, errors } = await frames.next();
        if (errors) throw new Error(JSON.stringify(errors));
        into.push(data.catalogueChanges);
      }
    }

    beforeAll(async () => {
      const [content, gateway] = [String(await freePort()), String(await freePort())];
      await start('subgraphs/content/main.ts', { CONTENT_PORT: content });
      await start('gateway/main.ts', {
        ...{ PORT: gateway, SUBGRAPH_URLS: `content=http://127.0.0.1:${content}/graphql` },
      });
      api = new Api(`http://127.0.0.1:${gateway}/graphql`);
      log = await openEventLog(loadConfig(env), 'test', createLogger('test', 'silent'));
    }, TIMEOUT_MS);

    afterAll(async () => {
      await api?.close();
      await log?.close();
      await Promise.all(processes.map((each) => each.stop()));
      const client = await MongoClient.connect(MONGODB_URL);
      await client.db(unique).dropDatabase();
      await client.close();
    }, 60_000);

    test(
      'a client sees each change once; the catalogue afterwards is the second snapshot',
      async () => {
        expect(await take('2022-07')).toContain('5,849 accepted');
        const failures: unknown[] = [];
        for (const [into, fields] of [
          [seen.plain, 'kind contentId at'],
          [seen.resolved, 'kind contentId at content { id title }'],
        ] as const) {
          const frames = await api.watch('01', `subscription { catalogueChanges { ${fields} } }`);
          void collect(frames, into).catch((error) => failures.push(error));
        }
        // A stream is live once a change arrives on it: one title changes until it does.
        let version = 0;
        await eventually(async () => {
          const warmUp = upsert('hotstar:1', ++version, { title: 'Warm-up', description: `Take ${version}` });
          await log.publish(CONTENT_SYNC.name, [{ key: 'hotstar:1', value: JSON.stringify(warmUp) }]);
          return seen.plain.length > 0 && seen.resolved.length > 0;
        }, 30_000);
        const known = new Set((await told()).keys());
        const isOfDelta = ({ contentId }: Pick<Seen, 'contentId'>): boolean => contentId !== seen.plain[0]?.contentId;

        expect(await take('2023-03')).toContain('782 titles that are not in it were removed');
        const delta = [...(await told())].flatMap(([id, change]) =>
          known.has(id) || !isOfDelta(change) ? [] : [change],
        );
        const wanted = delta.map(keyOf).sort();
        const keysIn = (frames: readonly Seen[]): string[] => frames.filter(isOfDelta).map(keyOf).sort();
        await eventually(
          () =>
            [seen.plain, seen.resolved].every((frames) => keysIn(frames).length >= wanted.length) ||
            failures.length > 0,
          60_000,
        );
        expect(failures).toEqual([]);
        expect(keysIn(seen.plain)).toEqual(wanted);
        expect(keysIn(seen.resolved)).toEqual(wanted);
        const count = (kind: string): number => delta.filter((change) => change.kind === kind).length;
        // 1,070 titles came and 782 went; two titles may be one work.
        expect(count('ADDED')).toBeGreaterThan(1_000);
        expect(count('REMOVED')).toBeGreaterThan(700);
        expect(count('UPDATED')).toBeGreaterThan(1_400);
        expect(seen.resolved.filter(({ kind, content }) => kind === 'ADDED' && !content)).toEqual([]);
        const { data } = await api.ask('01', '{ catalogueStatus { platform sourceRecords held { reason } } }');
        expect(data.catalogueStatus[0]).toEqual({ platform: 'NETFLIX', sourceRecords: 6_137, held: null });

        // An operator makes two of them one: both works are told, and the id that went answers with the other.
        const [one, other] = delta
          .filter(({ kind }) => kind === 'ADDED')
          .map(({ work }) => work?.offers[0]?.platformId);
        await run('subgraphs/content/match.ts', 'link', `netflix:${one}`, `netflix:${other}`);
        await eventually(() => keysIn(seen.plain).length === wanted.length + 2);
        const [winner, loser] = ['UPDATED', 'REMOVED'].map(
          (kind) => seen.plain.slice(-2).find((change) => change.kind === kind)?.contentId,
        );
        const { data: found } = await api.ask(
          '01',
          'query ($id: ID!) { content(id: $id) { id offers { platformId } } }',
          {
            id: loser,
          },
        );
        expect(found.content).toMatchObject({ id: winner, offers: [expect.anything(), expect.anything()] });
      },
      TIMEOUT_MS,
    );
  },
);
