/**
 * Random documents, filters, sorts and updates from what the port names, run on several collections that must agree: with
 * indexes and without, embedded and MongoDB. Fields `a` and `b.c` hold scalars only, so they may be indexed.
 */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Filter, UpdateFilter } from 'mongodb';
import type { Collection, Sort } from '../../../platform/ports/store.ts';
import type { Doc } from './contract.ts';

const text = fc.constantFrom('', 'a', 'A', 'b', 'ab', 'a\0', '1', 'true', 'é', '\uE000', '\uFFFD', '😀');
const number = fc.constantFrom(-1, 0, 1, 2, 1.5, 0.1, 0.30000000000000004, 2 ** 40, -1e-9, 1e21);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const flat = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });

const body = fc.record(
  {
    a: scalar,
    b: fc.record({ c: scalar }, { requiredKeys: [] }),
    s: scalar,
    tags: fc.array(fc.oneof({ weight: 5, arbitrary: scalar }, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }),
    list: fc.array(fc.oneof({ weight: 4, arbitrary: flat }, scalar), { maxLength: 3 }),
    o: fc.oneof(flat, scalar),
  },
  { requiredKeys: [] },
);

export const documents: fc.Arbitrary<Doc[]> = fc
  .array(body, { minLength: 5, maxLength: 25 })
  .map((bodies) => bodies.map((fields, n) => ({ _id: `d${n}`, ...fields })));

const field = fc.constantFrom('a', 'b.c', 's', 'tags', 'list', 'list.x', 'list.y', 'o', 'o.x', 'b');
const operand = fc.oneof({ weight: 6, arbitrary: scalar }, flat, fc.array(scalar, { maxLength: 2 }));

const operators = fc.oneof(
  operand.map(($eq) => ({ $eq })),
  operand.map(($ne) => ({ $ne })),
  fc.array(operand, { maxLength: 4 }).map(($in) => ({ $in })),
  fc.array(operand, { maxLength: 4 }).map(($nin) => ({ $nin })),
  scalar.map(($gt) => ({ $gt })),
  scalar.map(($gte) => ({ $gte })),
  scalar.map(($lt) => ({ $lt })),
  scalar.map(($lte) => ({ $lte })),
  fc.tuple(scalar, scalar).map(([$gte, $lt]) => ({ $gte, $lt })),
  fc.boolean().map(($exists) => ({ $exists })),
  scalar.map(($gt) => ({ $not: { $gt } })),
  fc.array(scalar, { maxLength: 3 }).map(($in) => ({ $not: { $in } })),
);

const idCondition = fc.oneof(
  fc.constantFrom('d0', 'd3', 'zz').map((_id) => ({ _id })),
  fc.subarray(['d0', 'd1', 'd2', 'd7', 'zz']).map(($in) => ({ _id: { $in } })),
  fc.constantFrom('d1', 'd5').map(($gt) => ({ _id: { $gt } })),
);

const condition = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(field, fc.oneof(operand, operators)).map(([name, value]) => ({ [name]: value })) },
  { weight: 1, arbitrary: idCondition },
);
const conjunction = fc.array(condition, { maxLength: 3 }).map((parts) => Object.assign({}, ...parts) as object);

export const filters: fc.Arbitrary<Filter<Doc>> = fc
  .oneof(
    { weight: 4, arbitrary: conjunction },
    { weight: 1, arbitrary: fc.array(conjunction, { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })) },
    {
      weight: 1,
      arbitrary: fc.tuple(conjunction, conjunction).map(([one, other]) => ({ ...one, $and: [other, one] })),
    },
  )
  .map((filter) => filter as Filter<Doc>);

/** Always told apart by `_id` in the end, as MongoDB leaves the order of equals open. */
export const sorts: fc.Arbitrary<Sort> = fc
  .array(fc.tuple(field, fc.constantFrom(1 as const, -1 as const)), { maxLength: 2 })
  .map((keys) => ({ ...Object.fromEntries(keys), _id: 1 as const }));

const path = fc.constantFrom('a', 's', 'tags', 'list.0', 'list.0.x', 'o', 'o.x', 'new', 'new.deep', 'tags.1');
const change = fc.oneof(
  fc.tuple(path, operand).map(([name, value]) => ({ $set: { [name]: value } })),
  path.map((name) => ({ $unset: { [name]: '' } })),
  fc.tuple(path, fc.constantFrom(1, -2, 0.5)).map(([name, value]) => ({ $inc: { [name]: value } })),
  fc.tuple(path, operand).map(([name, value]) => ({ $push: { [name]: value } })),
  fc.tuple(path, fc.array(operand, { maxLength: 3 })).map(([name, $each]) => ({ $addToSet: { [name]: { $each } } })),
  fc.tuple(path, scalar).map(([name, value]) => ({ $pull: { [name]: value } })),
  fc.tuple(path, operand).map(([name, value]) => ({ $max: { [name]: value } })),
  fc.tuple(path, operand).map(([name, value]) => ({ $min: { [name]: value } })),
);
export const updates: fc.Arbitrary<UpdateFilter<Doc>> = fc
  .tuple(change, change)
  .map(([one, other]) => ({ ...one, ...other }) as UpdateFilter<Doc>);

/** Replaces what the collections hold. */
export async function fill(collections: readonly Collection<Doc>[], content: readonly Doc[]): Promise<void> {
  for (const collection of collections) {
    await collection.deleteMany({});
    await collection.bulkWrite(
      content.map((document) => ({ insertOne: { document } })),
      { ordered: true },
    );
  }
}

/** Every collection must answer as the first one does. */
export async function expectSameAnswers(
  collections: readonly Collection<Doc>[],
  filter: Filter<Doc>,
  sort: Sort,
): Promise<void> {
  const answers = await Promise.all(
    collections.map(async (collection) => ({
      all: await collection.find(filter, { sort }).toArray(),
      page: await collection.find(filter, { sort, skip: 1, limit: 2 }).toArray(),
      count: await collection.countDocuments(filter),
      unsorted: (await collection.find(filter).toArray()).map(({ _id }) => _id).sort(),
    })),
  );
  for (const answer of answers.slice(1)) expect(answer).toEqual(answers[0]);
}

/** Every collection must change the document as the first one does, or refuse as it does. */
export async function expectSameUpdate(
  collections: readonly Collection<Doc>[],
  filter: Filter<Doc>,
  update: UpdateFilter<Doc>,
): Promise<void> {
  const answers = await Promise.all(
    collections.map((collection) =>
      collection.updateOne(filter, update).then(
        ({ matchedCount, modifiedCount }) => ({ matchedCount, modifiedCount }),
        () => 'refused',
      ),
    ),
  );
  const contents = await Promise.all(
    collections.map((collection) => collection.find({}, { sort: { _id: 1 } }).toArray()),
  );
  for (const answer of answers.slice(1)) expect(answer).toEqual(answers[0]);
  for (const content of contents.slice(1)) expect(content).toEqual(contents[0]);
}

/** The indexes of the indexed twin. */
export async function indexScalars(collection: Collection<Doc>): Promise<void> {
  await collection.createIndex({ a: 1 });
  await collection.createIndex({ 'b.c': 1, a: -1 });
  await collection.createIndex({ a: 1, 'b.c': 1, _id: 1 }, { partialFilterExpression: { 'b.c': { $exists: true } } });
}
