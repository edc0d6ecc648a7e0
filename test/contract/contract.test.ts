/** The public API is what apps are built against: everything in the contract is in the composed schema, as it stands there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  print,
} from 'graphql';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { composeSupergraph, SUBGRAPHS } from '../../schema/compose.ts';

const COPY = join(import.meta.dirname, 'sdl');
const NAMES = SUBGRAPHS.map(({ name }) => name);
const ROOT = join(import.meta.dirname, '../..');

const composed = await composeSupergraph();
const api = readSupergraph(composed).apiSchema;

const contract = (name: string): DocumentNode => parse(readFileSync(join(COPY, `${name}.graphql`), 'utf8'));

function sameInput(
  place: string,
  wanted: InputValueDefinitionNode,
  given: GraphQLArgument | GraphQLInputField | undefined,
): string[] {
  if (!given) return [`${place} is missing`];
  const faults: string[] = [];
  if (String(given.type) !== print(wanted.type)) faults.push(`${place} is ${given.type}, not ${print(wanted.type)}`);
  const actual = given.astNode?.defaultValue ? print(given.astNode.defaultValue) : undefined;
  const expected = wanted.defaultValue ? print(wanted.defaultValue) : undefined;
  if (actual !== expected) faults.push(`${place} defaults to ${actual}, not ${expected}`);
  return faults;
}

function sameField(place: string, wanted: FieldDefinitionNode, type: GraphQLNamedType): string[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [`${place}: ${type.name} has no fields`];
  const given = type.getFields()[wanted.name.value];
  if (!given) return [`${place} is missing`];
  const faults =
    String(given.type) === print(wanted.type) ? [] : [`${place} is ${given.type}, not ${print(wanted.type)}`];
  for (const argument of wanted.arguments ?? []) {
    const found = given.args.find(({ name }) => name === argument.name.value);
    faults.push(...sameInput(`${place}(${argument.name.value}:)`, argument, found));
  }
  return faults;
}

function faultsOf(name: string): string[] {
  return contract(name).definitions.flatMap((node) => {
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) return [];
    const type = api.getType(node.name.value);
    if (!type) return [`${node.name.value} is missing`];
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        const wanted = (node.interfaces ?? []).map((each) => each.name.value);
        const has = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().map((each) => each.name) : [];
        return [
          ...wanted.filter((each) => !has.includes(each)).map((each) => `${type.name} does not implement ${each}`),
          ...(node.fields ?? []).flatMap((field) => sameField(`${type.name}.${field.name.value}`, field, type)),
        ];
      }
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        if (!isInputObjectType(type)) return [`${type.name} is no input`];
        return (node.fields ?? []).flatMap((field) =>
          sameInput(`${type.name}.${field.name.value}`, field, type.getFields()[field.name.value]),
        );
      case Kind.ENUM_TYPE_DEFINITION: {
        if (!isEnumType(type)) return [`${type.name} is no enum`];
        const wanted = (node.values ?? []).map((value) => value.name.value).sort();
        const given = type
          .getValues()
          .map((value) => value.name)
          .sort();
        return String(wanted) === String(given) ? [] : [`${type.name} has ${given}, not ${wanted}`];
      }
      case Kind.SCALAR_TYPE_DEFINITION:
        return isScalarType(type) ? [] : [`${type.name} is no scalar`];
      default:
        return [];
    }
  });
}

test.each(NAMES)('the contract of %s is met', (name) => expect(faultsOf(name)).toEqual([]));

test.each(NAMES)('the SDL of %s describes every type, field, argument and value', (name) => {
  const nodes = parse(readFileSync(join(ROOT, 'schema', `${name}.graphql`), 'utf8')).definitions;
  const bare: string[] = [];
  const look = (place: string, node: { readonly description?: { readonly value: string } | undefined }) => {
    if (!node.description?.value.trim()) bare.push(place);
  };
  for (const node of nodes) {
    if (!('name' in node) || !node.name) continue;
    look(node.name.value, node as never);
    for (const field of ('fields' in node && node.fields) || []) {
      look(`${node.name.value}.${field.name.value}`, field);
      for (const argument of ('arguments' in field && field.arguments) || []) {
        look(`${node.name.value}.${field.name.value}(${argument.name.value}:)`, argument);
      }
    }
    for (const value of ('values' in node && node.values) || []) look(`${node.name.value}.${value.name.value}`, value);
    for (const argument of (node.kind === Kind.DIRECTIVE_DEFINITION && node.arguments) || []) {
      look(`@${node.name.value}(${argument.name.value}:)`, argument);
    }
  }
  expect(bare).toEqual([]);
});

test('the committed supergraph is what the SDL composes to', () => {
  expect(readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8')).toBe(composed);
});

test('the check itself finds a missing field, a changed type and a missing argument', () => {
  const wanted = parse('type Query { nothing: Int content(id: ID!, extra: Int): Content! }');
  const [query] = wanted.definitions;
  const type = api.getType('Query') as GraphQLNamedType;
  const faults =
    query && 'fields' in query
      ? (query.fields ?? []).flatMap((f) => sameField(`Query.${f.name.value}`, f as never, type))
      : [];
  expect(faults).toEqual([
    'Query.nothing is missing',
    'Query.content is Content, not Content!',
    'Query.content(extra:) is missing',
  ]);
});

const given = process.env.CONTRACT_DIR;
describe('the copy of the contract', () => {
  test('is the one that was agreed, where that is at hand', () => {
    const folder = given ?? COPY;
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.graphql'))) {
      expect(readFileSync(join(COPY, file), 'utf8')).toBe(readFileSync(join(folder, file), 'utf8'));
    }
  });
});

test('a supergraph that names a replay field which is not there is refused', () => {
  const broken = composed.replaceAll('room.roomEventsSince', 'room.noSuchField');
  expect(() => readSupergraph(broken)).toThrow(/has no Query.noSuchField/);
});
