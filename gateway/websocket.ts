/**
 * GraphQL over WebSocket (the graphql-transport-ws protocol) at the same address and under the same rules as HTTP: every
 * operation passes the same gate. Sockets and what is open on them are bounded by user and by process.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Identity } from '../platform/identity.ts';
import type { TokenVerifier } from '../platform/tokens.ts';
import { AppError } from '../schema/errors.ts';
import type { EdgeContext } from './admission-plugin.ts';
import { isDeeperThan, LIMITS } from './limits.ts';
import type { LiveHub } from './live-hub.ts';
import { type InFlight, overloaded } from './load-shedding.ts';
import type { Operations } from './operations.ts';
import { clientAddress, isAllowedOrigin } from './origins.ts';
import { SocketFrames } from './socket-frames.ts';
import { SocketCounts, type SocketLimits } from './socket-limits.ts';
import { speak } from './socket-protocol.ts';
import { CLOSE, closeWith, SocketSession } from './socket-session.ts';
import { Subscriber } from './subscriber.ts';

/** When the server stops, sockets are closed so many at a time, so that their clients do not come back all at once. */
const CLOSED_AT_ONCE = 100;
const CLOSE_PAUSE_MS = 50;
const MAX_CLOSING_MS = 10_000;
/** A client is given this long to say good-bye. */
const GOOD_BYE_MS = 1_000;

export interface WebSocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: () => GraphQLSchema;
  readonly operations: () => Operations;
  readonly apollo: ApolloServer<EdgeContext>;
  readonly hub: LiveHub;
  readonly inFlight: InFlight;
  readonly verifyToken: TokenVerifier;
  readonly limits: SocketLimits;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: number;
  readonly toClientError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

export interface WebSocketEdge {
  readonly socketCount: () => number;
  /** Closes every socket with 1001, in batches where there are many, and then for good. */
  stop(): Promise<void>;
}

type Extra = { socket: WebSocket; request: IncomingMessage; session?: SocketSession };
interface OperationContext {
  readonly identity: Identity;
  readonly source: string;
  readonly session: SocketSession;
  /** Of the operation's `next` messages, where it is a subscription. */
  readonly frames: SocketFrames;
}

export function serveWebSockets(options: WebSocketOptions): WebSocketEdge {
  const { apollo, hub, inFlight, toClientError } = options;
  const counts = new SocketCounts(options.limits);
  let stopping = false;
  const wss = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: LIMITS.bodyBytes,
    perMessageDeflate: false, // costs 3 times the memory per socket
  });
  options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const { origin, host } = request.headers;
    if (request.url?.split('?', 1)[0] !== options.path) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(origin, host, options.allowedOrigins)) return refuse(socket, '403 Forbidden');
    if (stopping || wss.clients.size >= options.limits.sockets) return refuse(socket, '503 Service Unavailable');
    wss.handleUpgrade(request, socket, head, (accepted) => wss.emit('connection', accepted, request));
  });

  const asErrors = (errors: readonly unknown[]): GraphQLError[] =>
    errors.map((error) => {
      const known = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
      const { message, path, extensions } = toClientError(known.toJSON(), known);
      return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
    });

  const protocol = makeServer<Record<string, unknown>, Extra>({
    onConnect: async (context) => {
      const { socket, request } = context.extra;
      const address = clientAddress(request, options.trustedProxies);
      const session = new SocketSession(socket, address, counts, options.verifyToken);
      context.extra.session = session;
      return (await session.signIn(context.connectionParams)) || undefined;
    },
    onClose: (context) => context.extra.session?.closed(),
    onPing: async (context, payload) => {
      if (!payload) return;
      const deep = isDeeperThan(payload, LIMITS.variablesDepth);
      const answer = deep ? {} : await context.extra.session?.refresh(payload);
      if (!answer) return;
      // graphql-ws echoes a ping's payload in its pong: the token in it gives way to the answer.
      for (const name of Object.keys(payload)) delete payload[name];
      Object.assign(payload, answer);
    },
    onSubscribe: (context, id, payload) => {
      const { session } = context.extra;
      if (!session?.began(id)) {
        return asErrors([new AppError('TOO_MANY', 'You have too many operations open on your sockets.')]);
      }
      const frames = new SocketFrames(context.extra.socket, context.extra.request.socket, id);
      return admit(options, session, frames, payload, asErrors);
    },
    onComplete: (context, id) => context.extra.session?.ended(id),
    execute: async (args) => {
      const { identity, source, session } = args.contextValue as OperationContext;
      const leave = inFlight.enter();
      if (!leave) return failing(overloaded());
      try {
        const response = await apollo.executeOperation(
          {
            query: source,
            variables: args.variableValues as Record<string, unknown>,
            operationName: args.operationName ?? undefined,
          },
          { contextValue: { identity, viewer: session.viewer, admitted: true } },
        );
        return (response.body.kind === 'single' ? response.body.singleResult : { data: null }) as ExecutionResult;
      } finally {
        leave();
      }
    },
    subscribe: async (args) => {
      const { identity, source, session, frames } = args.contextValue as OperationContext;
      try {
        const stream = await hub.subscribe({
          source,
          document: args.document,
          operationName: args.operationName ?? undefined,
          variables: (args.variableValues ?? {}) as Record<string, unknown>,
          identity,
          offer: (frame) => frames.offer(frame),
          onOverflow: (error) => closeWith(session.socket, CLOSE.slowConsumer, error.message),
        });
        return frames.drain(stream);
      } catch (error) {
        return failing(error);
      }
    },
    onNext: (_context, _id, _payload, _args, result) => {
      if (!result.errors) return undefined;
      return { ...result, errors: asErrors(result.errors).map((error) => error.toJSON()) } as never;
    },
    onError: (context, id, _payload, errors) => {
      context.extra.session?.ended(id);
      const shown = asErrors(errors);
      const slow = shown.find((error) => error.extensions['code'] === 'SLOW_CONSUMER');
      if (slow) closeWith(context.extra.socket, CLOSE.slowConsumer, slow.message);
      return shown.map((error) => error.toJSON());
    },
  });
  wss.on('connection', (socket, request) =>
    speak(protocol, socket, request, options.limits.pingMs, (error) => void toClientError({ message: '' }, error)),
  );
  return {
    socketCount: () => wss.clients.size,
    async stop() {
      stopping = true;
      await closeInBatches(wss);
      await new Promise((resolve) => wss.close(resolve));
    },
  };
}

/** Asks the gate. @returns what graphql-ws executes, or the errors it sends */
function admit(
  { operations, schema }: WebSocketOptions,
  session: SocketSession,
  frames: SocketFrames,
  payload: SubscribePayload,
  asErrors: (errors: readonly unknown[]) => GraphQLError[],
) {
  const { identity, viewer } = session;
  const { operationName, extensions } = payload;
  const variables = payload.variables ?? {};
  try {
    const source = operations().sourceOf(payload.query, extensions);
    const admitted = operations().admit({ source, operationName, variables, identity, viewer });
    if (!('operation' in admitted)) return asErrors(admitted);
    const contextValue: OperationContext = { identity, source, session, frames };
    const { document } = admitted;
    return { schema: schema(), document, operationName, variableValues: variables, contextValue };
  } catch (error) {
    return asErrors([error]);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function closeInBatches(wss: WebSocketServer): Promise<void> {
  const sockets = [...wss.clients].map((socket) => ({ socket, order: Math.random() }));
  sockets.sort((a, b) => a.order - b.order);
  const batches = Math.ceil(sockets.length / CLOSED_AT_ONCE);
  const pauseMs = Math.min(CLOSE_PAUSE_MS, MAX_CLOSING_MS / Math.max(batches, 1));
  for (let batch = 0; batch < batches; batch += 1) {
    if (batch > 0) await pause(pauseMs * (0.5 + Math.random()));
    for (const { socket } of sockets.slice(batch * CLOSED_AT_ONCE, (batch + 1) * CLOSED_AT_ONCE)) {
      closeWith(socket, CLOSE.goingAway, 'The server stops: connect again.');
    }
  }
  const deadline = Date.now() + GOOD_BYE_MS;
  while (wss.clients.size > 0 && Date.now() < deadline) await pause(10);
  for (const socket of wss.clients) socket.terminate();
}

/** graphql-ws sends what a stream throws as the protocol's `error`; what subscribing throws would close the socket. */
function failing(error: unknown): AsyncGenerator<ExecutionResult, undefined, undefined> {
  const stream = new Subscriber({ durable: false, after: null, onEnd: () => undefined });
  stream.fail(error);
  return stream as unknown as AsyncGenerator<ExecutionResult, undefined, undefined>;
}
