/** A client of the running system, as an app would be: queries over HTTP, subscriptions over graphql-ws. */
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { loadConfig } from '../../platform/config.ts';
import { mintToken } from '../../platform/tokens.ts';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: Record<string, unknown>;
  }[];
}

export class Api {
  readonly url: string;
  readonly #clients: Client[] = [];

  constructor(url: string) {
    this.url = url;
  }

  /** A token for the user, signed with the demo secret. */
  async token(userId: string): Promise<string> {
    const { tokens } = loadConfig({});
    if (tokens.kind !== 'secret') throw new Error('the demo signs with a secret');
    return `Bearer ${await mintToken(tokens.secret, userId)}`;
  }

  /** `userId` null: not signed in. */
  async ask(userId: string | null, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(userId !== null && { authorization: await this.token(userId) }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(15_000),
    });
    return (await response.json()) as Answer;
  }

  /** The frames of a subscription, read with `take`. Each has its own socket. */
  async watch(userId: string, query: string, variables: Record<string, unknown> = {}): Promise<Frames> {
    const Authorization = await this.token(userId);
    const client = createClient({
      url: this.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { Authorization },
    });
    this.#clients.push(client);
    return new Frames(client.iterate({ query, variables }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.dispose()));
  }
}

export class Frames {
  readonly #stream: AsyncIterableIterator<unknown>;

  constructor(stream: AsyncIterableIterator<unknown>) {
    this.#stream = stream;
  }

  /** The next frame. Rejects with the protocol's error, or when the stream ends. */
  async next(): Promise<Answer & { readonly extensions?: { readonly cursor?: string } }> {
    const { value, done } = await this.#stream.next();
    if (done) throw new Error('the stream has ended');
    return value as Answer;
  }

  async take(count: number): Promise<Answer[]> {
    const frames: Answer[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Reads on until a frame is as wanted. */
  async until(wanted: (frame: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const frame = await this.next();
      if (wanted(frame)) return frame;
    }
  }
}
