/** What every store promises of filters, sorting and cursors, with an index and without. */
import { expect, test } from '@jest/globals';
import type { Filter } from 'mongodb';
import type { Sort } from '../../../platform/ports/store.ts';
import type { Doc, FreshCollection } from './contract.ts';

const TITLES: readonly Doc[] = [
  { _id: 'a', year: 1999, genres: ['comedy', 'drama'], owner: { name: 'Ann', age: 30 }, score: 7.5 },
  { _id: 'b', year: 2005, genres: ['drama'], owner: { name: 'Bob' }, score: null },
  { _id: 'c', year: '2005', genres: [], owner: null },
  { _id: 'd', year: true, genres: 'comedy', score: 1, cast: [{ name: 'Ann', role: 'x' }, { name: 'Zoe' }] },
  {
    _id: 'e',
    genres: [['comedy'], 'noir'],
    owner: { name: 'Ånn', age: 31 },
    score: 0,
    cast: [{ name: 'Bob', role: null }],
  },
];

const FILTERS: readonly (readonly [filter: Filter<Doc>, ids: string])[] = [
  [{}, 'abcde'],
  [{ _id: 'b' }, 'b'],
  [{ _id: { $in: ['e', 'a', 'zz'] } }, 'ae'],
  [{ _id: { $gt: 'b', $lte: 'd' } }, 'cd'],
  [{ _id: { $ne: 'a' } }, 'bcde'],
  [{ year: 2005 }, 'b'],
  [{ year: '2005' }, 'c'],
  [{ year: true }, 'd'],
  [{ year: 1 }, ''],
  [{ year: { $gte: 1999 } }, 'ab'],
  [{ year: { $gt: 1999 } }, 'b'],
  [{ year: { $lt: '3' } }, 'c'],
  [{ year: { $in: [1999, '2005', true, 7] } }, 'acd'],
  [{ year: { $nin: [1999, '2005', null] } }, 'bd'],
  [{ year: null }, 'e'],
  [{ year: { $in: [null, 2005] } }, 'be'],
  [{ year: { $exists: false } }, 'e'],
  [{ score: null }, 'bc'],
  [{ score: { $ne: null } }, 'ade'],
  [{ score: { $exists: true } }, 'abde'],
  [{ score: { $gte: null } }, 'bc'],
  [{ score: { $not: { $gt: 1 } } }, 'bcde'],
  [{ genres: 'comedy' }, 'ad'],
  [{ genres: ['drama'] }, 'b'],
  [{ genres: [] }, 'c'],
  [{ genres: { $ne: 'drama' } }, 'cde'],
  [{ genres: { $in: ['noir', 'comedy'] } }, 'ade'],
  [{ genres: { $in: [['drama'], []] } }, 'bc'],
  [{ genres: ['comedy'] }, 'e'],
  [{ 'genres.0': 'comedy' }, 'a'],
  [{ 'genres.0': ['comedy'] }, 'e'],
  [{ 'genres.1': 'drama' }, 'a'],
  [{ 'owner.name': 'Ann' }, 'a'],
  [{ 'owner.age': null }, 'bcd'],
  [{ 'owner.age': { $exists: true } }, 'ae'],
  [{ owner: { name: 'Bob' } }, 'b'],
  [{ owner: { age: 30, name: 'Ann' } }, ''],
  [{ 'cast.name': 'Zoe' }, 'd'],
  [{ 'cast.role': null }, 'abcde'],
  [{ 'cast.role': { $exists: true } }, 'de'],
  [{ 'cast.name': 'Ann', 'cast.role': 'x' }, 'd'],
  [{ $and: [{ score: { $gt: 0 } }, { genres: 'comedy' }] }, 'ad'],
  [{ $or: [{ year: 2005 }, { 'owner.age': { $lt: 31 } }] }, 'ab'],
  [{ $or: [{ _id: 'c' }, { $and: [{ score: 0 }, { year: null }] }] }, 'ce'],
];

const SORTS: readonly (readonly [sort: Sort, ids: string])[] = [
  [{ _id: -1 }, 'edcba'],
  [{ year: 1 }, 'eabcd'],
  [{ year: -1 }, 'dcbae'],
  [{ score: 1, _id: 1 }, 'bceda'],
  [{ score: 1, _id: -1 }, 'cbeda'],
  [{ 'owner.name': 1, _id: 1 }, 'cdabe'],
  [{ 'owner.age': -1, _id: -1 }, 'eadcb'],
];

export function queryContract(fresh: FreshCollection): void {
  const filled = async (indexed: boolean) => {
    const collection = fresh();
    if (indexed) {
      for (const field of ['year', 'score', 'owner.name']) await collection.createIndex({ [field]: 1 });
      await collection.createIndex({ 'owner.age': -1, _id: 1 });
    }
    await collection.bulkWrite(
      TITLES.map((document) => ({ insertOne: { document } })),
      { ordered: true },
    );
    return collection;
  };

  test.each([false, true])('filters match as in MongoDB (indexed: %p)', async (indexed) => {
    const collection = await filled(indexed);
    for (const [filter, ids] of FILTERS) {
      const found = await collection.find(filter).toArray();
      const letters = found
        .map(({ _id }) => _id)
        .sort()
        .join('');
      expect([filter, letters]).toEqual([filter, ids]);
      expect([filter, await collection.countDocuments(filter)]).toEqual([filter, ids.length]);
      const first = await collection.findOne(filter, { sort: { _id: 1 } });
      expect([filter, first?._id ?? '']).toEqual([filter, ids.slice(0, 1)]);
    }
  });

  test.each([false, true])('sorts by type, then by value; missing is null (indexed: %p)', async (indexed) => {
    const collection = await filled(indexed);
    for (const [sort, ids] of SORTS) {
      const sorted = await collection.find({}, { sort }).toArray();
      expect([sort, sorted.map(({ _id }) => _id).join('')]).toEqual([sort, ids]);
      const page = await collection.find({}, { sort, skip: 1, limit: 3 }).toArray();
      expect([sort, page.map(({ _id }) => _id).join('')]).toEqual([sort, ids.slice(1, 4)]);
    }
  });

  test.each([false, true])('strings sort and compare by their UTF-8 bytes (indexed: %p)', async (indexed) => {
    const collection = fresh();
    if (indexed) await collection.createIndex({ text: 1 });
    const ascending = ['', '\0', 'A', 'B', 'a', 'a\0', 'a\0b', 'ab', 'é', '\uE000', '\uFFFD', '😀'];
    for (const [n, text] of ascending.entries()) await collection.insertOne({ _id: `${(n * 7) % 12}`, text });
    const texts = async (filter: Filter<Doc>) =>
      (await collection.find(filter, { sort: { text: 1 } }).toArray()).map(({ text }) => text);
    expect(await texts({})).toEqual(ascending);
    expect(await texts({ text: { $gt: '\uE000' } })).toEqual(['\uFFFD', '😀']);
    expect(await texts({ text: { $gte: 'a', $lt: 'ab' } })).toEqual(['a', 'a\0', 'a\0b']);
  });

  test('numbers next to each other are not confused by an index', async () => {
    const collection = fresh();
    await collection.createIndex({ n: 1 }, { unique: true });
    const numbers = [
      -1.5,
      0,
      5e-324,
      0.1,
      0.1 + 0.2,
      0.3,
      2 ** 53,
      2 ** 53 + 2,
      2 ** 60,
      2 ** 63,
      2 ** 63 + 2048,
      1e300,
    ];
    numbers.sort((a, b) => a - b);
    for (const n of numbers) await collection.insertOne({ _id: String(n), n });
    for (const [index, n] of numbers.entries()) {
      expect(await collection.findOne({ n })).toEqual({ _id: String(n), n });
      const above = await collection.find({ n: { $gt: n } }, { sort: { n: 1 } }).toArray();
      expect(above.map((document) => document.n)).toEqual(numbers.slice(index + 1));
    }
  });

  test('a cursor can be walked, left early, and walks documents that are written meanwhile at most once', async () => {
    const collection = fresh();
    const writes = Array.from({ length: 1_200 }, (_, n) => ({ insertOne: { document: { _id: `k${n}`, n } } }));
    await collection.bulkWrite(writes, { ordered: true });
    const seen: string[] = [];
    for await (const { _id } of collection.find({})) {
      seen.push(_id);
      if (seen.length === 600) await collection.updateOne({ _id: 'k1' }, { $set: { n: -1 } });
    }
    expect(new Set(seen).size).toBe(1_200);
    expect(seen).toHaveLength(1_200);
    for await (const { n } of collection.find({ n: { $gte: 10 } }, { sort: { n: 1 }, skip: 5 })) {
      expect(n).toBe(15);
      break;
    }
  });

  test.each([
    ['an unknown operator', { n: { $near: 1 } }],
    ['an unknown combination', { $xor: [{ n: 1 }] }],
    ['$in without a list', { n: { $in: 1 } }],
    ['$or without a list', { $or: { n: 1 } }],
  ])('refuses %s', async (_, filter) => {
    const collection = fresh();
    await collection.insertOne({ _id: 'a', n: 1 });
    await expect(collection.find(filter as Filter<Doc>).toArray()).rejects.toThrow();
    await expect(collection.deleteMany(filter as Filter<Doc>)).rejects.toThrow();
    expect(await collection.countDocuments()).toBe(1);
  });
}
