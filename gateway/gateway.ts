/**
 * The gateway: Apollo's gateway and server for queries and mutations, the live hub for subscriptions, both at one address.
 * It serves any supergraph it is given. What it must not do: know a field by name, or read a store.
 */

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type RequestHandler } from 'express';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { toClientError } from '../platform/client-errors.ts';
import { answerErrorsAsJson, createHttpServer } from '../platform/http-server.ts';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { EventLog } from '../platform/ports/event-log.ts';
import type { TokenVerifier } from '../platform/tokens.ts';
import { AppError } from '../schema/errors.ts';
import { LiveHub } from './live-hub.ts';
import type { DataSources } from './live-plan.ts';
import { readSupergraph } from './supergraph.ts';
import { serveWebSockets } from './websocket.ts';

export const GRAPHQL_PATH = '/graphql';
const MAX_BODY = '100kb';

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
}

/** Answers a query as nobody signed in. */
export type Ask = (query: string) => Promise<ExecutionResult>;

export interface Gateway {
  listen(port: number, host: string): Promise<number>;
  stop(): Promise<void>;
}

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, sources, verifyToken } = options;
  const quiet = {
    debug() {},
    info() {},
    warn: (message: string) => logger.warn(message),
    error: (message: string) => logger.error(message),
  };
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true'; // read by its constructor, which would otherwise report usage to Apollo
  const apolloGateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    // A subgraph without a server, such as that of the events, is never asked: the hub answers for it.
    buildService: ({ name }) =>
      sources[name] ?? {
        process: () => Promise.reject(new AppError('UNAVAILABLE', `The ${name} subgraph has no address.`)),
      },
    logger: quiet,
  });
  const formatError = (formatted: Parameters<typeof toClientError>[0], error: unknown) =>
    toClientError(formatted, error, logger);
  const apollo = new ApolloServer<{ identity: Identity }>({
    gateway: apolloGateway,
    introspection: options.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    formatError,
    logger: quiet,
  });
  await apollo.start();

  const model = readSupergraph(options.supergraphSdl);
  const hub = new LiveHub(model, options.log, sources, logger);
  const http = createHttpServer(async () => undefined);
  const edge = serveWebSockets({
    server: http.server,
    path: GRAPHQL_PATH,
    schema: model.apiSchema,
    apollo,
    hub,
    verifyToken,
    introspection: options.introspection,
    toClientError: formatError,
  });

  http.app.get('/metrics', metrics({ sockets: edge.socketCount, streams: () => hub.streamCount }));
  const ask: Ask = async (query) => {
    const { body } = await apollo.executeOperation({ query }, { contextValue: { identity: ANONYMOUS } });
    return body.kind === 'single' ? (body.singleResult as ExecutionResult) : {};
  };
  if (options.explorer) http.app.use(options.explorer(ask));
  http.app.use(
    GRAPHQL_PATH,
    express.json({ limit: MAX_BODY }),
    expressMiddleware(apollo, {
      context: async ({ req }) => ({ identity: await identify(verifyToken, req.headers.authorization) }),
    }),
  );
  answerErrorsAsJson(http.app);
  return {
    listen: (port, host) => http.listen(port, host, 'PORT'),
    async stop() {
      await edge.stop();
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
    throw new GraphQLError(error.message, { extensions: { code: error.code, http: { status: 401 } } });
  }
}

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
    response.type(registry.contentType).send(await registry.metrics());
  };
}
