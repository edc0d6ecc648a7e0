/**
 * What every store promises: writing documents and reading them back. One suite for all adapters; its other parts are in
 * contract-queries.ts and contract-uniqueness.ts.
 */
import { describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import type { BulkWrite, Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import { isDuplicateKey } from '../../../platform/ports/store.ts';
import { queryContract } from './contract-queries.ts';
import { uniquenessContract } from './contract-uniqueness.ts';
import { updateContract } from './contract-updates.ts';

/** A document of any shape. */
export interface Doc extends StoredDocument, Document {}

/** A collection that no other test uses. */
export type FreshCollection = () => Collection<Doc>;

let collections = 0;

export const freshIn =
  (store: () => Store): FreshCollection =>
  () =>
    store().collection<Doc>(`contract_${++collections}`);

export async function failureOf(work: Promise<unknown>): Promise<Error & { readonly code?: unknown }> {
  return work.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );
}

/** @param store gives the store once the suite's `beforeAll` has opened it */
export function storeContract(store: () => Store): void {
  const fresh = freshIn(store);

  describe('documents', () => {
    test('come back as they went in, whatever their strings hold', async () => {
      const collection = fresh();
      const strings = [
        '',
        '\0',
        'a\0b',
        '😀',
        '"quoted" \'and\' `so`',
        '\\',
        '\n\t',
        '\uFFFD',
        '{"$gt":1}',
        '$.a',
        '%_*',
      ];
      for (const [index, text] of strings.entries()) {
        const document = { _id: `${index}${text}`, text, list: [text, [text]], nested: { text } };
        await collection.insertOne(document);
        expect(await collection.findOne({ _id: document._id })).toEqual(document);
        expect(await collection.find({ text }).toArray()).toEqual([document]);
      }
      expect(await collection.countDocuments()).toBe(strings.length);
    });

    test('hold numbers, booleans, null and field names of any kind', async () => {
      const collection = fresh();
      const document = {
        _id: 'a',
        numbers: [0, -1, 0.1, 1e-7, 1e21, 2 ** 53, -(2 ** 31), Number.MAX_VALUE, Number.MIN_VALUE],
        yes: true,
        no: false,
        nothing: null,
        empty: {},
        none: [],
        'with space': 1,
        'quo"te': 2,
        ключ: 3,
        '😀': { constructor: 4 },
      };
      await collection.insertOne(document);
      expect(await collection.findOne({ _id: 'a' })).toStrictEqual(document);
    });

    test('have no undefined fields', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', gone: undefined, inner: { gone: undefined, here: 1 } });
      expect(await collection.findOne({ _id: 'a' })).toStrictEqual({ _id: 'a', inner: { here: 1 } });
    });

    test('are copied in and out', async () => {
      const collection = fresh();
      const document = { _id: 'a', list: [1], inner: { n: 1 } };
      await collection.insertOne(document);
      document.list.push(2);
      document.inner.n = 2;
      const found = await collection.findOne({ _id: 'a' });
      found!.inner.n = 3;
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', list: [1], inner: { n: 1 } });
    });

    test('may be 5 MB large, and no larger than 16 MiB', async () => {
      const collection = fresh();
      const text = 'å'.repeat(2_500_000);
      await collection.insertOne({ _id: 'large', text });
      expect((await collection.findOne({ _id: 'large' }))?.text).toBe(text);
      await expect(collection.insertOne({ _id: 'larger', text: 'x'.repeat(17 * 1024 * 1024) })).rejects.toThrow();
      expect(await collection.countDocuments()).toBe(1);
    });

    test('a second one with the same _id is refused', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', n: 1 });
      const failure = await failureOf(collection.insertOne({ _id: 'a', n: 2 }));
      expect(isDuplicateKey(failure)).toBe(true);
      expect(failure.message).toContain('_id_');
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 });
    });
  });

  describe('replaceOne, deleteOne and deleteMany', () => {
    test('replace the whole document but its _id', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', revision: 1, old: true });
      const replaced = await collection.replaceOne({ _id: 'a', revision: 1 }, { revision: 2 });
      expect(replaced).toMatchObject({ matchedCount: 1, upsertedCount: 0 });
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', revision: 2 });
      expect(await collection.replaceOne({ _id: 'a', revision: 1 }, { revision: 3 })).toMatchObject({
        matchedCount: 0,
      });
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', revision: 2 });
    });

    test('replace or insert, with upsert', async () => {
      const collection = fresh();
      const upsert = { upsert: true };
      expect(await collection.replaceOne({ _id: 'a' }, { n: 1 }, upsert)).toMatchObject({
        matchedCount: 0,
        upsertedCount: 1,
      });
      expect(await collection.replaceOne({ _id: 'a' }, { n: 2 }, upsert)).toMatchObject({
        matchedCount: 1,
        upsertedCount: 0,
      });
      expect(await collection.find({}).toArray()).toEqual([{ _id: 'a', n: 2 }]);
    });

    test('never change an _id', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a' });
      const withId = { _id: 'b', n: 1 };
      await expect(collection.replaceOne({ _id: 'a' }, withId)).rejects.toThrow();
      await expect(collection.updateOne({ _id: 'a' }, { $set: { _id: 'b' } })).rejects.toThrow();
      expect(await collection.find({}).toArray()).toEqual([{ _id: 'a' }]);
    });

    test('delete one or all that match', async () => {
      const collection = fresh();
      for (const n of [1, 2, 3, 4]) await collection.insertOne({ _id: `d${n}`, even: n % 2 === 0 });
      expect(await collection.deleteOne({ even: true })).toMatchObject({ deletedCount: 1 });
      expect(await collection.deleteMany({ even: false })).toMatchObject({ deletedCount: 2 });
      expect(await collection.deleteOne({ _id: 'd1' })).toMatchObject({ deletedCount: 0 });
      expect(await collection.countDocuments()).toBe(1);
      expect(await collection.deleteMany({})).toMatchObject({ deletedCount: 1 });
    });
  });

  describe('bulkWrite', () => {
    const insert = (_id: string): BulkWrite<Doc> => ({ insertOne: { document: { _id, n: 0 } } });

    test('does every kind of write, in order', async () => {
      const collection = fresh();
      await collection.bulkWrite(
        [
          insert('a'),
          insert('b'),
          insert('c'),
          { updateOne: { filter: { _id: 'a' }, update: { $inc: { n: 1 } } } },
          { updateOne: { filter: { _id: 'a' }, update: { $inc: { n: 1 } } } },
          { updateOne: { filter: { _id: 'd' }, update: { $set: { n: 4 } }, upsert: true } },
          { replaceOne: { filter: { _id: 'b' }, replacement: { m: 2 } } },
          { replaceOne: { filter: { _id: 'e' }, replacement: { m: 5 }, upsert: true } },
          { deleteOne: { filter: { _id: 'c' } } },
        ],
        { ordered: true },
      );
      expect(await collection.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
        { _id: 'a', n: 2 },
        { _id: 'b', m: 2 },
        { _id: 'd', n: 4 },
        { _id: 'e', m: 5 },
      ]);
    });

    const ids = async (collection: Collection<Doc>): Promise<string[]> =>
      (await collection.find({}, { sort: { _id: 1 } }).toArray()).map(({ _id }) => _id);

    test('ordered: stops at the first failure, and what came before stays', async () => {
      const collection = fresh();
      const writes = [insert('a'), insert('b'), insert('a'), insert('c')];
      const failure = await failureOf(collection.bulkWrite(writes, { ordered: true }));
      expect(isDuplicateKey(failure)).toBe(true);
      expect(failure).toMatchObject({ writeErrors: [expect.objectContaining({ index: 2, code: 11000 })] });
      expect(await ids(collection)).toEqual(['a', 'b']);
    });

    test('unordered: goes on after failures and tells all of them', async () => {
      const collection = fresh();
      const writes = [insert('a'), insert('a'), insert('b'), insert('a'), insert('c')];
      const failure = await failureOf(collection.bulkWrite(writes, { ordered: false }));
      expect(isDuplicateKey(failure)).toBe(true);
      expect(failure).toMatchObject({
        writeErrors: [{ index: 1 }, { index: 3 }].map((e) => expect.objectContaining(e)),
      });
      expect(await ids(collection)).toEqual(['a', 'b', 'c']);
    });

    test('of nothing is refused, as the driver does', async () => {
      await expect(fresh().bulkWrite([], { ordered: true })).rejects.toThrow();
    });

    test('takes thousands of writes', async () => {
      const collection = fresh();
      const writes = Array.from({ length: 3_000 }, (_, n) => insert(`w${n}`));
      await collection.bulkWrite(writes, { ordered: false });
      expect(await collection.countDocuments()).toBe(3_000);
      const wanted = Array.from({ length: 1_000 }, (_, n) => `w${n * 3}`);
      const found = await collection.find({ _id: { $in: wanted } }).toArray();
      expect(found.map(({ _id }) => _id).sort()).toEqual([...wanted].sort());
    });
  });

  describe('updates', () => updateContract(fresh));
  describe('queries', () => queryContract(fresh));
  describe('unique indexes', () => uniquenessContract(fresh));

  test('answers a ping', async () => {
    await expect(store().ping()).resolves.toBeUndefined();
  });
}
