/**
 * `@authenticated` and `@requiresScopes`: who may ask for a field. Apollo's JavaScript gateway refuses a supergraph that has
 * them, so they are enforced here, before planning, on every transport; what it is given has only the word SECURITY taken off
 * their links. A security directive that is not enforced here stops the start. An operation is refused as a whole: a part of it
 * that is left out would look like a part that is empty.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  parse,
  print,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';

/** What one part of the schema asks of a viewer. Scopes: any of the lists, all of its scopes. */
interface Requirement {
  readonly coordinate: string;
  readonly scopes: readonly (readonly string[])[];
}

export interface FieldPolicy {
  /** The supergraph as Apollo's gateway takes it. */
  readonly sdl: string;
  /** What a valid document asks of its viewer. Linear in the document; keep it with the document. */
  requirementsOf(document: DocumentNode, schema: GraphQLSchema): readonly Requirement[];
}

const ENFORCED = ['https://specs.apollo.dev/authenticated', 'https://specs.apollo.dev/requiresScopes'];
/** Left to the planner and to the API schema. */
const BY_OTHERS = ['https://specs.apollo.dev/inaccessible', 'https://specs.apollo.dev/context'];

/** @throws Error for a supergraph with a security directive that is not enforced */
export function readFieldPolicy(supergraphSdl: string): FieldPolicy {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = { authenticated: 'authenticated', requiresScopes: 'requiresScopes' };
  const stripped = visit(document, {
    Directive(node) {
      if (node.name.value !== 'link') return undefined;
      const link = argumentsOf(node as ConstDirectiveNode);
      const spec = String(link['url']).replace(/\/v\d[\d.]*$/, '');
      const enforced = ENFORCED.includes(spec);
      if (enforced) {
        const name = spec.split('/').at(-1) as keyof typeof names;
        names[name] = localName(name, link);
      } else if (link['for'] === 'SECURITY' && !BY_OTHERS.includes(spec)) {
        throw new Error(`The supergraph has ${spec}, a security feature that this gateway does not enforce.`);
      }
      if (!enforced) return undefined;
      return { ...node, arguments: node.arguments?.filter((argument) => argument.name.value !== 'for') };
    },
  });
  const table = readTable(document, names);
  return {
    sdl: stripped === document ? supergraphSdl : print(stripped),
    requirementsOf: (operations, schema) => (table.size === 0 ? [] : requirementsOf(operations, schema, table)),
  };
}

/** The first reason why the viewer may not run a document, as an error; null: they may. */
export function refusal(requirements: readonly Requirement[], identity: Identity): GraphQLError | null {
  for (const { coordinate, scopes } of requirements) {
    if (identity.userId === null) return refused('UNAUTHENTICATED', `${coordinate} is for people who are signed in.`);
    if (scopes.length > 0 && !scopes.some((all) => all.every((scope) => identity.scopes.includes(scope)))) {
      return refused('FORBIDDEN', `${coordinate} needs ${scopes.map((all) => all.join(' and ')).join(', or ')}.`);
    }
  }
  return null;
}

function refused(code: 'UNAUTHENTICATED' | 'FORBIDDEN', detail: string): GraphQLError {
  const status = code === 'UNAUTHENTICATED' ? 401 : 403;
  return new GraphQLError(new AppError(code, detail).message, { extensions: { code, http: { status } } });
}

const argumentsOf = (node: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((node.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]));

/** What a linked directive is called in this document: `as` of the link, or of the import. */
function localName(name: string, link: Readonly<Record<string, unknown>>): string {
  for (const each of (link['import'] as readonly unknown[] | undefined) ?? []) {
    const { name: from, as } = (typeof each === 'object' ? each : { name: each }) as { name?: string; as?: string };
    if (from === `@${name}`) return (as ?? from).slice(1);
  }
  return typeof link['as'] === 'string' ? link['as'] : name;
}

type Table = ReadonlyMap<string, Requirement>;

function readTable(document: DocumentNode, names: { authenticated: string; requiresScopes: string }): Table {
  const table = new Map<string, Requirement>();
  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    const scopes = directives?.find((each) => each.name.value === names.requiresScopes);
    if (!scopes && !directives?.some((each) => each.name.value === names.authenticated)) return;
    const lists = scopes ? (argumentsOf(scopes)['scopes'] as readonly (readonly string[])[]) : [];
    table.set(coordinate, { coordinate, scopes: lists });
  };
  for (const node of document.definitions) {
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    read(node.name.value, 'directives' in node ? (node.directives as readonly ConstDirectiveNode[]) : []);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) read(`${node.name.value}.${field.name.value}`, field.directives);
  }
  return table;
}

function requirementsOf(document: DocumentNode, schema: GraphQLSchema, table: Table): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (coordinate: string) => {
    const requirement = table.get(coordinate);
    if (requirement) found.set(coordinate, requirement);
  };
  /** A field asked of an interface is answered by any type behind it, so what any of them asks counts. */
  const behind = (type: GraphQLNamedType): readonly GraphQLNamedType[] =>
    isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const type = types.getType();
        for (const each of parent ? behind(parent) : []) {
          add(each.name);
          add(`${each.name}.${node.name.value}`);
        }
        if (type) add(getNamedType(type).name);
      },
    }),
  );
  return [...found.values()];
}
