/**
 * Whether an operation may run: one gate, which HTTP and the socket both pass. A text is read once (parsed, measured, validated,
 * its requirements collected) and kept; what depends on the request (who asks, variables, rate) is decided each time.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  MaxIntrospectionDepthRule,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql';
import { Counter } from 'prom-client';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Identity } from '../platform/identity.ts';
import { AppError, type ErrorCode } from '../schema/errors.ts';
import type { CachePolicy } from './cache-policy.ts';
import { type FieldPolicy, refusal } from './field-policy.ts';
import { type KeyFields, keyAliasFaults } from './key-aliases.ts';
import { isDeeperThan, type Limits } from './limits.ts';
import type { CostModel } from './operation-cost.ts';
import { sizeFaults, tooLarge } from './operation-size.ts';
import type { RateLimiter } from './rate-limits.ts';
import { hashOf, type TrustedDocuments } from './trusted-documents.ts';

/** Texts kept, and the longest that is: a text padded with spaces must not fill the memory. */
const MAX_DOCUMENTS = 1_000;
const MAX_KEPT_CHARACTERS = 10_000;

const operationsTotal = new Counter({
  name: 'gateway_operations_total',
  help: 'Operations asked for over HTTP and sockets, by kind; refused: by the gate',
  labelNames: ['kind'],
});

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly introspection: boolean;
  readonly policy: FieldPolicy;
  readonly keys: KeyFields;
  readonly cost: CostModel;
  readonly caching: CachePolicy;
  readonly trusted: TrustedDocuments;
  readonly rates: RateLimiter | null;
}

export interface ReadDocument {
  readonly document: DocumentNode;
  readonly requirements: ReturnType<FieldPolicy['requirementsOf']>;
}

export interface OperationRequest {
  readonly source: string;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identity: Identity;
  /** Who is counted: the user, or the address of somebody not signed in; null: the gateway itself. */
  readonly viewer: string | null;
}

export type Admitted = { readonly document: DocumentNode; readonly operation: OperationDefinitionNode };

export class Operations {
  readonly #options: OperationsOptions;
  readonly #documents = new BoundedMap<string, ReadDocument>(MAX_DOCUMENTS);

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  /** The text a request stands for: its own, or the one of the manifest that it names. @throws GraphQLError for one unknown */
  sourceOf(query: unknown, extensions: unknown): string {
    if (typeof query === 'string' && query !== '') return query;
    const hash = namedHash(extensions);
    const source = hash === null ? undefined : this.#options.trusted.byHash.get(hash);
    if (source !== undefined) return source;
    if (hash === null) throw failure('BAD_USER_INPUT', 'There is neither a query nor the hash of one.');
    throw new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
  }

  /** @returns the document and operation, or all that is wrong with them */
  admit(request: OperationRequest): Admitted | readonly GraphQLError[] {
    const passed = this.#admit(request);
    operationsTotal.inc({ kind: 'operation' in passed ? passed.operation.operation : 'refused' });
    return passed;
  }

  #admit(request: OperationRequest): Admitted | readonly GraphQLError[] {
    const { source, variables, identity, viewer } = request;
    const read = this.#read(source, viewer);
    if (Array.isArray(read)) return read;
    const { document, requirements } = read as ReadDocument;
    const operation = getOperationAST(document, request.operationName);
    if (!operation) {
      const detail = request.operationName
        ? `There is no operation named ${JSON.stringify(request.operationName).slice(0, 100)}.`
        : 'There are several operations: say which by operationName.';
      return [new GraphQLError(detail, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    }
    if (isDeeperThan(variables, this.#options.limits.variablesDepth)) {
      return [failure('BAD_USER_INPUT', 'The variables are nested too deeply.')];
    }
    const refused = refusal(requirements, identity);
    if (refused) return [refused];
    const cost = this.#options.cost.costOf(document, operation, variables);
    if (cost > this.#options.limits.cost) {
      return [
        tooLarge(`It costs ${Math.round(cost)}, of at most ${this.#options.limits.cost}: ask for shorter lists.`),
      ];
    }
    const { rates } = this.#options;
    const late =
      viewer === null || !rates ? 0 : rates.take(viewer, operation.operation, coordinatesOf(document, operation));
    return late > 0 ? [tooOften(late)] : { document, operation };
  }

  /**
   * For an admitted operation: whether all gateways together have let the viewer have too many.
   * @returns the error that says so; null: it may run
   */
  async lateForAll(
    viewer: string | null,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): Promise<GraphQLError | null> {
    const { rates } = this.#options;
    if (!rates || viewer === null) return null;
    const wait = await rates.takeShared(viewer, operation.operation, coordinatesOf(document, operation));
    return wait > 0 ? tooOften(wait) : null;
  }

  /** Seconds for which caches may give everybody the answer of an admitted operation; 0: not at all. */
  cacheableFor(document: DocumentNode, operation: OperationDefinitionNode): number {
    const { policy, schema, caching } = this.#options;
    return policy.requirementsOf(document, schema).length > 0 ? 0 : caching.maxAgeOf(document, operation);
  }

  #read(source: string, viewer: string | null): ReadDocument | readonly GraphQLError[] {
    const known = this.#documents.get(source);
    if (known) return known;
    const { limits, schema, introspection, policy, trusted, keys } = this.#options;
    if (
      trusted.only &&
      viewer !== null &&
      !trusted.byHash.has(hashOf(source)) &&
      !trusted.byHash.has(hashOf(source.trim()))
    ) {
      return [failure('OPERATION_NOT_TRUSTED', 'Ask by an operation of the manifest.', 403)];
    }
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: limits.tokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
    }
    const large = sizeFaults(document, limits);
    if (large.length > 0) return large;
    const rules = introspection ? MaxIntrospectionDepthRule : NoSchemaIntrospectionCustomRule;
    const faults = validate(schema, document, [...specifiedRules, rules], {
      maxErrors: 20,
      hideSuggestions: !introspection,
    });
    if (faults.length > 0) return faults.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    const hidden = keyAliasFaults(document, schema, keys);
    if (hidden.length > 0) return hidden.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    const read = { document, requirements: policy.requirementsOf(document, schema) };
    if (source.length > MAX_KEPT_CHARACTERS) return read;
    this.#documents.set(source, read);
    return read;
  }
}

const ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

const coordinatesOf = (document: DocumentNode, { operation, selectionSet }: OperationDefinitionNode): string[] =>
  rootFields(document, selectionSet).map((name) => `${ROOTS[operation]}.${name}`);

/** Names of an operation's root fields, those in fragments included; the limits keep them few, and validation free of cycles. */
function rootFields(document: DocumentNode, { selections }: SelectionSetNode): string[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node.name.value];
    if (node.kind === Kind.INLINE_FRAGMENT) return rootFields(document, node.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === node.name.value,
    );
    return fragment && 'selectionSet' in fragment ? rootFields(document, fragment.selectionSet) : [];
  });
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  });
}

function failure(code: ErrorCode, detail: string, status = 400): GraphQLError {
  return new GraphQLError(new AppError(code, detail).message, { extensions: { code, http: { status } } });
}

function tooOften(waitMs: number): GraphQLError {
  const seconds = Math.ceil(waitMs / 1000);
  const cause = new AppError('TOO_MANY', `Too many requests: again in ${seconds} s.`);
  const headers = new Map([['retry-after', String(seconds)]]);
  return new GraphQLError(cause.message, { extensions: { code: cause.code, http: { status: 429, headers } } });
}

/** `extensions.persistedQuery.sha256Hash`, as Apollo's clients send it. */
function namedHash(extensions: unknown): string | null {
  if (typeof extensions !== 'object' || extensions === null || !Object.hasOwn(extensions, 'persistedQuery'))
    return null;
  const named = (extensions as { persistedQuery: unknown }).persistedQuery;
  if (typeof named !== 'object' || named === null || !Object.hasOwn(named, 'sha256Hash')) return null;
  const { sha256Hash: hash } = named as { sha256Hash: unknown };
  return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}
