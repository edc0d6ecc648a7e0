/** What every store promises of unique indexes: they carry the guarantees of rooms and events, also under races. */
import { expect, test } from '@jest/globals';
import { isDuplicateKey } from '../../../platform/ports/store.ts';
import { type FreshCollection, failureOf } from './contract.ts';

export function uniquenessContract(fresh: FreshCollection): void {
  test('tell 1, "1", true and null apart, and hold missing for null', async () => {
    const collection = fresh();
    await collection.createIndex({ key: 1 }, { unique: true });
    const kept = [1, '1', true, 'true', 0, false, '', null, '0', 'null'];
    for (const [n, key] of kept.entries()) await collection.insertOne({ _id: `k${n}`, key });
    for (const [n, key] of kept.entries()) {
      expect(isDuplicateKey(await failureOf(collection.insertOne({ _id: `again${n}`, key })))).toBe(true);
    }
    expect(isDuplicateKey(await failureOf(collection.insertOne({ _id: 'missing' })))).toBe(true);
    expect(await collection.countDocuments()).toBe(kept.length);
  });

  test('may be compound and nested; the message names index and key', async () => {
    const collection = fresh();
    const name = await collection.createIndex({ 'room.id': 1, revision: -1 }, { unique: true });
    expect(name).toBe('room.id_1_revision_-1');
    await collection.insertOne({ _id: 'a', room: { id: 'r1' }, revision: 1 });
    await collection.insertOne({ _id: 'b', room: { id: 'r1' }, revision: 2 });
    await collection.insertOne({ _id: 'c', room: { id: 'r2' }, revision: 1 });
    const failure = await failureOf(collection.insertOne({ _id: 'd', room: { id: 'r1' }, revision: 2 }));
    expect(isDuplicateKey(failure)).toBe(true);
    expect(failure.message).toContain(name);
    expect(failure.message).toContain('r1');
    expect(failure).toMatchObject({ keyPattern: { 'room.id': 1, revision: -1 } });
  });

  test('partial: bind only documents that have the field, be it null', async () => {
    const collection = fresh();
    const options = { unique: true, partialFilterExpression: { commandId: { $exists: true } } } as const;
    await collection.createIndex({ roomId: 1, actorId: 1, commandId: 1 }, options);
    const base = { roomId: 'r', actorId: 'u' };
    await collection.insertOne({ _id: 'a', ...base });
    await collection.insertOne({ _id: 'b', ...base });
    await collection.insertOne({ _id: 'c', ...base, commandId: 'x' });
    await collection.insertOne({ _id: 'd', ...base, commandId: null });
    const failures = await Promise.all([
      failureOf(collection.insertOne({ _id: 'e', ...base, commandId: 'x' })),
      failureOf(collection.insertOne({ _id: 'f', ...base, commandId: null })),
    ]);
    expect(failures.map(isDuplicateKey)).toEqual([true, true]);
    expect(await collection.find({ ...base, commandId: 'x' }).toArray()).toEqual([
      { _id: 'c', ...base, commandId: 'x' },
    ]);
    expect(await collection.countDocuments({ ...base })).toBe(4);
    expect(await collection.countDocuments({ commandId: null })).toBe(3);
    expect(await collection.countDocuments({ commandId: { $exists: true } })).toBe(2);
  });

  test('refuse updates, replacements and upserts as well, and leave the document as it was', async () => {
    const collection = fresh();
    await collection.createIndex({ key: 1 }, { unique: true });
    await collection.insertOne({ _id: 'a', key: 'x' });
    await collection.insertOne({ _id: 'b', key: 'y' });
    const failures = [
      await failureOf(collection.updateOne({ _id: 'b' }, { $set: { key: 'x' } })),
      await failureOf(collection.replaceOne({ _id: 'b' }, { key: 'x' })),
      await failureOf(
        collection.findOneAndUpdate({ _id: 'b' }, { $unset: { key: '' }, $set: { n: 1 } }, { returnDocument: 'after' }),
      ),
      await failureOf(collection.updateOne({ _id: 'c' }, { $set: { key: 'x' } }, { upsert: true })),
    ];
    expect(failures.map(isDuplicateKey)).toEqual([true, true, false, true]);
    expect(await collection.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
      { _id: 'a', key: 'x' },
      { _id: 'b', n: 1 },
    ]);
    await collection.deleteOne({ _id: 'a' });
    await collection.updateOne({ _id: 'b' }, { $set: { key: 'x' } });
    expect(await collection.findOne({ key: 'x' })).toEqual({ _id: 'b', n: 1, key: 'x' });
  });

  test('cannot be made over documents that violate them, and can be made twice', async () => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', key: 1 });
    await collection.insertOne({ _id: 'b', key: 1 });
    expect(isDuplicateKey(await failureOf(collection.createIndex({ key: 1 }, { unique: true })))).toBe(true);
    await collection.deleteOne({ _id: 'b' });
    expect(await collection.createIndex({ key: 1 }, { unique: true })).toBe('key_1');
    expect(await collection.createIndex({ key: 1 }, { unique: true })).toBe('key_1');
    await expect(collection.createIndex({ key: 1 })).rejects.toThrow();
    expect(isDuplicateKey(await failureOf(collection.insertOne({ _id: 'b', key: 1 })))).toBe(true);
  });

  test('50 writers at once: one gets the key', async () => {
    const collection = fresh();
    await collection.createIndex({ roomId: 1, revision: 1 }, { unique: true });
    const writes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => collection.insertOne({ _id: `w${n}`, roomId: 'r', revision: 1 })),
    );
    const refused = writes.filter((write) => write.status === 'rejected');
    expect(refused).toHaveLength(49);
    expect(refused.every(({ reason }) => isDuplicateKey(reason))).toBe(true);
    expect(await collection.countDocuments({ roomId: 'r', revision: 1 })).toBe(1);
  });
}
