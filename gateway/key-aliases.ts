/**
 * An alias that takes the name of a key field (`id: summary`) would stand where the executor reads the key with which it asks the
 * next subgraph, and Apollo's breaks on it. Refused with a word on how to go on.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Names of a type's key fields, at every level of its keys. */
export type KeyFields = ReadonlyMap<string, ReadonlySet<string>>;

export function readKeyFields(supergraphSdl: string): KeyFields {
  const keys = new Map<string, Set<string>>();
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of node.directives ?? []) {
      const key = directive.arguments?.find((each) => each.name.value === 'key');
      if (directive.name.value !== 'join__type' || !key) continue;
      const names = keys.get(node.name.value) ?? new Set();
      for (const [name] of String(valueFromASTUntyped(key.value)).matchAll(/\w+/g)) names.add(name);
      keys.set(node.name.value, names);
    }
  }
  return keys;
}

export function keyAliasFaults(document: DocumentNode, schema: GraphQLSchema, keys: KeyFields): GraphQLError[] {
  const faults: GraphQLError[] = [];
  const names = new Set([...keys.values()].flatMap((each) => [...each]));
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const alias = node.alias?.value;
        if (alias === undefined || alias === node.name.value || !names.has(alias)) return;
        const parent = types.getParentType();
        if (!parent || !('getFields' in parent) || !Object.hasOwn(parent.getFields(), alias)) return;
        const detail = `"${alias}" is the key of ${parent.name}: give ${node.name.value} another alias.`;
        faults.push(new GraphQLError(detail, { nodes: node }));
      },
    }),
  );
  return faults;
}
