/** An HTTP server that says clearly when it cannot listen, and that ends without cutting off a request under way. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
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
export function createHttpServer(
  ready: () => Promise<void>,
  { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000 } = {},
): HttpServer {
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
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(2_000, headersTimeoutMs), // how often slow senders are looked for
      keepAliveTimeout: 65_000, // longer than load balancers keep theirs, so that they never use one just closed
      maxHeaderSize: 16_384,
    },
    app,
  );
  server.on('clientError', answerClientError);
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

/** What is not even HTTP, or comes too slowly, is answered in JSON like everything else. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, message] = CLIENT_ERRORS[error.code ?? ''] ?? ['400 Bad Request', 'This is not an HTTP request.'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
};

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
