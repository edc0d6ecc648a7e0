/** How the gateway reaches a subgraph: in the same process, or over signed HTTP. Both answer the same, errors included. */
import { type GraphQLDataSource, LocalGraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, execute, GraphQLError, parse } from 'graphql';
import type { Logger } from 'pino';
import { toClientError } from '../platform/client-errors.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { Clock } from '../platform/ports/clock.ts';
import { signRequest } from '../platform/request-signature.ts';
import type { Subgraph } from '../platform/subgraph.ts';

const TIMEOUT_MS = 5_000;
/** Subgraph operations whose parsed form is kept; the planner makes few and the same ones. */
const MAX_DOCUMENTS = 1_000;

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0];
type Response = Awaited<ReturnType<GraphQLDataSource['process']>>;

const identityOf = (options: ProcessOptions): Identity => (options.context?.['identity'] as Identity) ?? ANONYMOUS;

export class InProcessDataSource extends LocalGraphQLDataSource {
  readonly #subgraph: Subgraph;
  readonly #logger: Logger;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(subgraph: Subgraph, logger: Logger) {
    super(subgraph.schema);
    this.#subgraph = subgraph;
    this.#logger = logger;
  }

  override async process(options: ProcessOptions): Promise<Response> {
    const { query = '', variables, operationName } = options.request;
    const { data, errors } = await execute({
      schema: this.schema,
      document: this.#parse(query),
      variableValues: variables,
      operationName,
      contextValue: this.#subgraph.createContext(identityOf(options)),
    });
    return {
      data: data as Response['data'],
      ...(errors && { errors: errors.map((error) => toClientError(error.toJSON(), error, this.#logger)) }),
    } as Response;
  }

  /** The planner's own operations are valid by construction, so they are parsed once and not validated. */
  #parse(query: string): DocumentNode {
    let document = this.#documents.get(query);
    if (!document) {
      document = parse(query, { noLocation: true });
      if (this.#documents.size >= MAX_DOCUMENTS) this.#documents.delete(this.#documents.keys().next().value as string);
      this.#documents.set(query, document);
    }
    return document;
  }
}

export class HttpDataSource implements GraphQLDataSource {
  readonly #name: string;
  readonly #url: URL;
  readonly #secret: string;
  readonly #clock: Clock;

  constructor(name: string, url: string, secret: string, clock: Clock) {
    this.#name = name;
    this.#url = new URL(url);
    this.#secret = secret;
    this.#clock = clock;
  }

  async process(options: ProcessOptions): Promise<Response> {
    const { query, variables, operationName } = options.request;
    const body = JSON.stringify({ query, variables, operationName });
    const request = { method: 'POST', path: this.#url.pathname + this.#url.search, body };
    let response: globalThis.Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...signRequest(this.#secret, request, identityOf(options), this.#clock.now()),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return (await response.json()) as Response;
    } catch (cause) {
      throw new GraphQLError(`The ${this.#name} service does not answer: try again in a moment.`, {
        extensions: { code: 'UNAVAILABLE' },
        originalError: cause instanceof Error ? cause : null,
      });
    }
  }
}
