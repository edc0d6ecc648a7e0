/**
 * Filters of the embedded store. mingo reads the filter and combines its parts; what a single operator means is ours,
 * because mingo's own differ from MongoDB's (order of strings, null and missing, arrays in `$in`, order of fields).
 */
import { Context } from 'mingo';
import { $and, $not, $or } from 'mingo/operators/query';
import { Query } from 'mingo/query';
import { AppError } from '../../schema/errors.ts';
import { compareValues, type Reached, typeRank, valuesAt } from './embedded-store-values.ts';
import type { Json, JsonObject } from './embedded-store-wire.ts';

export type Predicate = (document: JsonObject) => boolean;

type Test = (reached: Reached[], operand: Json) => boolean;

const equal: Test = (reached, operand) => reached.some((value) => compareValues(value, operand) === 0);

/** Only values of the operand's own type are compared. */
const ordered =
  (holds: (order: number) => boolean): Test =>
  (reached, operand) =>
    reached.some((value) => typeRank(value) === typeRank(operand) && holds(compareValues(value, operand)));

const includes: Test = (reached, operand) => list(operand).some((one) => equal(reached, one));

function list(operand: Json): Json[] {
  if (!Array.isArray(operand)) throw new AppError('BAD_USER_INPUT', '$in and $nin need an array.');
  return operand;
}

const not =
  (test: Test): Test =>
  (reached, operand) =>
    !test(reached, operand);

const TESTS: Readonly<Record<string, Test>> = {
  $eq: equal,
  $ne: not(equal),
  $in: includes,
  $nin: not(includes),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $exists: (reached, operand) => reached.some((value) => value !== undefined) === Boolean(operand),
};

const operators = Object.fromEntries(
  Object.entries(TESTS).map(([name, test]) => [
    name,
    (field: string, operand: Json) => {
      const path = field.split('.');
      if (name === '$in' || name === '$nin') list(operand);
      return (document: JsonObject) => test(valuesAt(document, path), operand);
    },
  ]),
);

// The context's type lists mingo's own operators only; these have the same shape.
const context = Context.init({ query: { ...operators, $and, $or, $not } as never });

/** The filter as a test of documents. @throws AppError BAD_USER_INPUT for an operator the port does not name */
export function compileFilter(filter: JsonObject): Predicate {
  if (Object.keys(filter).length === 0) return () => true;
  try {
    const query = new Query<JsonObject>(filter, { context });
    return (document) => query.test(document);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('BAD_USER_INPUT', `The filter cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
