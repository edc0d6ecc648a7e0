/** An HTTP server that says clearly when it cannot listen, and that ends without cutting off a request under way. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { ProblemError } from './problem.ts';

/** Open requests are given this long when the server stops. */
const DRAIN_MS = 3_000;

export interface HttpServer {
  readonly app: express.Express;
  readonly server: Server;
  /** Resolves with the port in use. @throws ProblemError naming the busy port and what to do */
  listen(port: number, host: string, variable: string): Promise<number>;
  stop(): Promise<void>;
}

/** `ready` answers GET /readyz: rejects while the service cannot serve. GET /healthz says that the process lives. */
export function createHttpServer(ready: () => Promise<void>): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    try {
      await ready();
      response.json({ status: 'ready' });
    } catch (error) {
      response
        .status(503)
        .json({ status: 'not ready', reason: error instanceof Error ? error.message : String(error) });
    }
  });
  const server = createServer(app);
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return {
    app,
    server,
    listen: (port, host, variable) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'EADDRINUSE') {
            reject(
              new ProblemError(`Port ${port} is in use: stop what listens there, or set ${variable} to another one.`),
            );
          } else if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
            reject(
              new ProblemError(`Cannot listen on ${host}:${port} (${error.code}): set HOST or ${variable} to others.`),
            );
          } else reject(error);
        });
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    async stop() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** The last handlers of an app: JSON for what is not found and for what went wrong, never an HTML page. */
export function answerErrorsAsJson(app: express.Express): void {
  app.use((request, response) => {
    response
      .status(404)
      .json({ errors: [{ message: `There is nothing at ${request.path}.`, extensions: { code: 'NOT_FOUND' } }] });
  });
  const onError: express.ErrorRequestHandler = (error, _request, response, _next) => {
    const status = typeof error?.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
    const message = status === 500 ? 'Something broke on our side.' : String(error.message);
    const code = status === 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
    response.status(status).json({ errors: [{ message, extensions: { code } }] });
  };
  app.use(onError);
}
