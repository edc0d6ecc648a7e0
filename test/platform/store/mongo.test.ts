/** The MongoDB store keeps the contract on a real server, agrees with the embedded one, and outlives its server's death. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { EmbeddedStore } from '../../../platform/adapters/embedded-store.ts';
import { MongoStore } from '../../../platform/adapters/mongo-store.ts';
import { eventually } from '../../support/eventually.ts';
import { OwnService } from '../../support/own-services.ts';
import { describeReal } from '../../support/real-services.ts';
import { type Doc, failureOf, freshIn, storeContract } from './contract.ts';
import {
  documents,
  expectSameAnswers,
  expectSameUpdate,
  fill,
  filters,
  indexScalars,
  sorts,
  updates,
} from './equivalence.ts';

const logger = pino({ level: 'silent' });
const database = `store_contract_${randomUUID().slice(0, 8)}`;

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  await client.db(database).dropDatabase();
  await client.close();
}

describeReal('MongoDB store', ['MONGODB_URL'], ({ MONGODB_URL }) => {
  let store: MongoStore;

  beforeAll(async () => {
    store = await MongoStore.open({ url: MONGODB_URL, database, logger });
  });
  afterAll(async () => {
    await store.close();
    await dropDatabase(MONGODB_URL);
  });

  storeContract(() => store);

  describe('the embedded store agrees with it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'store-'));
    const embedded = EmbeddedStore.open({ path: join(directory, 'store.db') });
    afterAll(async () => {
      await embedded.close();
      rmSync(directory, { recursive: true });
    });

    test('on what filters find and how it sorts', async () => {
      const [inMongo, plain, indexed] = [freshIn(() => store)(), freshIn(() => embedded)(), freshIn(() => embedded)()];
      await indexScalars(indexed);
      const queries = fc.array(fc.tuple(filters, sorts), { minLength: 10, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(documents, queries, async (content, asked) => {
          await fill([inMongo, plain, indexed], content);
          for (const [filter, sort] of asked) await expectSameAnswers([inMongo, plain, indexed], filter, sort);
        }),
        { numRuns: 30 },
      );
    });

    test('on what updates do and which are refused', async () => {
      const [inMongo, plain] = [freshIn(() => store)(), freshIn(() => embedded)()];
      await fc.assert(
        fc.asyncProperty(documents, fc.array(updates, { minLength: 5 }), async (content, changes) => {
          await fill([inMongo, plain], content);
          for (const [n, change] of changes.entries()) {
            await expectSameUpdate([inMongo, plain], { _id: `d${n % content.length}` }, change);
          }
        }),
        { numRuns: 40 },
      );
    });
  });
});

describe('a MongoDB that is not there', () => {
  test('is told with its host and without the password', async () => {
    const url = 'mongodb://someone:hush@127.0.0.1:9/admin';
    const failure = await failureOf(MongoStore.open({ url, database, logger }));
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('127.0.0.1:9') });
    expect(failure.message).toContain('MONGODB_URL');
    expect(`${failure.message} ${failure.stack}`).not.toContain('hush');
  });

  test('nor has a usable URL', async () => {
    const failure = await failureOf(MongoStore.open({ url: 'mongo//someone:hush@nowhere', database, logger }));
    expect(failure).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(`${failure.message} ${failure.stack} ${String(failure.cause)}`).not.toContain('hush');
  });
});

describeReal('a MongoDB that is killed', ['SERVICES_DIR'], ({ SERVICES_DIR }) => {
  const mongo = new OwnService(SERVICES_DIR, 'mongo', 400);
  let store: MongoStore;

  beforeAll(async () => {
    await mongo.start();
    store = await MongoStore.open({ url: `mongodb://${mongo.address}`, database, logger });
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await mongo.remove();
  });

  test('loses nothing acknowledged, fails calls while it is down, and is found again', async () => {
    const collection = store.collection<Doc>('written');
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let n = 0; ; n++) {
        await collection.insertOne({ _id: `n${n}` });
        acknowledged.push(`n${n}`);
      }
    })();
    const failed = failureOf(writing);
    await eventually(() => acknowledged.length >= 200);
    await mongo.kill();
    expect((await failed).name).toMatch(/^Mongo/);
    expect(await failureOf(collection.findOne({}))).toMatchObject({ name: expect.stringMatching(/^Mongo/) });
    expect(await failureOf(store.ping())).toMatchObject({ code: 'UNAVAILABLE' });

    await mongo.start({ keep: true });
    await eventually(() => store.ping().then(() => true));
    expect(await collection.countDocuments({ _id: { $in: acknowledged } })).toBe(acknowledged.length);
    await collection.insertOne({ _id: 'after' });
    expect(await collection.findOne({ _id: 'after' })).toEqual({ _id: 'after' });
  }, 60_000);
});
