/** Serves one subgraph over HTTP to the gateway, and to nobody else: a call that the gateway did not sign gets 401. */
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { toClientError } from './client-errors.ts';
import type { Config } from './config.ts';
import { answerErrorsAsJson, createHttpServer } from './http-server.ts';
import type { Identity } from './identity.ts';
import { SignatureVerifier } from './request-signature.ts';
import type { Stop } from './run-main.ts';
import type { Ports, Subgraph } from './subgraph.ts';

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
  const port = await http.listen(listen.port, config.host, listen.variable);
  await subgraph.start();
  http.app.post(
    '/graphql',
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
    expressMiddleware(apollo, {
      context: async ({ req }) => subgraph.createContext((req as SignedRequest).identity as Identity),
    }),
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
    const server = await serveSubgraph(create(ports), ports, config, listen);
    return async () => {
      await server.stop();
      await ports.close();
    };
  } catch (error) {
    await ports.close();
    throw error;
  }
}
