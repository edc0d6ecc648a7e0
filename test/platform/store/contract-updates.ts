/** What every store promises of updates: the operators, upserts, and that a filter makes an update a compare-and-set. */
import { expect, test } from '@jest/globals';
import type { UpdateFilter } from 'mongodb';
import { isDuplicateKey } from '../../../platform/ports/store.ts';
import type { Doc, FreshCollection } from './contract.ts';

const START = {
  _id: 'a',
  n: 5,
  text: 'old',
  list: [1, 2, 3, 2],
  inner: { n: 1 },
  things: [
    { k: 1, v: 1 },
    { k: 2, v: 2 },
  ],
};

const CASES: readonly (readonly [name: string, update: object, changed: Record<string, unknown>])[] = [
  [
    '$set',
    { $set: { text: 'new', 'inner.m': 2, made: { up: true } } },
    { text: 'new', inner: { n: 1, m: 2 }, made: { up: true } },
  ],
  ['$set deep where nothing was', { $set: { 'x.y.z': 1 } }, { x: { y: { z: 1 } } }],
  [
    '$set in an array',
    { $set: { 'list.1': 9, 'things.0.v': 7 } },
    {
      list: [1, 9, 3, 2],
      things: [
        { k: 1, v: 7 },
        { k: 2, v: 2 },
      ],
    },
  ],
  ['$set beyond an array', { $set: { 'list.5': 9 } }, { list: [1, 2, 3, 2, null, 9] }],
  ['$unset', { $unset: { text: '', 'inner.n': '', absent: '' } }, { text: undefined, inner: {} }],
  ['$unset in an array', { $unset: { 'list.0': '' } }, { list: [null, 2, 3, 2] }],
  ['$inc', { $inc: { n: -2, 'inner.n': 0.5, fresh: 3 } }, { n: 3, inner: { n: 1.5 }, fresh: 3 }],
  ['$push', { $push: { list: 4, fresh: { k: 1 } } }, { list: [1, 2, 3, 2, 4], fresh: [{ k: 1 }] }],
  ['$push of many, the last four kept', { $push: { list: { $each: [7, 8], $slice: -4 } } }, { list: [3, 2, 7, 8] }],
  ['$push in front', { $push: { list: { $each: [0], $position: 0 } } }, { list: [0, 1, 2, 3, 2] }],
  ['$push sorted', { $push: { list: { $each: [0], $sort: -1 } } }, { list: [3, 2, 2, 1, 0] }],
  ['$addToSet', { $addToSet: { list: 3, things: { k: 1, v: 1 }, fresh: 1 } }, { fresh: [1] }],
  ['$addToSet of many', { $addToSet: { list: { $each: [3, 4, 4] } } }, { list: [1, 2, 3, 2, 4] }],
  ['$pull of a value', { $pull: { list: 2, absent: 1 } }, { list: [1, 3] }],
  ['$pull by condition', { $pull: { list: { $gte: 2 }, things: { k: 1 } } }, { list: [1], things: [{ k: 2, v: 2 }] }],
  ['$max', { $max: { n: 9, 'inner.n': 0, fresh: 1 } }, { n: 9, fresh: 1 }],
  ['$min', { $min: { n: 2, 'inner.n': 3, fresh: 1 } }, { n: 2, fresh: 1 }],
  ['$max across types', { $max: { n: 'a string is more than a number' } }, { n: 'a string is more than a number' }],
  ['$setOnInsert of what exists', { $setOnInsert: { n: 0 }, $set: { text: 'new' } }, { text: 'new' }],
];

const REFUSED: readonly (readonly [name: string, update: object])[] = [
  ['$inc of a string', { $inc: { text: 1 } }],
  ['$inc by a string', { $inc: { n: '1' } }],
  ['$push on a number', { $push: { n: 1 } }],
  ['$addToSet on an object', { $addToSet: { inner: 1 } }],
  ['$pull from a string', { $pull: { text: 'old' } }],
  ['$set through a number', { $set: { 'n.x': 1 } }],
  ['two changes of one field', { $set: { n: 1 }, $inc: { n: 1 } }],
  ['a change within a changed field', { $set: { inner: {}, 'inner.n': 1 } }],
  ['an unknown operator', { $frobnicate: { n: 1 } }],
  ['no operator', { n: 1 }],
  ['nothing', {}],
];

export function updateContract(fresh: FreshCollection): void {
  test.each(CASES)('%s', async (_, update, changed) => {
    const collection = fresh();
    await collection.insertOne(structuredClone(START));
    const result = await collection.updateOne({ _id: 'a' }, update as UpdateFilter<Doc>);
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
    expect(await collection.findOne({ _id: 'a' })).toEqual({ ...START, ...changed });
  });

  test.each(REFUSED)('refuses %s, and changes nothing', async (_, update) => {
    const collection = fresh();
    await collection.insertOne(structuredClone(START));
    await expect(collection.updateOne({ _id: 'a' }, update as UpdateFilter<Doc>)).rejects.toThrow();
    expect(await collection.findOne({ _id: 'a' })).toEqual(START);
  });

  test('an update that changes nothing matches and modifies nothing', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', n: 1 });
    expect(await collection.updateOne({ _id: 'a' }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await collection.updateOne({ _id: 'b' }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  test('an upsert starts from the fields the filter holds equal, and takes $setOnInsert once', async () => {
    const collection = fresh();
    const filter = { _id: 'a', 'owner.id': 'u1', kind: { $eq: 'x' }, n: { $gt: 3 }, $and: [{ part: 1 }] };
    const update = { $set: { n: 4 }, $setOnInsert: { at: 1 }, $inc: { times: 1 } };
    expect(await collection.updateOne(filter, update, { upsert: true })).toMatchObject({
      matchedCount: 0,
      upsertedCount: 1,
    });
    const inserted = { _id: 'a', owner: { id: 'u1' }, kind: 'x', part: 1, n: 4, at: 1, times: 1 };
    expect(await collection.findOne({ _id: 'a' })).toEqual(inserted);
    const again = { $set: { n: 4 }, $setOnInsert: { at: 2 }, $inc: { times: 1 } };
    expect(await collection.updateOne(filter, again, { upsert: true })).toMatchObject({
      matchedCount: 1,
      upsertedCount: 0,
    });
    expect(await collection.findOne({ _id: 'a' })).toEqual({ ...inserted, times: 2 });
  });

  test('an upsert whose document exists but does not match is a duplicate key', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', revision: 2 });
    const stale = collection.updateOne({ _id: 'a', revision: 1 }, { $set: { revision: 2 } }, { upsert: true });
    expect(isDuplicateKey(await stale.catch((error: unknown) => error))).toBe(true);
  });

  test('findOneAndUpdate gives the document before or after, or null', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', n: 1 });
    const add = { $inc: { n: 1 } };
    expect(await collection.findOneAndUpdate({ _id: 'a' }, add, { returnDocument: 'before' })).toEqual({
      _id: 'a',
      n: 1,
    });
    expect(await collection.findOneAndUpdate({ _id: 'a' }, add, { returnDocument: 'after' })).toEqual({
      _id: 'a',
      n: 3,
    });
    expect(await collection.findOneAndUpdate({ _id: 'b' }, add, { returnDocument: 'after' })).toBeNull();
    const upsert = { upsert: true } as const;
    expect(await collection.findOneAndUpdate({ _id: 'c' }, add, { returnDocument: 'before', ...upsert })).toBeNull();
    expect(await collection.findOneAndUpdate({ _id: 'd' }, add, { returnDocument: 'after', ...upsert })).toEqual({
      _id: 'd',
      n: 1,
    });
    expect(await collection.countDocuments()).toBe(3);
  });

  test('50 writers at once: none of their increments is lost', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', n: 0 });
    await Promise.all(Array.from({ length: 50 }, () => collection.updateOne({ _id: 'a' }, { $inc: { n: 1 } })));
    expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 50 });
  });

  test('50 writers claim the same revision: one gets it', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', revision: 1, winner: null });
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, writer) =>
        collection.updateOne({ _id: 'a', revision: 1 }, { $set: { winner: writer }, $inc: { revision: 1 } }),
      ),
    );
    const winners = claims.flatMap(({ modifiedCount }, writer) => (modifiedCount === 1 ? [writer] : []));
    expect(winners).toHaveLength(1);
    expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', revision: 2, winner: winners[0] });
  });

  test('30 upserts at once make one document, and those that are refused can be repeated', async () => {
    const collection = fresh();
    const upsert = async (): Promise<void> => {
      try {
        await collection.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { upsert: true });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await upsert();
      }
    };
    await Promise.all(Array.from({ length: 30 }, upsert));
    expect(await collection.find({}).toArray()).toEqual([{ _id: 'a', n: 30 }]);
  });
}
