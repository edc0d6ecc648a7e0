/** One POST to a subgraph over pooled connections: bounded in time and in the size of the answer. */
import { Pool as Connections, type Dispatcher } from 'undici';

/** A subgraph's answer is cut off past this. */
const MAX_ANSWER_BYTES = 10_000_000;
const IDLE_MS = 60_000;

/** Kept-alive connections to one subgraph. */
export interface Pool {
  /** Rejects where there is no answer, it is too long, or the time is over. */
  post(headers: Readonly<Record<string, string>>, body: string, timeoutMs: number): Promise<Answer>;
  /** Ends the connections. */
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export function openPool(url: URL, maxConnections: number): Pool {
  const connections = new Connections(url.origin, {
    connections: maxConnections,
    keepAliveTimeout: IDLE_MS,
    headersTimeout: 0, // each call has a time of its own
    bodyTimeout: 0,
  });
  const path = url.pathname + url.search;
  return {
    post: (headers, body, timeoutMs) =>
      new Promise((resolve, reject) => {
        const call = new Call(resolve, reject, timeoutMs);
        const sent = {
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        } as const;
        connections.dispatch(sent, call);
      }),
    close: () => void connections.destroy(),
  };
}

class Call implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #failure: Error | null = null;
  #status = 0;
  #sizeBytes = 0;

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void, timeoutMs: number) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#fail(new TimedOut(timeoutMs)), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure); // over while it waited for a connection
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > MAX_ANSWER_BYTES) this.#fail(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    this.#resolve({ status: this.#status, body: Buffer.concat(this.#chunks, this.#sizeBytes).toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** The first failure counts; nobody waits for the connection to be closed. */
  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    clearTimeout(this.#timer);
    this.#reject(error);
    this.#controller?.abort(error);
  }
}

/** The time is over: trying again is of no use. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor(timeoutMs: number) {
    super(`no answer in ${Math.round(timeoutMs)} ms`);
  }
}
