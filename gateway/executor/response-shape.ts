/**
 * From what the subgraphs sent to what the client asked for: the fields of the operation and no others, nulls carried upwards
 * past non-null types, values checked against their types. Follows "Executing Operations" of the GraphQL specification. An
 * operation is compiled once for each combination of its @skip and @include variables, and once per runtime type.
 */
import {
  type CompositeType,
  type FieldSelection,
  isCompositeType,
  isCustomScalarType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isSubtype,
  type Operation,
  type OutputType,
  type Schema,
  type SelectionSet,
  typenameFieldName,
  Variable,
} from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import { isObject, type JsonObject, setOwn } from './json.ts';

export type Path = (string | number)[];

/** Answers a selection of `__schema` or `__type`. */
export type Introspect = (selection: FieldSelection) => unknown;

interface Run {
  readonly errors: GraphQLError[];
  readonly introspect: Introspect;
}

/** What a value becomes; `INVALID` where a null must be carried upwards. */
type Complete = (value: unknown, path: Path, run: Run, parent: string) => unknown;
const INVALID = Symbol('null in a non-null place');

interface FieldShape {
  readonly responseName: string;
  readonly put: (input: JsonObject, path: Path, run: Run, parent: string) => unknown;
}

export interface ShapedResponse {
  readonly data: JsonObject | null;
  /** What was wrong with the subgraphs' data. */
  readonly errors: readonly GraphQLError[];
}

export class ResponseShape {
  readonly #schema: Schema;
  readonly #root: Selected;
  readonly #rootType: CompositeType;

  constructor(operation: Operation, conditions: Readonly<Record<string, unknown>>) {
    this.#schema = operation.schema();
    const rootType = this.#schema.schemaDefinition.rootType(operation.rootKind);
    if (!rootType) throw new GraphQLError(`The schema has no ${operation.rootKind}.`);
    this.#rootType = rootType;
    this.#root = new Selected(this.#schema, [operation.selectionSet], rootType, conditions);
  }

  shape(input: JsonObject, introspect: Introspect): ShapedResponse {
    const run: Run = { errors: [], introspect };
    const data = this.#root.apply(input, this.#rootType.name, [], run);
    return { data: data === INVALID ? null : (data as JsonObject), errors: run.errors };
  }
}

/** The selections made at one place of an operation, with the fields that each runtime type gets out of them. */
class Selected {
  readonly #schema: Schema;
  readonly #sets: readonly SelectionSet[];
  readonly #declared: CompositeType;
  readonly #conditions: Readonly<Record<string, unknown>>;
  readonly #fields = new Map<string, readonly FieldShape[]>();
  #untyped: readonly FieldShape[] | undefined;

  constructor(
    schema: Schema,
    sets: readonly SelectionSet[],
    declared: CompositeType,
    conditions: Readonly<Record<string, unknown>>,
  ) {
    this.#schema = schema;
    this.#sets = sets;
    this.#declared = declared;
    this.#conditions = conditions;
  }

  apply(input: JsonObject, typeName: string, path: Path, run: Run): unknown {
    const output: JsonObject = {};
    for (const { responseName, put } of this.#fieldsOf(input)) {
      path.push(responseName);
      const value = put(input, path, run, typeName);
      path.pop();
      if (value === INVALID) return INVALID;
      setOwn(output, responseName, value === FAULTY ? null : value);
    }
    return output;
  }

  /** Data without `__typename` is taken to be of the declared type. */
  #fieldsOf(input: JsonObject): readonly FieldShape[] {
    const typeName = input[typenameFieldName];
    if (typeof typeName !== 'string' || typeName === '') {
      this.#untyped ??= this.#collect(undefined);
      return this.#untyped;
    }
    let fields = this.#fields.get(typeName);
    if (!fields) {
      fields = this.#collect(typeName);
      this.#fields.set(typeName, fields); // only names that are types of the schema get here
    }
    return fields;
  }

  #collect(typeName: string | undefined): readonly FieldShape[] {
    const found = new Map<string, { readonly parent: CompositeType; readonly selections: FieldSelection[] }>();
    const walk = (set: SelectionSet, parent: CompositeType): void => {
      for (const selection of set.selections()) {
        if (this.#isLeftOut(selection.element.appliedDirectives)) continue;
        if (selection.kind === 'FieldSelection') {
          const name = selection.element.responseName();
          const same = found.get(name);
          if (same) same.selections.push(selection);
          else found.set(name, { parent, selections: [selection] });
          continue;
        }
        const { typeCondition } = selection.element;
        const actual = typeName === undefined ? parent : this.#schema.type(typeName);
        if (!typeCondition || (actual && isSubtype(typeCondition, actual as CompositeType))) {
          walk(selection.selectionSet, typeCondition ?? parent);
        }
      }
    };
    for (const set of this.#sets) walk(set, this.#declared);
    const ownType = typeName === undefined ? undefined : (this.#schema.type(typeName) as CompositeType);
    return [...found].map(([name, { parent, selections }]) => this.#field(name, selections, ownType ?? parent));
  }

  #isLeftOut(directives: readonly { readonly name: string; arguments(): Record<string, unknown> }[]): boolean {
    return directives.some(({ name, arguments: read }, index) => {
      if (name !== 'skip' && name !== 'include') return false;
      const given = read.call(directives[index])['if'];
      const value = given instanceof Variable ? this.#conditions[given.name] : given;
      return name === 'skip' ? value === true : value === false;
    });
  }

  #field(responseName: string, selections: readonly FieldSelection[], ownType: CompositeType): FieldShape {
    const [first] = selections as [FieldSelection];
    const { definition, name } = first.element;
    if (definition.isSchemaIntrospectionField()) {
      return { responseName, put: (_input, _path, run) => run.introspect(first) };
    }
    if (name === typenameFieldName)
      return { responseName, put: (input) => this.#typeName(input, responseName, ownType) };
    const sets = selections.flatMap(({ selectionSet }) => selectionSet ?? []);
    const complete = this.#complete(definition.type as OutputType, sets);
    return {
      responseName,
      put: (input, path, run, parent) =>
        complete(Object.hasOwn(input, responseName) ? input[responseName] : null, path, run, parent),
    };
  }

  #typeName(input: JsonObject, responseName: string, ownType: CompositeType): unknown {
    const given = (Object.hasOwn(input, responseName) ? input[responseName] : null) ?? input[typenameFieldName];
    const type = (typeof given === 'string' && this.#schema.type(given)) || ownType;
    return isObjectType(type) ? type.name : INVALID;
  }

  #complete(type: OutputType, sets: readonly SelectionSet[]): Complete {
    if (isNonNullType(type)) return nonNull(this.#complete(type.ofType as OutputType, sets), String(type.ofType));
    if (isListType(type)) return list(this.#complete(type.ofType as OutputType, sets), String(type));
    if (isCompositeType(type)) return this.#object(type, new Selected(this.#schema, sets, type, this.#conditions));
    const isValid = leafCheck(type);
    return (value, path, run, parent) => {
      if (value === null || value === undefined) return null;
      if (isValid(value)) return value;
      run.errors.push(fault(`Invalid value found for ${place(path, String(type), parent)}.`, path));
      return FAULTY;
    };
  }

  #object(type: CompositeType, selected: Selected): Complete {
    return (value, path, run, parent) => {
      if (value === null || value === undefined) return null;
      if (!isObject(value))
        throw new Error(`Invalid non-object value returned by subgraph for composite type ${type.name}`);
      const typeName = value[typenameFieldName];
      if (typeof typeName === 'string' && typeName !== '') {
        const actual = this.#schema.type(typeName);
        if (!actual || !isCompositeType(actual)) {
          run.errors.push(fault(`Invalid __typename found for object at ${place(path, type.name, parent)}.`, path));
          return FAULTY;
        }
      }
      const name = typeof typeName === 'string' && typeName !== '' ? typeName : type.name;
      const output = selected.apply(value, name, path, run);
      return output === INVALID ? FAULTY : output;
    };
  }
}

/** Null, with its error told already: a non-null type above adds none of its own. */
const FAULTY = Symbol('null whose reason is told');

function nonNull(complete: Complete, typeName: string): Complete {
  return (value, path, run, parent) => {
    const completed = complete(value, path, run, parent);
    if (completed === null) {
      run.errors.push(fault(`Cannot return null for non-nullable ${place(path, typeName, parent)}.`, path));
      return INVALID;
    }
    return completed === FAULTY ? INVALID : completed;
  };
}

function list(complete: Complete, typeName: string): Complete {
  return (value, path, run, parent) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new Error(`Invalid non-list value returned by subgraph for list type ${typeName}`);
    const output = new Array<unknown>(value.length);
    let isInvalid = false;
    for (let index = 0; index < value.length; index += 1) {
      path.push(index);
      const completed = complete(value[index], path, run, parent);
      path.pop();
      if (completed === INVALID) isInvalid = true;
      output[index] = completed === FAULTY ? null : completed;
    }
    return isInvalid ? FAULTY : output;
  };
}

/** What a subgraph may send for a leaf: see "Result Coercion" of each built-in scalar; a custom scalar may be anything. */
function leafCheck(type: OutputType): (value: unknown) => boolean {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.value(value) !== undefined;
  if (isCustomScalarType(type)) return () => true;
  const isInteger = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) < 1e21;
  switch (String(type)) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return isInteger;
    case 'Float':
      return (value) => Number.isFinite(value);
    case 'ID':
      return (value) => typeof value === 'string' || isInteger(value);
    default:
      return (value) => typeof value === 'string';
  }
}

const place = (path: Path, typeName: string, parent: string): string => {
  const last = path.at(-1);
  return typeof last === 'number' ? `array element of type ${typeName} at index ${last}` : `field ${parent}.${last}`;
};

const fault = (message: string, path: Path): GraphQLError =>
  new GraphQLError(message, { path: [...path], extensions: { code: 'INVALID_GRAPHQL' } });
