/** How the gateway reaches a subgraph: in the same process, or over signed HTTP. Both answer the same, errors included. */
import { setTimeout as pause } from 'node:timers/promises';
import { type GraphQLDataSource, LocalGraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, execute, GraphQLError, parse } from 'graphql';
import type { Logger } from 'pino';
import { BoundedMap } from '../platform/bounded-map.ts';
import { toClientError } from '../platform/client-errors.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { Clock } from '../platform/ports/clock.ts';
import { signRequest } from '../platform/request-signature.ts';
import type { Subgraph } from '../platform/subgraph.ts';
import { BREAKER, type BreakerOptions, CircuitBreaker, RetryBudget } from './circuit-breaker.ts';
import { type Answer, openPool, type Pool, post } from './subgraph-request.ts';

/** Subgraph operations whose parsed form is kept; the planner makes few and the same ones. */
const MAX_DOCUMENTS = 1_000;

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0];
type Response = Awaited<ReturnType<GraphQLDataSource['process']>>;

const identityOf = (options: ProcessOptions): Identity => (options.context?.['identity'] as Identity) ?? ANONYMOUS;

export class InProcessDataSource extends LocalGraphQLDataSource {
  readonly #subgraph: Subgraph;
  readonly #logger: Logger;
  readonly #documents = new BoundedMap<string, DocumentNode>(MAX_DOCUMENTS);

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
      this.#documents.set(query, document);
    }
    return document;
  }
}

export interface HttpDataSourceOptions {
  /** For the whole call, retries included. */
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly maxRetries: number;
  readonly breaker: BreakerOptions;
}

const HTTP_DEFAULTS: HttpDataSourceOptions = { timeoutMs: 5_000, maxInFlight: 256, maxRetries: 2, breaker: BREAKER };

/** Failures that a moment may mend. A time-out is none: the time is gone. */
const PASSING_STATUS = new Set([502, 503, 504]);
const RETRY_MS = 50;

export class HttpDataSource implements GraphQLDataSource {
  readonly #name: string;
  readonly #url: URL;
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #options: HttpDataSourceOptions;
  readonly #pool: Pool;
  readonly #breaker: CircuitBreaker;
  readonly #retries = new RetryBudget();
  #inFlight = 0;

  constructor(name: string, url: string, secret: string, clock: Clock, options: Partial<HttpDataSourceOptions> = {}) {
    this.#name = name;
    this.#url = new URL(url);
    this.#secret = secret;
    this.#clock = clock;
    this.#options = { ...HTTP_DEFAULTS, ...options };
    this.#pool = openPool(this.#url, this.#options.maxInFlight);
    this.#breaker = new CircuitBreaker(clock, this.#options.breaker);
  }

  /** Rejects with UNAVAILABLE, within the time-out, where the subgraph does not answer. */
  async process(options: ProcessOptions): Promise<Response> {
    if (this.#inFlight >= this.#options.maxInFlight) throw this.#unavailable(new Error('too many calls under way'));
    if (!this.#breaker.allow()) throw this.#unavailable(new Error('the circuit breaker is open'));
    this.#inFlight += 1;
    this.#retries.called();
    let succeeded = false;
    try {
      const response = await this.#ask(options, AbortSignal.timeout(this.#options.timeoutMs));
      succeeded = true;
      return response;
    } catch (cause) {
      throw this.#unavailable(cause);
    } finally {
      this.#inFlight -= 1;
      this.#breaker.report(succeeded);
    }
  }

  /** Ends the kept-alive connections. */
  close(): void {
    this.#pool.agent.destroy();
  }

  async #ask(options: ProcessOptions, signal: AbortSignal): Promise<Response> {
    const { query = '', variables, operationName } = options.request;
    const body = JSON.stringify({ query, variables, operationName });
    const mayRepeat = /^\s*(query\b|\{)/.test(query);
    for (let tries = 0; ; tries += 1) {
      const { answer, error } = await this.#post(body, options, signal).then(
        (received) => ({ answer: received, error: null }),
        (failure: unknown) => ({ answer: null, error: failure }),
      );
      const passing = answer ? PASSING_STATUS.has(answer.status) : !signal.aborted;
      if (answer && !passing) return this.#read(answer);
      if (!passing || !mayRepeat || tries >= this.#options.maxRetries || !this.#retries.take()) {
        throw error ?? new Error(`status ${answer?.status}`);
      }
      await pause(RETRY_MS * 2 ** tries * (0.5 + Math.random()), undefined, { signal });
    }
  }

  /** Signed anew each time: a signature is good once. */
  #post(body: string, options: ProcessOptions, signal: AbortSignal) {
    const request = { method: 'POST', path: this.#url.pathname + this.#url.search, body };
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...signRequest(this.#secret, request, identityOf(options), this.#clock.now()),
    };
    return post(this.#pool, this.#url, headers, body, signal);
  }

  #read({ status, body }: Answer): Response {
    const response = JSON.parse(body) as unknown;
    if (status === 401)
      throw new Error('the subgraph does not accept our signature: SUBGRAPH_SECRET differs, or a clock');
    if (typeof response !== 'object' || response === null || !('data' in response || 'errors' in response)) {
      throw new Error(`an answer that is none, with status ${status}`);
    }
    return response as Response;
  }

  #unavailable(cause: unknown): GraphQLError {
    return new GraphQLError(`The ${this.#name} service does not answer: try again in a moment.`, {
      extensions: { code: 'UNAVAILABLE' },
      originalError: cause instanceof Error ? cause : null,
    });
  }
}
