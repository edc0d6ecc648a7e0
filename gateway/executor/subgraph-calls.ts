/**
 * The calls of one request's plan. Queries that go to one subgraph at the same moment (siblings of a Parallel node) travel as
 * one, so that a subgraph is asked once for each step of the plan, not once for each branch.
 */
import type { GraphQLDataSource } from '@apollo/gateway';
import type { FetchNode } from '@apollo/query-planner';
import {
  type MergedOperation,
  mergeOperations,
  mergeVariables,
  type SubgraphAnswer,
  splitAnswer,
} from './operation-merge.ts';

interface Call {
  readonly node: FetchNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resolve: (answer: SubgraphAnswer | Promise<SubgraphAnswer>) => void;
}

/** Merged documents of one operation's plan: they depend on which of its fetches meet, and on nothing of the request. */
export type MergeCache = Map<string, MergedOperation | null>;
/** Different meetings kept per operation; past it they are merged anew. */
const MAX_MERGES = 100;

const ids = new WeakMap<FetchNode, number>();
let nextId = 0;
function idOf(node: FetchNode): number {
  const id = ids.get(node) ?? nextId++;
  ids.set(node, id);
  return id;
}

export class SubgraphCalls {
  readonly #sources: Readonly<Record<string, GraphQLDataSource>>;
  readonly #context: Readonly<Record<string, unknown>>;
  readonly #merges: MergeCache;
  readonly #waiting = new Map<string, Call[]>();

  constructor(
    sources: Readonly<Record<string, GraphQLDataSource>>,
    context: Readonly<Record<string, unknown>>,
    merges: MergeCache,
  ) {
    this.#sources = sources;
    this.#context = context;
    this.#merges = merges;
  }

  /** The subgraph's answer to one fetch of the plan. Rejects with what its data source rejects with. */
  send(node: FetchNode, variables: Readonly<Record<string, unknown>>): Promise<SubgraphAnswer> {
    return new Promise((resolve) => {
      const call = { node, variables, resolve };
      const waiting = this.#waiting.get(node.serviceName);
      if (waiting) {
        waiting.push(call);
        return;
      }
      this.#waiting.set(node.serviceName, [call]);
      queueMicrotask(() => this.#flush(node.serviceName)); // siblings are started in the same turn
    });
  }

  #flush(serviceName: string): void {
    const calls = this.#waiting.get(serviceName) ?? [];
    this.#waiting.delete(serviceName);
    const merged = calls.length > 1 ? this.#merge(calls) : null;
    if (!merged) {
      for (const call of calls) call.resolve(this.#alone(call));
      return;
    }
    const { query, document } = merged;
    const answer = this.#process(
      serviceName,
      { query, variables: mergeVariables(calls.map((each) => each.variables)) },
      document,
    );
    const parts = answer.then((whole) => splitAnswer(whole, calls.length));
    for (const [index, call] of calls.entries()) {
      call.resolve(parts.then((split) => split?.[index] ?? this.#alone(call)));
    }
  }

  #merge(calls: readonly Call[]): MergedOperation | null {
    const key = calls.map(({ node }) => idOf(node)).join();
    let merged = this.#merges.get(key);
    if (merged === undefined) {
      merged = mergeOperations(calls.map(({ node }) => node));
      if (this.#merges.size >= MAX_MERGES) this.#merges.clear();
      this.#merges.set(key, merged);
    }
    return merged;
  }

  #alone({ node, variables }: Call): Promise<SubgraphAnswer> {
    const { operation: query, operationName } = node;
    return this.#process(node.serviceName, { query, variables, operationName }, node.operationDocumentNode);
  }

  async #process(serviceName: string, request: object, document: unknown): Promise<SubgraphAnswer> {
    const source = this.#sources[serviceName];
    if (!source) throw new Error(`Couldn't find service with name "${serviceName}"`);
    const options = { kind: 'incoming operation', request, context: this.#context, document };
    return (await source.process(options as never)) as SubgraphAnswer;
  }
}
