/**
 * How large an operation is, read off its document before any other rule looks at it: validation itself has rules whose work
 * grows with the square of the fields. A fragment is measured once however often it is spread, so a bomb of fragments costs
 * its own length. Pure.
 */
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { AppError } from '../schema/errors.ts';
import type { Limits } from './limits.ts';

interface Size {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly directivesAtOnePlace: number;
  readonly rootFields: number;
  readonly fields: number;
  readonly repeats: number;
}

const NOTHING: Size = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  directivesAtOnePlace: 0,
  rootFields: 0,
  fields: 0,
  repeats: 0,
};

const NAMES: Readonly<Record<keyof Size, string>> = {
  depth: 'levels of fields',
  introspectionDepth: 'levels of introspection',
  aliases: 'aliases',
  directives: 'directives',
  directivesAtOnePlace: 'directives at one place',
  rootFields: 'root fields',
  fields: 'fields',
  repeats: 'repetitions of a field',
};

type Directed = { readonly directives?: readonly unknown[] | undefined };

/** What is too large about a document, or a fragment that contains itself; empty: nothing. */
export function sizeFaults(document: DocumentNode, limits: Limits): GraphQLError[] {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > limits.operations) {
    return [tooLarge(`${operations.length} operations in a document, of at most ${limits.operations}.`)];
  }
  try {
    const measure = new Measure(document.definitions);
    return operations.flatMap((operation) => {
      const size = measure.operation(operation);
      return (Object.keys(NOTHING) as (keyof Size)[])
        .filter((name) => size[name] > limits[name])
        .map((name) => tooLarge(`More than ${limits[name]} ${NAMES[name]}.`));
    });
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

export function tooLarge(detail: string): GraphQLError {
  const cause = new AppError('OPERATION_TOO_LARGE', detail);
  return new GraphQLError(cause.message, { extensions: { code: cause.code } });
}

class Measure {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #measured = new Map<string, Size>();
  readonly #under = new Set<string>();

  constructor(definitions: readonly DefinitionNode[]) {
    for (const node of definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  operation(node: OperationDefinitionNode): Size {
    const variables = (node.variableDefinitions ?? []).map((each) => directivesOf(each));
    return [directivesOf(node), ...variables].reduce(add, this.#selections(node.selectionSet));
  }

  #selections(set: SelectionSetNode): Size {
    const repeats = new Map<string, number>();
    let size = NOTHING;
    for (const node of set.selections) {
      size = add(size, directivesOf(node));
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const times = (repeats.get(name) ?? 0) + 1;
        repeats.set(name, times);
        const below = node.selectionSet ? this.#selections(node.selectionSet) : NOTHING;
        const meta = node.name.value === '__schema' || node.name.value === '__type';
        size = add(size, {
          ...below,
          depth: meta ? 0 : below.depth + 1,
          introspectionDepth: meta ? below.depth + 1 : below.introspectionDepth,
          aliases: below.aliases + (node.alias ? 1 : 0),
          fields: below.fields + 1,
          rootFields: 1,
          repeats: Math.max(below.repeats, times),
        });
      } else if (node.kind === Kind.INLINE_FRAGMENT) size = add(size, this.#selections(node.selectionSet));
      else size = add(size, this.#fragment(node.name.value));
    }
    return size;
  }

  #fragment(name: string): Size {
    const known = this.#measured.get(name);
    if (known) return known;
    const node = this.#fragments.get(name);
    if (!node) return NOTHING; // validation names it
    if (this.#under.has(name)) {
      throw new GraphQLError(`Cannot spread fragment "${name}" within itself.`, {
        nodes: node,
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      });
    }
    this.#under.add(name);
    const size = add(this.#selections(node.selectionSet), directivesOf(node));
    this.#under.delete(name);
    this.#measured.set(name, size);
    return size;
  }
}

function directivesOf(node: Directed): Size {
  const count = node.directives?.length ?? 0;
  return count === 0 ? NOTHING : { ...NOTHING, directives: count, directivesAtOnePlace: count };
}

/** Two sizes side by side: what is a number of things adds up, what is a maximum stays one. */
function add(a: Size, b: Size): Size {
  if (b === NOTHING) return a;
  if (a === NOTHING) return b;
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    directivesAtOnePlace: Math.max(a.directivesAtOnePlace, b.directivesAtOnePlace),
    rootFields: a.rootFields + b.rootFields,
    fields: a.fields + b.fields,
    repeats: Math.max(a.repeats, b.repeats),
  };
}
