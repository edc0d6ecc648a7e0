/**
 * The gateway: Apollo's gateway and server for queries and mutations, the live hub for subscriptions, both at one address and
 * behind one gate. It serves any supergraph it is given. What it must not do: know a field by name, or read a store.
 */

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { RequestHandler } from 'express';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { serveApollo, stringifyAnswer } from '../platform/apollo-http.ts';
import { toClientError } from '../platform/client-errors.ts';
import { answerErrorsAsJson, createHttpServer } from '../platform/http-server.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import { readJsonBody } from '../platform/json-body.ts';
import { type Gauges, metricsPage, observeHttp } from '../platform/metrics.ts';
import { systemClock } from '../platform/ports/clock.ts';
import type { EventLog } from '../platform/ports/event-log.ts';
import { currentScope, runInScope, scopeFrom } from '../platform/request-scope.ts';
import type { TokenVerifier } from '../platform/tokens.ts';
import { inSpan } from '../platform/tracing.ts';
import { AppError } from '../schema/errors.ts';
import { admissionPlugin, type EdgeContext, persistedQueries } from './admission-plugin.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { DataSources } from './live-plan.ts';
import { InFlight, shedLoad } from './load-shedding.ts';
import { ObservedHub } from './observed-hub.ts';
import { clientAddress, cors } from './origins.ts';
import { RateLimiter, type RateOptions } from './rate-limits.ts';
import { type ServedSupergraph, serveSupergraph } from './served-supergraph.ts';
import type { SharedRates } from './shared-rates.ts';
import { SOCKET_LIMITS, type SocketLimits } from './socket-limits.ts';
import { NO_MANIFEST, type TrustedDocuments } from './trusted-documents.ts';
import { serveWebSockets } from './websocket.ts';

export const GRAPHQL_PATH = '/graphql';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  readonly sources: DataSources;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly verifyToken: TokenVerifier;
  /** Off in production: introspection, and the explorer that needs it. */
  readonly introspection: boolean;
  /** Makes what serves a page to people on GET; null: there is none. */
  readonly explorer: ((ask: Ask) => RequestHandler) | null;
  readonly edge?: Partial<EdgeOptions>;
  /** Whether those who ask the same at the same time share one answer; on, but for measuring. */
  readonly sharing?: boolean;
}

/** What is asked of those who call. */
export interface EdgeOptions {
  readonly limits: Limits;
  /** Of web pages, besides the gateway's own host. */
  readonly allowedOrigins: readonly string[];
  /** Proxies in front, whose X-Forwarded-For is believed. */
  readonly trustedProxies: number;
  readonly trusted: TrustedDocuments;
  /** Null: none. */
  readonly rates: RateOptions | null;
  /** What all gateways count together; null: each counts by itself. */
  readonly sharedRates: SharedRates | null;
  /** For how long a request is worked on, all its steps together. */
  readonly budgetMs: number;
  /** Requests under way over HTTP, and as many queries under way on sockets. */
  readonly maxRequests: number;
  readonly sockets: SocketLimits;
  /** For how long a client may take to send a request's headers and all of it. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

const EDGE: EdgeOptions = {
  limits: LIMITS,
  allowedOrigins: [],
  trustedProxies: 0,
  trusted: NO_MANIFEST,
  rates: null,
  sharedRates: null,
  budgetMs: 10_000,
  maxRequests: 1_000,
  sockets: SOCKET_LIMITS,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
};

/** Answers a query as nobody signed in. */
export type Ask = (query: string) => Promise<ExecutionResult>;

export interface Gateway {
  listen(port: number, host: string): Promise<number>;
  /**
   * Serves another supergraph from the next request on; requests under way end as they began, running subscriptions go on by it.
   * Rejects with what is wrong with it; then nothing has changed. Sources: default those of before.
   */
  update(supergraphSdl: string, sources?: DataSources): Promise<void>;
  /** Not ready, sockets closed, requests under way answered, then the end. */
  stop(): Promise<void>;
}

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, verifyToken, introspection } = options;
  const edge: EdgeOptions = { ...EDGE, ...options.edge };
  const quiet = {
    debug() {},
    info() {},
    warn: (message: string) => logger.warn(message),
    error: (message: string) => logger.error(message),
  };
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true'; // read by its constructor, which would otherwise report usage to Apollo
  const rates = edge.rates && new RateLimiter(edge.rates, systemClock, edge.sharedRates);
  const prepare = (sdl: string, sources: DataSources) => serveSupergraph(sdl, sources, { ...options, edge, rates });
  let served = prepare(options.supergraphSdl, options.sources);
  // Apollo's gateway loads and checks the supergraph; its plans are run by our own executor, with the same answers.
  let tellApollo: (sdl: string) => void = () => undefined;
  const apolloGateway = new ApolloGateway({
    supergraphSdl: async ({ update }) => {
      tellApollo = update;
      return { supergraphSdl: served.sdl };
    },
    // Nothing is asked through Apollo's own data sources.
    buildService: ({ name }) => ({
      process: () => Promise.reject(new AppError('UNAVAILABLE', `The ${name} subgraph has no address.`)),
    }),
    logger: quiet,
  });
  /** What a request was admitted by answers it, whatever is served meanwhile. */
  const admittedBy = new WeakMap<EdgeContext, ServedSupergraph>();
  apolloGateway.executor = async ({ request, document, queryHash, context }) => {
    const { execute } = admittedBy.get(context as EdgeContext) ?? served;
    const { operationName, variables = {} } = request;
    const scope = currentScope() ?? scopeFrom({}, performance.now() + edge.budgetMs);
    const work = () => execute({ key: queryHash, document, operationName, variables, context });
    const answer = await inSpan({ name: `execute ${operationName ?? ''}`, kind: 'internal' }, work, { scope });
    return answer as Awaited<ReturnType<ApolloGateway['executor']>>;
  };
  const formatError = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = toClientError(formatted, error, logger);
    return introspection ? shown : { ...shown, message: withoutSuggestion(shown.message) };
  };
  const apollo = new ApolloServer<EdgeContext>({
    gateway: apolloGateway,
    introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: edge.limits.tokens },
    dangerouslyDisableValidation: true, // the gate validates, after its limits
    persistedQueries: { cache: persistedQueries(edge.trusted) },
    plugins: [
      admissionPlugin((context) => {
        admittedBy.set(context, served);
        return served.operations;
      }, formatError),
      ApolloServerPluginLandingPageDisabled(),
    ],
    formatError,
    stringifyResult: stringifyAnswer,
    logger: quiet,
  });
  await apollo.start();

  const hub = new ObservedHub(served.model, options.log, served.sources, logger);
  let stopping = false;
  const http = createHttpServer(
    async () => {
      if (stopping) throw new Error('stopping');
    },
    { headersTimeoutMs: edge.headersTimeoutMs, requestTimeoutMs: edge.requestTimeoutMs },
  );
  const sockets = serveWebSockets({
    server: http.server,
    path: GRAPHQL_PATH,
    schema: () => served.model.apiSchema,
    operations: () => served.operations,
    apollo,
    hub,
    inFlight: new InFlight(edge.maxRequests),
    verifyToken,
    limits: edge.sockets,
    allowedOrigins: edge.allowedOrigins,
    trustedProxies: edge.trustedProxies,
    toClientError: formatError,
  });

  const gauges: Gauges = {
    gateway_sockets: { help: 'Open WebSockets', read: sockets.socketCount },
    gateway_streams: { help: 'Streams of events with at least one subscriber', read: () => hub.streamCount },
    gateway_subscriptions: { help: 'Subscriptions open', read: () => hub.subscriptionCount },
  };
  http.app.get('/metrics', metricsPage(gauges));
  const ask: Ask = async (query) => {
    const contextValue = { identity: ANONYMOUS, viewer: null, admitted: false };
    const { body } = await apollo.executeOperation({ query }, { contextValue });
    return body.kind === 'single' ? (body.singleResult as ExecutionResult) : {};
  };
  if (options.explorer) http.app.use(options.explorer(ask));
  http.app.use(
    GRAPHQL_PATH,
    observeHttp,
    inRequestScope(edge.budgetMs),
    cors(edge.allowedOrigins),
    shedLoad(new InFlight(edge.maxRequests)),
    readJsonBody(edge.limits.bodyBytes),
    serveApollo(apollo, async (request) => {
      const identity = await identify(verifyToken, request.headers.authorization);
      const viewer =
        identity.userId === null ? `address ${clientAddress(request, edge.trustedProxies)}` : `user ${identity.userId}`;
      return { identity, viewer, admitted: false };
    }),
  );
  answerErrorsAsJson(http.app);
  return {
    listen: (port, host) => http.listen(port, host, 'PORT'),
    async update(supergraphSdl, sources = options.sources) {
      const next = prepare(supergraphSdl, sources);
      tellApollo(next.sdl); // throws where it finds a fault of its own: then nothing has changed
      served = next;
      hub.update(next.model, next.sources);
    },
    async stop() {
      stopping = true;
      await sockets.stop();
      await http.stop();
      await hub.close();
      await apollo.stop();
    },
  };
}

async function identify(verifyToken: TokenVerifier, authorization: string | undefined): Promise<Identity> {
  if (!authorization) return ANONYMOUS;
  try {
    return (await verifyToken(authorization)).identity;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const status = error.code === 'UNAVAILABLE' ? 503 : 401;
    throw new GraphQLError(error.message, { extensions: { code: error.code, http: { status } } });
  }
}

/** What graphql-js adds to help, and what a stranger could learn the schema from. */
const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean .*?\?$/s, '');

/** Gives each request its id, which is answered too, and the time it may take. */
const inRequestScope =
  (budgetMs: number): RequestHandler =>
  (request, response, next) => {
    const scope = scopeFrom(request.headers, performance.now() + budgetMs);
    response.set('x-request-id', scope.requestId);
    runInScope(scope, next);
  };
