/** How the gateway reaches a subgraph: in the same process, or over signed HTTP. Both answer the same, errors included. */
import { setTimeout as pause } from 'node:timers/promises';
import { type GraphQLDataSource, LocalGraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, execute, GraphQLError, parse } from 'graphql';
import type { Logger } from 'pino';
import { BoundedMap } from '../platform/bounded-map.ts';
import { toClientError } from '../platform/client-errors.ts';
import { beforeDeadline, stopWhenOver } from '../platform/deadline.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { Clock } from '../platform/ports/clock.ts';
import { remainingMs, scopeHeaders } from '../platform/request-scope.ts';
import { signRequest } from '../platform/request-signature.ts';
import type { Subgraph } from '../platform/subgraph.ts';
import { AppError } from '../schema/errors.ts';
import { BREAKER, type BreakerOptions, CircuitBreaker, RetryBudget } from './circuit-breaker.ts';
import { type Answer, openPool, type Pool, TimedOut } from './subgraph-request.ts';

/** Subgraph operations whose parsed form is kept; the planner makes few and the same ones. */
const MAX_DOCUMENTS = 1_000;

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0];
type Response = Awaited<ReturnType<GraphQLDataSource['process']>>;

const identityOf = (options: ProcessOptions): Identity => (options.context?.['identity'] as Identity) ?? ANONYMOUS;

export class InProcessDataSource extends LocalGraphQLDataSource {
  readonly #subgraph: Subgraph;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  readonly #documents = new BoundedMap<string, DocumentNode>(MAX_DOCUMENTS);

  constructor(subgraph: Subgraph, logger: Logger, timeoutMs = HTTP_DEFAULTS.timeoutMs) {
    super(subgraph.schema);
    stopWhenOver(subgraph.schema);
    this.#subgraph = subgraph;
    this.#logger = logger;
    this.#timeoutMs = timeoutMs;
  }

  override async process(options: ProcessOptions): Promise<Response> {
    const { query = '', variables, operationName } = options.request;
    const work = () =>
      execute({
        schema: this.schema,
        document: this.#parse(query),
        variableValues: variables,
        operationName,
        contextValue: this.#subgraph.createContext(identityOf(options)),
      });
    const { data, errors } = await beforeDeadline(work, this.#timeoutMs).catch((cause: unknown) => {
      throw cause instanceof AppError ? unavailable(this.#subgraph.name, cause) : cause;
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
  readonly #path: string;
  readonly #secret: string | null;
  readonly #clock: Clock;
  readonly #options: HttpDataSourceOptions;
  readonly #pool: Pool;
  readonly #breaker: CircuitBreaker;
  readonly #retries = new RetryBudget();
  #inFlight = 0;

  /** @param secret null: calls are not signed */
  constructor(
    name: string,
    address: string,
    secret: string | null,
    clock: Clock,
    options: Partial<HttpDataSourceOptions> = {},
  ) {
    const url = new URL(address);
    this.#name = name;
    this.#path = url.pathname + url.search;
    this.#secret = secret;
    this.#clock = clock;
    this.#options = { ...HTTP_DEFAULTS, ...options };
    this.#pool = openPool(url, this.#options.maxInFlight);
    this.#breaker = new CircuitBreaker(clock, this.#options.breaker);
  }

  /** Rejects with UNAVAILABLE, within the time-out, where the subgraph does not answer. */
  async process(options: ProcessOptions): Promise<Response> {
    const leftMs = Math.min(this.#options.timeoutMs, remainingMs() ?? Number.POSITIVE_INFINITY);
    if (leftMs <= 0) throw this.#unavailable(new Error('the time for the request is over'));
    if (this.#inFlight >= this.#options.maxInFlight) throw this.#unavailable(new Error('too many calls under way'));
    if (!this.#breaker.allow()) throw this.#unavailable(new Error('the circuit breaker is open'));
    this.#inFlight += 1;
    this.#retries.called();
    let succeeded = false;
    try {
      const response = await this.#ask(options, performance.now() + leftMs);
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
    this.#pool.close();
  }

  async #ask(options: ProcessOptions, deadline: number): Promise<Response> {
    const { query = '', variables, operationName } = options.request;
    const body = JSON.stringify({ query, variables, operationName });
    const mayRepeat = /^\s*(query\b|\{)/.test(query);
    for (let tries = 0; ; tries += 1) {
      let answer: Answer | null = null;
      let failure: unknown = null;
      try {
        const leftMs = deadline - performance.now();
        const headers = { ...scopeHeaders(), ...this.#signature(body, options, leftMs) };
        answer = await this.#pool.post(headers, body, leftMs);
      } catch (error) {
        failure = error;
      }
      const passing = answer ? PASSING_STATUS.has(answer.status) : !(failure instanceof TimedOut);
      if (answer && !passing) return this.#read(answer);
      const pauseMs = RETRY_MS * 2 ** tries * (0.5 + Math.random());
      const inTime = performance.now() + pauseMs < deadline;
      if (!passing || !mayRepeat || !inTime || tries >= this.#options.maxRetries || !this.#retries.take()) {
        throw failure ?? new Error(`status ${answer?.status}`);
      }
      await pause(pauseMs);
    }
  }

  /** Made anew for each try: a signature is good once. */
  #signature(body: string, options: ProcessOptions, budgetMs: number): Readonly<Record<string, string>> {
    if (this.#secret === null) return {};
    const request = { method: 'POST', path: this.#path, body };
    return signRequest(this.#secret, request, identityOf(options), this.#clock.now(), Math.max(0, budgetMs));
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
    return unavailable(this.#name, cause);
  }
}

function unavailable(name: string, cause: unknown): GraphQLError {
  return new GraphQLError(`The ${name} service does not answer: try again in a moment.`, {
    extensions: { code: 'UNAVAILABLE' },
    originalError: cause instanceof Error && !(cause instanceof AppError) ? cause : null,
  });
}
