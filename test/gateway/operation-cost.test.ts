import { expect, test } from '@jest/globals';
import { buildSchema, getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { CostModel } from '../../gateway/operation-cost.ts';

const SDL = `
  type Query { shelf(first: Int = 3): Shelves shelves(first: Int, last: Int): [Shelf!]! }
  type Shelves { edges: [Edge!]! }
  type Edge { node: Shelf! }
  type Shelf { id: ID! books(limit: Int): [Book!]! }
  type Book { title: String shelf: Shelf }`;
const model = new CostModel(buildSchema(SDL), SDL);

/** An operation is asked for its cost again and again: what one request's variables said must not stay for the next. */
function costsOf(source: string): (variables?: Record<string, unknown>) => number {
  const document = parse(source);
  const operation = getOperationAST(document) as OperationDefinitionNode;
  return (variables = {}) => model.costOf(document, operation, variables);
}

test('the size of a list is what each request says, or its default, or five', () => {
  const cost = costsOf('query ($n: Int = 7, $m: Int) { shelves(first: $n) { books(limit: $m) { title } } }');
  expect(cost()).toBe(7 * (1 + 5));
  expect(cost({ n: 2, m: 10 })).toBe(2 * (1 + 10));
  expect(cost({ n: 2, m: 'x' })).toBe(2 * (1 + 5));
  expect(cost({ n: null, m: 0 })).toBe(5 * 1);
  expect(cost()).toBe(7 * (1 + 5));
});

test('of several sizes the greatest counts', () => {
  const cost = costsOf('query ($n: Int) { shelves(first: $n, last: 4) { id } }');
  expect([cost({ n: 9 }), cost({ n: 1 }), cost()]).toEqual([9, 4, 4]);
});

test('the size of a connection is that of its edges, in fragments too', () => {
  const cost = costsOf(
    'query ($n: Int) { a: shelf(first: $n) { ...S } b: shelf { ...S } } fragment S on Shelves { edges { node { id } } }',
  );
  expect(cost({ n: 10 })).toBe(1 + 10 * 2 + (1 + 3 * 2));
  expect(cost()).toBe(1 + 5 * 2 + (1 + 3 * 2));
});

test('fragments in fragments around a variable are worked out once for each request', () => {
  const doubled = Array.from({ length: 150 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(
    ' ',
  );
  const cost = costsOf(`query ($n: Int) { ...F0 } ${doubled} fragment F150 on Query { shelves(first: $n) { id } }`);
  expect(cost({ n: 1 })).toBe(2 ** 150);
  expect(cost({ n: 3 })).toBe(3 * 2 ** 150);
});
