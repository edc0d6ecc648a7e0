/**
 * Where the fetches of live events get their answers: events that begin together ask each question once. Who may share is in the
 * question: subgraph, identity, query and variables.
 */
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Identity } from '../platform/identity.ts';
import { copyJson } from './executor/json.ts';

type Response = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** By question; of events that begin together, and gone with them. */
export type SharedAnswers = Map<string, Promise<Response>>;

/** What a data source is handed with an event. */
export interface LiveContext {
  readonly identity: Identity;
  /** Null: the event is alone. */
  readonly shared: SharedAnswers | null;
}

/** A data source for live plans. */
export class SharedSource implements GraphQLDataSource {
  readonly #name: string;
  readonly #source: GraphQLDataSource;

  constructor(name: string, source: GraphQLDataSource) {
    this.#name = name;
    this.#source = source;
  }

  async process(options: Parameters<GraphQLDataSource['process']>[0]): Promise<Response> {
    const { identity, shared } = options.context as unknown as LiveContext;
    if (!shared) return this.#source.process(options);
    const { query, variables } = options.request;
    const question = JSON.stringify([this.#name, identity, query, variables]);
    let answer = shared.get(question);
    if (!answer) {
      answer = this.#source.process(options);
      shared.set(question, answer);
    }
    return copyJson(await answer); // who gets it builds it into a response
  }
}
