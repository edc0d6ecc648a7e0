/**
 * The gateway: Apollo's gateway and server for queries and mutations, the live hub for subscriptions, both at one address and
 * behind one gate. It serves any supergraph it is given. What it must not do: know a field by name, or read a store.
 */

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type RequestHandler } from 'express';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry, register } from 'prom-client';
import { toClientError } from '../platform/client-errors.ts';
import { answerErrorsAsJson, createHttpServer } from '../platform/http-server.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import { systemClock } from '../platform/ports/clock.ts';
import type { EventLog } from '../platform/ports/event-log.ts';
import type { TokenVerifier } from '../platform/tokens.ts';
import { AppError } from '../schema/errors.ts';
import { admissionPlugin, type EdgeContext, persistedQueries } from './admission-plugin.ts';
import { QueryExecutor } from './executor/query-executor.ts';
import { readFieldPolicy } from './field-policy.ts';
import { readKeyFields } from './key-aliases.ts';
import { LIMITS, type Limits } from './limits.ts';
import { LiveHub } from './live-hub.ts';
import type { DataSources } from './live-plan.ts';
import { InFlight, shedLoad } from './load-shedding.ts';
import { CostModel } from './operation-cost.ts';
import { Operations } from './operations.ts';
import { clientAddress, cors } from './origins.ts';
import { RateLimiter, type RateOptions } from './rate-limits.ts';
import { SOCKET_LIMITS, type SocketLimits } from './socket-limits.ts';
import { readSupergraph } from './supergraph.ts';
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
  maxRequests: 1_000,
  sockets: SOCKET_LIMITS,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
};

/** Answers a query as nobody signed in. */
export type Ask = (query: string) => Promise<ExecutionResult>;

export interface Gateway {
  listen(port: number, host: string): Promise<number>;
  /** Not ready, sockets closed, requests under way answered, then the end. */
  stop(): Promise<void>;
}

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, sources, verifyToken, introspection } = options;
  const edge: EdgeOptions = { ...EDGE, ...options.edge };
  const quiet = {
    debug() {},
    info() {},
    warn: (message: string) => logger.warn(message),
    error: (message: string) => logger.error(message),
  };
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true'; // read by its constructor, which would otherwise report usage to Apollo
  const policy = readFieldPolicy(options.supergraphSdl);
  const apolloGateway = new ApolloGateway({
    supergraphSdl: policy.sdl,
    // A subgraph without a server, such as that of the events, is never asked: the hub answers for it.
    buildService: ({ name }) =>
      sources[name] ?? {
        process: () => Promise.reject(new AppError('UNAVAILABLE', `The ${name} subgraph has no address.`)),
      },
    logger: quiet,
  });
  const model = readSupergraph(policy.sdl);
  // Apollo's gateway loads and checks the supergraph; its plans are run by our own executor, with the same answers.
  const executor = new QueryExecutor(model, sources);
  apolloGateway.executor = async ({ request, document, queryHash, context }) =>
    (await executor.execute({
      key: queryHash,
      document,
      operationName: request.operationName,
      variables: request.variables ?? {},
      context,
    })) as Awaited<ReturnType<ApolloGateway['executor']>>;
  const operations = new Operations({
    schema: model.apiSchema,
    limits: edge.limits,
    introspection,
    policy,
    keys: readKeyFields(policy.sdl),
    cost: new CostModel(model.apiSchema, policy.sdl),
    trusted: edge.trusted,
    rates: edge.rates && new RateLimiter(edge.rates, systemClock),
  });
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
    plugins: [admissionPlugin(() => operations, formatError), ApolloServerPluginLandingPageDisabled()],
    formatError,
    logger: quiet,
  });
  await apollo.start();

  const hub = new LiveHub(model, options.log, sources, logger);
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
    schema: () => model.apiSchema,
    operations: () => operations,
    apollo,
    hub,
    inFlight: new InFlight(edge.maxRequests),
    verifyToken,
    limits: edge.sockets,
    allowedOrigins: edge.allowedOrigins,
    trustedProxies: edge.trustedProxies,
    toClientError: formatError,
  });

  http.app.get('/metrics', metrics({ sockets: sockets.socketCount, streams: () => hub.streamCount }));
  const ask: Ask = async (query) => {
    const contextValue = { identity: ANONYMOUS, viewer: null, admitted: false };
    const { body } = await apollo.executeOperation({ query }, { contextValue });
    return body.kind === 'single' ? (body.singleResult as ExecutionResult) : {};
  };
  if (options.explorer) http.app.use(options.explorer(ask));
  http.app.use(
    GRAPHQL_PATH,
    cors(edge.allowedOrigins),
    shedLoad(new InFlight(edge.maxRequests)),
    express.json({ limit: edge.limits.bodyBytes }),
    expressMiddleware(apollo, {
      context: async ({ req }) => {
        const identity = await identify(verifyToken, req.headers.authorization);
        const viewer =
          identity.userId === null ? `address ${clientAddress(req, edge.trustedProxies)}` : `user ${identity.userId}`;
        return { identity, viewer, admitted: false };
      },
    }),
  );
  answerErrorsAsJson(http.app);
  return {
    listen: (port, host) => http.listen(port, host, 'PORT'),
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

function metrics(counts: Readonly<Record<'sockets' | 'streams', () => number>>): express.RequestHandler {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'gateway_sockets',
    help: 'Open WebSockets',
    registers: [registry],
    collect() {
      this.set(counts.sockets());
    },
  });
  new Gauge({
    name: 'gateway_streams',
    help: 'Streams of events with at least one subscriber',
    registers: [registry],
    collect() {
      this.set(counts.streams());
    },
  });
  return async (_request, response) => {
    response.type(registry.contentType).send(await Registry.merge([registry, register]).metrics());
  };
}
