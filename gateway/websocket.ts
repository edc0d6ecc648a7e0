/**
 * GraphQL over WebSocket (the graphql-transport-ws protocol) at the same address and under the same rules as HTTP.
 * A frame for many sockets is serialized once: graphql-ws is given a marker in its place, which the socket swaps for the bytes.
 */
import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { TokenVerifier } from '../platform/tokens.ts';
import { AppError } from '../schema/errors.ts';
import type { LiveHub } from './live-hub.ts';
import { Frame, Subscriber } from './subscriber.ts';

/** Largest message a client may send. */
const MAX_MESSAGE_BYTES = 100_000;
/** Validated operations kept, so that a thousand equal subscriptions are parsed once. */
const MAX_DOCUMENTS = 1_000;
/** Private close codes, beside those of the protocol: both say "come back". */
const SLOW_CONSUMER = 4410;
const GOING_AWAY = 1001;

export interface WebSocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly apollo: ApolloServer<{ identity: Identity }>;
  readonly hub: LiveHub;
  readonly verifyToken: TokenVerifier;
  readonly introspection: boolean;
  readonly toClientError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

interface Session {
  readonly socket: WebSocket;
  identity?: Identity;
  expiry?: NodeJS.Timeout;
}

export interface WebSocketEdge {
  readonly socketCount: () => number;
  stop(): Promise<void>;
}

export function serveWebSockets(options: WebSocketOptions): WebSocketEdge {
  const { apollo, hub, toClientError } = options;
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false, // costs 3 times the memory per socket
  });
  options.server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?', 1)[0] === options.path) {
      wss.handleUpgrade(request, socket, head, (accepted) => wss.emit('connection', accepted, request));
    } else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  wss.on('connection', swapMarkers);
  const documents = new Map<string, DocumentNode>();
  const rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  const readDocument = (source: string): DocumentNode | readonly GraphQLError[] => {
    const known = documents.get(source);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: 2_000 });
    } catch (error) {
      return [error as GraphQLError];
    }
    const faults = validate(options.schema, document, rules);
    if (faults.length > 0) return faults;
    if (documents.size >= MAX_DOCUMENTS) documents.delete(documents.keys().next().value as string);
    documents.set(source, document);
    return document;
  };

  const asErrors = (errors: readonly unknown[]): GraphQLError[] =>
    errors.map((error) => {
      const graphqlError =
        error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
      const { message, ...rest } = toClientError(graphqlError.toJSON(), graphqlError);
      return new GraphQLError(message, { path: rest.path ?? null, extensions: rest.extensions ?? null });
    });

  const handle = useServer<Record<string, unknown>, { socket: WebSocket } & Partial<Session>>(
    {
      onConnect: async (context) => {
        const session = context.extra as Session;
        const authorization =
          context.connectionParams?.['Authorization'] ?? context.connectionParams?.['authorization'];
        if (authorization === undefined || authorization === null || authorization === '') {
          session.identity = ANONYMOUS;
          return true;
        }
        try {
          const { identity, expiresAt } = await options.verifyToken(String(authorization));
          session.identity = identity;
          if (expiresAt !== null) session.expiry = closeAt(session.socket, expiresAt);
          return true;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          session.socket.close(4403, error.message.slice(0, 120));
          return undefined;
        }
      },
      onClose: (context) => clearTimeout((context.extra as Session).expiry),
      onSubscribe: (context, _id, payload) => {
        const document = readDocument(payload.query);
        if (Array.isArray(document)) return asErrors(document);
        return {
          schema: options.schema,
          document: document as DocumentNode,
          operationName: payload.operationName ?? undefined,
          variableValues: payload.variables ?? {},
          contextValue: { identity: (context.extra as Session).identity ?? ANONYMOUS, source: payload.query },
        };
      },
      execute: async (args) => {
        const { identity, source } = args.contextValue as { identity: Identity; source: string };
        const response = await apollo.executeOperation(
          {
            query: source,
            variables: args.variableValues as Record<string, unknown>,
            operationName: args.operationName ?? undefined,
          },
          { contextValue: { identity } },
        );
        return (response.body.kind === 'single' ? response.body.singleResult : { data: null }) as ExecutionResult;
      },
      subscribe: async (args) => {
        const { identity, source } = args.contextValue as { identity: Identity; source: string };
        try {
          const variables = (args.variableValues ?? {}) as Record<string, unknown>;
          const { document, operationName } = args;
          return (await hub.subscribe({
            source,
            document,
            operationName: operationName ?? undefined,
            variables,
            identity,
          })) as unknown as AsyncGenerator<ExecutionResult>;
        } catch (error) {
          return failing(error);
        }
      },
      onNext: (_context, _id, _payload, _args, result) => {
        if (result instanceof Frame) return new Marked(result) as never;
        if (!result.errors) return undefined;
        return { ...result, errors: asErrors(result.errors).map((error) => error.toJSON()) } as never;
      },
      onError: (context, _id, _payload, errors) => {
        const shown = asErrors(errors);
        const slow = shown.find((error) => error.extensions['code'] === 'SLOW_CONSUMER');
        if (slow) (context.extra as Session).socket.close(SLOW_CONSUMER, slow.message.slice(0, 120));
        return shown.map((error) => error.toJSON());
      },
    },
    wss,
  );
  return {
    socketCount: () => wss.clients.size,
    async stop() {
      for (const socket of wss.clients) socket.close(GOING_AWAY, 'The server stops: connect again.');
      await handle.dispose();
    },
  };

  /** Stands for a frame in a message, and is swapped for its bytes as the message is sent. */
  function swapMarkers(socket: WebSocket): void {
    const send = socket.send.bind(socket) as (data: string, done?: (error?: Error) => void) => void;
    socket.send = ((data: string, done?: (error?: Error) => void) => {
      const at = data.lastIndexOf(MARKER);
      const frame = at < 0 ? undefined : Marked.take();
      send(frame ? data.slice(0, at) + frame.json + data.slice(at + MARKER.length) : data, done);
    }) as WebSocket['send'];
  }
}

/** graphql-ws sends what a stream throws as the protocol's `error`; what subscribing throws would close the socket. */
function failing(error: unknown): AsyncGenerator<ExecutionResult, undefined, undefined> {
  const stream = new Subscriber({ durable: false, after: null, onEnd: () => undefined });
  stream.fail(error);
  return stream as unknown as AsyncGenerator<ExecutionResult, undefined, undefined>;
}

function closeAt(socket: WebSocket, expiresAtMs: number): NodeJS.Timeout | undefined {
  const ms = expiresAtMs - Date.now();
  if (ms > 2 ** 31 - 1) return undefined; // longer than a timer can wait, and than a socket lives
  return setTimeout(() => socket.close(4403, 'The token has expired: connect again with a new one.'), Math.max(ms, 0));
}

const MARK = '\u0001frame';
const MARKER = JSON.stringify(MARK);

/** graphql-ws stringifies a message and sends it in the same turn, so the frame last marked is the one being sent. */
class Marked {
  static #current: Frame | undefined;
  readonly #frame: Frame;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  toJSON(): string {
    Marked.#current = this.#frame;
    return MARK;
  }

  static take(): Frame | undefined {
    const frame = Marked.#current;
    Marked.#current = undefined;
    return frame;
  }
}
