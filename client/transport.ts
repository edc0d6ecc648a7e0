/**
 * The wire under the library: one socket for queries, mutations and the subscription. Does not reconnect by itself: who uses it
 * knows after which revision to go on. A request or subscription made without a connection makes one.
 */
import { type Client, createClient } from 'graphql-ws';
import type { Operation } from './operations.ts';

export type Variables = Readonly<Record<string, unknown>>;
export type Data = Readonly<Record<string, unknown>>;

/** The server answered, and it was an error. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** `extensions.code` of the first error. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** No answer: whether the request was carried out is not known. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  /** WebSocket close code; null where there was none. */
  readonly closeCode: number | null;

  constructor(message: string, closeCode: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.closeCode = closeCode;
  }
}

export interface StreamSink {
  next(data: Data): void;
  /** The stream is over: RequestError or ConnectionLostError; null: the server ended it. */
  end(error: RequestError | ConnectionLostError | null): void;
}

export interface RoomTransport {
  /** @throws RequestError, ConnectionLostError */
  request(operation: Operation, variables: Variables): Promise<Data>;
  /** @returns how to end it; `end` is not called after that */
  subscribe(operation: Operation, variables: Variables, sink: StreamSink): () => void;
  /** Drops the socket, so that everything on it ends with ConnectionLostError: for a socket that seems dead. */
  drop(): void;
  close(): Promise<void>;
}

export interface SocketOptions {
  /** `ws://` or `wss://` address of the GraphQL endpoint. */
  readonly url: string;
  /** Asked at every connect, so that a new token can be given: `Bearer …`. */
  readonly authorization: () => string | Promise<string>;
  /** In Node: the `ws` package's class. In a browser: leave out. */
  readonly webSocketImpl?: unknown;
}

/** A dead socket is noticed after 4 to 8 s. */
export const PING_EVERY_MS = 4_000;
export const PONG_WITHIN_MS = 4_000;
/** From nothing to the protocol's hello. */
export const CONNECT_WITHIN_MS = 3_000;
/** How long a socket that nothing uses is kept, so that joining and then following take one. */
const IDLE_CLOSE_MS = 250;

interface Errorlike {
  readonly message?: string;
  readonly extensions?: { readonly code?: unknown };
  readonly code?: unknown;
}

/** What a browser's WebSocket and the `ws` package's have in common. */
interface Socket {
  addEventListener(type: 'error' | 'close', listener: () => void): void;
  close(): void;
  /** `ws` only: without waiting for the other side, which may be gone. */
  terminate?(): void;
}
type SocketClass = new (url: string, protocols?: string | string[]) => Socket;

/** The same class, whose sockets are known by `open` until they are closed, and whose errors are nobody's crash. */
function watched(Base: SocketClass, open: Set<Socket>): SocketClass {
  return class extends Base {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols);
      open.add(this);
      this.addEventListener('close', () => open.delete(this));
      this.addEventListener('error', () => undefined); // graphql-ws stops listening to a socket that it gives up
    }
  };
}

/** Over the graphql-transport-ws protocol, by the graphql-ws package. */
export function socketTransport({ url, authorization, webSocketImpl }: SocketOptions): RoomTransport {
  const sockets = new Set<Socket>();
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const drop = (): void => {
    clearTimeout(deadline);
    client.terminate();
    for (const socket of sockets) socket.terminate ? socket.terminate() : socket.close();
  };
  const within = (ms: number): void => {
    clearTimeout(deadline);
    deadline = setTimeout(drop, ms);
  };
  const inTime = (): void => clearTimeout(deadline);
  const client: Client = createClient({
    url,
    webSocketImpl: watched((webSocketImpl ?? globalThis.WebSocket) as SocketClass, sockets),
    retryAttempts: 0,
    lazyCloseTimeout: IDLE_CLOSE_MS,
    connectionParams: async () => ({ Authorization: await authorization() }),
    keepAlive: PING_EVERY_MS,
    on: {
      connecting: () => within(CONNECT_WITHIN_MS),
      connected: inTime,
      ping: (received) => received || within(PONG_WITHIN_MS),
      pong: (received) => received && inTime(),
      closed: inTime,
    },
  });
  const stream = ({ name, document }: Operation, variables: Variables, sink: StreamSink): (() => void) => {
    let over = false;
    const end = (error: RequestError | ConnectionLostError | null): void => {
      if (!over) sink.end(error);
      over = true;
    };
    const stop = client.subscribe<Data>(
      { query: document, variables: { ...variables }, operationName: name },
      {
        next: ({ data, errors }) => {
          if (over) return;
          if (data) sink.next(data);
          else end(toError(errors));
        },
        error: (error) => end(toError(error)),
        complete: () => end(null),
      },
    );
    return () => {
      over = true;
      stop();
    };
  };
  return {
    request: (operation, variables) =>
      new Promise((resolve, reject) => {
        const end = (error: Error | null): void => reject(error ?? new ConnectionLostError('There was no answer.'));
        stream(operation, variables, { next: resolve, end });
      }),
    subscribe: stream,
    drop,
    close: async () => {
      // While it still connects it ends with an error, which is nobody's any more.
      await client.dispose()?.then(undefined, () => undefined);
      drop();
    },
  };
}

/** GraphQL errors come as a list; all else is the socket's: a close event, or why it could not be opened. */
function toError(error: unknown): RequestError | ConnectionLostError {
  if (Array.isArray(error)) {
    const { message = '', extensions } = (error[0] ?? {}) as Errorlike;
    return new RequestError(String(extensions?.code ?? 'INTERNAL_SERVER_ERROR'), message);
  }
  const { code } = (error ?? {}) as Errorlike;
  return new ConnectionLostError('The connection is gone.', typeof code === 'number' ? code : null, { cause: error });
}
