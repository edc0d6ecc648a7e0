/** The embedded store keeps the contract, finds without scanning, and bears several processes and their deaths. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EmbeddedStore } from '../../../platform/adapters/embedded-store.ts';
import type { EmbeddedCollection } from '../../../platform/adapters/embedded-store-collection.ts';
import type { StoredDocument } from '../../../platform/ports/store.ts';
import { isDuplicateKey } from '../../../platform/ports/store.ts';
import { type Doc, failureOf, freshIn, storeContract } from './contract.ts';
import { documents, expectSameAnswers, fill, filters, indexScalars, sorts } from './equivalence.ts';

const directory = mkdtempSync(join(tmpdir(), 'store-'));
const inDirectory = (name: string): string => join(directory, name);
const WRITER = join(import.meta.dirname, 'embedded-writer.ts');
const store = EmbeddedStore.open({ path: inDirectory('store.db') });
const fresh = freshIn(() => store);

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

describe('embedded store', () => storeContract(() => store));

test('indexes never change an answer', async () => {
  const [plain, indexed] = [fresh(), fresh()];
  await indexScalars(indexed);
  await fc.assert(
    fc.asyncProperty(documents, fc.array(fc.tuple(filters, sorts), { minLength: 10 }), async (content, queries) => {
      await fill([plain, indexed], content);
      for (const [filter, sort] of queries) await expectSameAnswers([plain, indexed], filter, sort);
    }),
    { numRuns: 150 },
  );
});

describe('finding', () => {
  interface Row extends StoredDocument {
    roomId: string;
    revision: number;
    at: number;
    actorId: string;
    commandId?: string;
    note: string;
  }
  const rows = store.collection<Row>('rows') as EmbeddedCollection<Row>;
  const SCAN = /^SCAN "?c_rows"?|TEMP B-TREE/;

  beforeAll(async () => {
    await rows.createIndex({ roomId: 1, revision: 1 }, { unique: true });
    await rows.createIndex({ at: -1 });
    await rows.createIndex(
      { roomId: 1, actorId: 1, commandId: 1 },
      { unique: true, partialFilterExpression: { commandId: { $exists: true } } },
    );
  });

  test.each([
    ['by _id', { _id: 'a' }, {}],
    ['by 1,000 ids', { _id: { $in: Array.from({ length: 1_000 }, (_, n) => `k${n}`) } }, {}],
    ['by _id and revision', { _id: 'a', revision: 3 }, {}],
    ['by a unique key', { roomId: 'r', revision: 3 }, {}],
    ['by a partial unique key', { roomId: 'r', actorId: 'u', commandId: 'c' }, {}],
    ['after a revision, in order', { roomId: 'r', revision: { $gt: 3 } }, { sort: { revision: 1 }, limit: 10 }],
    ['the last of a room', { roomId: 'r' }, { sort: { revision: -1 }, limit: 1 }],
    [
      'of a room, sorted by both',
      { roomId: 'r', revision: { $lte: 9 } },
      { sort: { roomId: 1, revision: 1 }, limit: 3 },
    ],
    ['several rooms', { roomId: { $in: ['r', 's'] } }, {}],
    ['a range of time, newest first', { at: { $gte: 1, $lt: 9 } }, { sort: { at: -1 }, limit: 10 }],
    ['what has no time', { at: null as never }, {}],
    ['within $and', { $and: [{ roomId: 'r' }, { note: 'n' }] }, {}],
  ] as const)('%s reads no more than it must', (_, filter, options) => {
    const steps = rows.explain(filter as object, options);
    expect(steps.join('\n')).toContain('SEARCH c_rows USING INDEX');
    expect(steps.filter((step) => SCAN.test(step))).toEqual([]);
  });

  test('all in the order of an index sorts nothing', () => {
    expect(rows.explain({}, { sort: { at: -1 } })).toEqual(['SCAN c_rows USING INDEX ix_rows_at_-1']);
  });

  test('what no index covers is scanned', () => {
    expect(rows.explain({ note: 'n' }).join()).toMatch(SCAN);
    expect(rows.explain({ roomId: { $ne: 'r' } }).join()).toMatch(SCAN);
  });
});

describe('refusals', () => {
  test.each([
    ['an array', { key: [1] }],
    ['an object', { key: { x: 1 } }],
  ])('%s in an indexed field, by whatever way it comes', async (_, fields) => {
    const collection = fresh();
    const refused = expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('"key"') });
    await collection.createIndex({ key: 1 });
    await collection.insertOne({ _id: 'a', key: 1 });
    expect(await failureOf(collection.insertOne({ _id: 'b', ...fields }))).toEqual(refused);
    expect(await failureOf(collection.updateOne({ _id: 'a' }, { $set: fields }))).toEqual(refused);
    expect(await failureOf(collection.replaceOne({ _id: 'a' }, fields))).toEqual(refused);
    expect(await collection.find({}).toArray()).toEqual([{ _id: 'a', key: 1 }]);

    const other = fresh();
    await other.insertOne({ _id: 'b', ...fields });
    expect(await failureOf(other.createIndex({ key: 1 }))).toEqual(refused);
  });

  test.each([
    ['no _id', {}],
    ['a number as _id', { _id: 1 }],
    ['a Date', { _id: 'a', at: new Date(0) }],
    ['NaN', { _id: 'a', n: Number.NaN }],
    ['a bigint', { _id: 'a', n: 1n }],
    ['a Map', { _id: 'a', deep: [{ map: new Map() }] }],
    ['a function', { _id: 'a', f: () => 1 }],
  ])('a document with %s', async (_, document) => {
    const collection = fresh();
    const refused = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    expect(await failureOf(collection.insertOne(document as unknown as Doc))).toEqual(refused);
    expect(await collection.countDocuments()).toBe(0);
  });

  test('a cycle', async () => {
    const document: Doc = { _id: 'a' };
    document.self = document;
    expect(await failureOf(fresh().insertOne(document))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test.each(['', 'Rooms', 'a-b', 'a"b', '1a', 'a'.repeat(100)])('"%s" as a collection', (name) => {
    expect(() => store.collection(name)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  test.each(['a"b', "a'b", '', 'a..b', '$a'])('%p as an indexed field', async (field) => {
    expect(await failureOf(fresh().createIndex({ [field]: 1 }))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('a negative skip and a limit that is no integer', async () => {
    expect(await failureOf(fresh().find({}, { skip: -1 }).toArray())).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await failureOf(fresh().find({}, { limit: 1.5 }).toArray())).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('a file that cannot be opened, and a store that is closed', async () => {
    const unavailable = expect.objectContaining({ code: 'UNAVAILABLE' });
    expect(() => EmbeddedStore.open({ path: join(directory, 'no', 'such', 'folder.db') })).toThrow(unavailable);
    const closed = EmbeddedStore.open({ path: inDirectory('closed.db') });
    await closed.close();
    await closed.close();
    expect(await failureOf(closed.ping())).toEqual(unavailable);
    expect(await failureOf(closed.collection('rooms').findOne({}))).toEqual(unavailable);
  });
});

describe('one file', () => {
  test('keeps documents and indexes when opened again', async () => {
    const path = inDirectory('again.db');
    const before = EmbeddedStore.open({ path });
    await before.collection<Doc>('rooms').createIndex({ key: 1 }, { unique: true });
    await before.collection<Doc>('rooms').insertOne({ _id: 'a', key: 1 });
    await before.close();
    const after = EmbeddedStore.open({ path });
    const rooms = after.collection<Doc>('rooms');
    expect(await rooms.find({}).toArray()).toEqual([{ _id: 'a', key: 1 }]);
    expect(isDuplicateKey(await failureOf(rooms.insertOne({ _id: 'b', key: 1 })))).toBe(true);
    expect(await failureOf(rooms.insertOne({ _id: 'b', key: [1] }))).toMatchObject({ code: 'BAD_USER_INPUT' });
    await after.close();
  });

  test('opened twice: each sees the other’s documents and indexes at once', async () => {
    const path = inDirectory('twice.db');
    const [one, other] = [EmbeddedStore.open({ path }), EmbeddedStore.open({ path })];
    const [here, there] = [one.collection<Doc>('rooms'), other.collection<Doc>('rooms')];
    expect(await here.findOne({ _id: 'a' })).toBeNull();
    await there.createIndex({ key: 1 }, { unique: true });
    await there.insertOne({ _id: 'a', key: 1 });
    expect(await here.findOne({ key: 1 })).toEqual({ _id: 'a', key: 1 });
    expect(isDuplicateKey(await failureOf(here.insertOne({ _id: 'b', key: 1 })))).toBe(true);
    expect(await failureOf(here.insertOne({ _id: 'b', key: [1] }))).toMatchObject({ code: 'BAD_USER_INPUT' });
    await one.close();
    await other.close();
  });

  test('two processes that compare and set lose no update', async () => {
    const path = inDirectory('shared.db');
    const shared = EmbeddedStore.open({ path });
    const counters = shared.collection<Doc>('counters');
    await counters.insertOne({ _id: 'shared', revision: 0 });
    const writers = [1, 2].map(() => spawn(process.execPath, [WRITER, path, 'increment', '500'], { stdio: 'inherit' }));
    const ends = await Promise.all(writers.map((writer) => once(writer, 'exit')));
    expect(ends).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(await counters.findOne({ _id: 'shared' })).toEqual({ _id: 'shared', revision: 1_000 });
    await shared.close();
  });

  test('keeps every acknowledged write of a process that was killed', async () => {
    const path = inDirectory('killed.db');
    const writer = spawn(process.execPath, [WRITER, path, 'insert'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const acknowledged: string[] = [];
    for await (const line of createInterface(writer.stdout)) {
      acknowledged.push(line);
      if (acknowledged.length === 500) writer.kill('SIGKILL');
    }
    const survivor = EmbeddedStore.open({ path });
    const written = survivor.collection<Doc>('written');
    // One more may have been written but not told.
    expect(await written.countDocuments({ _id: { $in: acknowledged } })).toBe(acknowledged.length);
    expect(await written.countDocuments()).toBeLessThanOrEqual(acknowledged.length + 1);
    await written.insertOne({ _id: 'after' });
    expect(await written.findOne({ _id: 'after' })).toEqual({ _id: 'after' });
    await survivor.close();
  });
});
