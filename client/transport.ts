/**
 * The wire under the library: one socket for queries, mutations and the subscription. Does not reconnect by itself: who uses it
 * knows after which revision to go on. A request or subscription made without a connection makes one.
 */
import { type Client, createClient } from 'graphql-ws';
import type { Operation } from './operations.ts';
import { type RawSocketClass, racingSocket } from './racing-socket.ts';
import { systemTimers } from './timers.ts';

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
  /** `signal`: nobody waits any more, so what was not sent yet is not sent. @throws RequestError, ConnectionLostError */
  request(operation: Operation, variables: Variables, signal?: AbortSignal): Promise<Data>;
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
/** From an open socket to the protocol's hello. */
export const HELLO_WITHIN_MS = 3_000;
/** How long a socket that nothing uses is kept, so that joining and then following take one. */
const IDLE_CLOSE_MS = 250;

interface Errorlike {
  readonly message?: string;
  readonly extensions?: { readonly code?: unknown };
  readonly code?: unknown;
}

/** Over the graphql-transport-ws protocol, by the graphql-ws package. */
export function socketTransport({ url, authorization, webSocketImpl }: SocketOptions): RoomTransport {
  let socket: { terminate(): void } | null = null;
  let isOpen = false;
  let inUse = 0;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const drop = (): void => {
    clearTimeout(deadline);
    isOpen = false;
    client.terminate();
    socket?.terminate();
    socket = null;
  };
  const within = (ms: number): void => {
    clearTimeout(deadline);
    deadline = setTimeout(drop, ms);
  };
  const inTime = (): void => clearTimeout(deadline);
  const lost = (): void => {
    isOpen = false;
    inTime();
  };
  const client: Client = createClient({
    url,
    webSocketImpl: racingSocket((webSocketImpl ?? globalThis.WebSocket) as RawSocketClass, {
      timers: systemTimers,
      random: Math.random,
      overlaps: webSocketImpl !== undefined,
      onMade: (made) => {
        socket = made;
      },
    }),
    retryAttempts: 0,
    lazyCloseTimeout: IDLE_CLOSE_MS,
    connectionParams: async () => ({ Authorization: await authorization() }),
    keepAlive: PING_EVERY_MS,
    on: {
      opened: () => {
        isOpen = true;
        within(HELLO_WITHIN_MS);
      },
      connected: inTime,
      ping: (received) => received || within(PONG_WITHIN_MS),
      pong: (received) => received && inTime(),
      closed: lost,
      error: lost,
    },
  });
  const stream = ({ name, document }: Operation, variables: Variables, sink: StreamSink): (() => void) => {
    let over = false;
    /** graphql-ws counts an operation that ended by an error as open until it is stopped, and would keep its socket for it. */
    const finish = (): void => {
      if (over) return;
      over = true;
      stop();
      inUse -= 1;
      if (inUse === 0 && !isOpen) drop(); // nobody wants the connection that is being made
    };
    const end = (error: RequestError | ConnectionLostError | null): void => {
      if (over) return;
      finish();
      sink.end(error);
    };
    inUse += 1;
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
    return finish;
  };
  return {
    request: (operation, variables, signal) =>
      new Promise((resolve, reject) => {
        const end = (error: Error | null): void => reject(error ?? new ConnectionLostError('There was no answer.'));
        const stop = stream(operation, variables, { next: resolve, end });
        signal?.addEventListener('abort', stop);
      }),
    subscribe: stream,
    drop,
    close: async () => {
      // Where it ends with an error instead, that is nobody's any more.
      if (isOpen) await client.dispose()?.then(undefined, () => undefined);
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
