/** Serves one subgraph over HTTP to the gateway, and to nobody else: a call that the gateway did not sign gets 401. */
import { ApolloServer } from '@apollo/server';
import express from 'express';
import { serveApollo } from './apollo-http.ts';
import { toClientError } from './client-errors.ts';
import type { Config } from './config.ts';
import { beforeDeadline, stopWhenOver } from './deadline.ts';
import { answerErrorsAsJson, createHttpServer } from './http-server.ts';
import type { Identity } from './identity.ts';
import { metricsPage, observeHttp } from './metrics.ts';
import { scopeFrom } from './request-scope.ts';
import { budgetOf, SignatureVerifier } from './request-signature.ts';
import type { Stop } from './run-main.ts';
import type { Ports, Subgraph } from './subgraph.ts';
import { inSpan, startTracing } from './tracing.ts';

const MAX_BODY_BYTES = 2_000_000;

type SignedRequest = express.Request & { identity?: Identity };

export interface SubgraphServer {
  readonly port: number;
  readonly stop: Stop;
}

/** Starts the subgraph and listens. @throws ProblemError for a busy port */
export async function serveSubgraph(
  subgraph: Subgraph,
  ports: Ports,
  config: Config,
  listen: { readonly port: number; readonly variable: string },
): Promise<SubgraphServer> {
  const { logger } = ports;
  stopWhenOver(subgraph.schema);
  const verifier = new SignatureVerifier(config.subgraphSecret.reveal());
  const http = createHttpServer(() => ports.store.ping());
  const apollo = new ApolloServer<object>({
    schema: subgraph.schema,
    introspection: true, // behind the signature
    csrfPrevention: false, // likewise: no browser can sign
    formatError: (formatted, error) => toClientError(formatted, error, logger),
    stopOnTerminationSignals: false,
    logger: { debug() {}, info() {}, warn: (m) => logger.warn(m), error: (m) => logger.error(m) },
  });
  await apollo.start();
  const answer = serveApollo(apollo, async (request: SignedRequest) =>
    subgraph.createContext(request.identity as Identity),
  );
  const port = await http.listen(listen.port, config.host, listen.variable);
  await subgraph.start();
  http.app.get('/metrics', metricsPage());
  http.app.post(
    '/graphql',
    observeHttp,
    express.raw({ type: () => true, limit: MAX_BODY_BYTES }),
    (request: SignedRequest, response, next) => {
      const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signed = { method: request.method, path: request.originalUrl, body };
      const identity = verifier.verify(signed, request.headers, ports.clock.now());
      if (!identity) {
        response.status(401).json({
          errors: [{ message: 'Only the gateway may call a subgraph.', extensions: { code: 'UNAUTHENTICATED' } }],
        });
        return;
      }
      request.identity = identity;
      request.body = JSON.parse(body.toString('utf8'));
      next();
    },
    (request: SignedRequest, response, next) => {
      const leftMs = budgetOf(request.headers);
      const scope = scopeFrom(request.headers, performance.now() + leftMs);
      const work = () => beforeDeadline(() => Promise.resolve(answer(request, response, next)), leftMs);
      inSpan({ name: `answer as ${subgraph.name}`, kind: 'server' }, work, { scope }).catch((error: unknown) => {
        logger.warn({ err: error, requestId: scope.requestId }, 'a request was not answered in time');
        if (response.headersSent) return;
        const { message, extensions } = toClientError({ message: '' }, error, logger);
        response.status(503).json({ errors: [{ message, extensions }] });
      });
    },
  );
  answerErrorsAsJson(http.app);
  logger.info({ port }, `${subgraph.name} subgraph is ready`);
  return {
    port,
    async stop() {
      await http.stop();
      await apollo.stop();
      await subgraph.stop();
    },
  };
}

/** The life of a subgraph process. */
export async function runSubgraph(
  create: (ports: Ports) => Subgraph,
  ports: Ports & { close(): Promise<void> },
  config: Config,
  listen: { readonly port: number; readonly variable: string },
): Promise<Stop> {
  try {
    const subgraph = create(ports);
    const server = await serveSubgraph(subgraph, ports, config, listen);
    const stopTracing = startTracing(config.traces, subgraph.name, ports.logger);
    return async () => {
      await server.stop();
      await ports.close();
      await stopTracing();
    };
  } catch (error) {
    await ports.close();
    throw error;
  }
}
