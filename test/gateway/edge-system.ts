/**
 * A small federated system for tests of the gateway's edge: shelves of books, some of which are not for everybody. Every request
 * can be made over either transport and comes back in one shape, so that a test says once what must hold on both.
 */

import { once } from 'node:events';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { pino } from 'pino';
import WebSocket from 'ws';
import { InProcessDataSource } from '../../gateway/data-sources.ts';
import { createGateway, type EdgeOptions, type Gateway } from '../../gateway/gateway.ts';
import { loadConfig, Secret } from '../../platform/config.ts';
import type { Identity } from '../../platform/identity.ts';
import { createTokenVerifier, mintToken } from '../../platform/tokens.ts';
import { openTestPorts, type TestPorts } from '../support/ports.ts';

const LINK = `@link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@composeDirective", "@authenticated", "@requiresScopes", "@cost", "@listSize", "@inaccessible"])`;
export const SHELVES = `
  extend schema ${LINK}
  type Query {
    shelf(id: ID!): Shelf
    shelves(first: Int! = 10): [Shelf!]!
    books(first: Int, after: String): BookConnection!
    feed(count: Int): [Book!]! @listSize(slicingArguments: ["count"], assumedSize: 100)
    dear: Book @cost(weight: 6000)
    node(id: ID!): Node
    secrets: Secrets
    mine: String @authenticated
    audit: [String!]! @requiresScopes(scopes: [["admin"], ["auditor", "read"]])
    echo(text: String, colour: Colour): String
    slow: String
    fail: String
  }
  type Mutation { add(title: String!): Boolean! shout(text: String!): Boolean! }
  enum Colour { RED GREEN }
  interface Node { id: ID! }
  type Shelf implements Node @key(fields: "id") { id: ID! name: String! books(first: Int! = 10): [Book!]! }
  type Book implements Node { id: ID! title: String! tags: [String!]! shelf: Shelf! notes: String @authenticated }
  type Diary implements Node @authenticated { id: ID! text: String! }
  type Secrets @requiresScopes(scopes: [["admin"]]) { word: String! }
  type BookConnection { edges: [BookEdge!]! totalCount: Int! }
  type BookEdge { cursor: String! node: Book! }
`;
const EVENTS = `
  extend schema ${LINK}
    @link(url: "https://firetv-backend.dev/events/v0.1", import: ["@kafkaSubscribe", "@eventType"])
    @composeDirective(name: "@kafkaSubscribe") @composeDirective(name: "@eventType")
  directive @kafkaSubscribe(topic: String!, key: String, sequence: String, replay: String, after: String, readmitOn: [String!]) on FIELD_DEFINITION
  directive @eventType(names: [String!]!) on OBJECT
  type Subscription {
    pings: Ping! @kafkaSubscribe(topic: "pings")
    mine: Ping! @kafkaSubscribe(topic: "pings", key: "{viewer.id}")
    audited: Ping! @kafkaSubscribe(topic: "pings") @requiresScopes(scopes: [["admin"]])
  }
  type Ping { n: Int! shelf: Shelf }
  type Shelf @key(fields: "id", resolvable: false) { id: ID! }
`;

let composed: string | undefined;

/** The supergraph of the SDL above. */
export function composeShelves(): string {
  composed ??= composeWith(SHELVES);
  return composed;
}

/** A supergraph with other shelves. */
export function composeWith(shelves: string): string {
  const { supergraphSdl, errors } = composeServices([
    { name: 'shelves', typeDefs: parse(shelves) },
    { name: 'events', typeDefs: parse(EVENTS) },
  ]);
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

export interface Reply {
  /** 0 over the socket. */
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly headers: Headers;
}

export interface Question {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}

export type Transport = 'http' | 'socket';
export const TRANSPORTS: readonly Transport[] = ['http', 'socket'];

export interface EdgeSystemOptions {
  readonly introspection?: boolean;
  readonly edge?: Partial<EdgeOptions>;
  readonly supergraphSdl?: string;
}

export class EdgeSystem {
  readonly ports: TestPorts;
  /** Operations that reached the subgraph. */
  fetches = 0;
  /** What was logged as unforeseen. */
  readonly logged: string[] = [];
  slow: Promise<void> = Promise.resolve();
  readonly #sockets = new Set<WebSocket>();
  #gateway: Gateway | null = null;
  #port = 0;

  private constructor(ports: TestPorts) {
    this.ports = ports;
  }

  static async start({ introspection = false, edge = {}, supergraphSdl = composeShelves() }: EdgeSystemOptions = {}) {
    const ports = await openTestPorts();
    await ports.log.createTopics([{ name: 'pings', partitions: 1, cleanup: 'delete' }]);
    const system = new EdgeSystem(ports);
    const logger = pino({ level: 'error' }, { write: (line: string) => void system.logged.push(line) });
    const source = new InProcessDataSource(system.#shelves(), logger);
    const ask = source.process.bind(source);
    source.process = (options) => {
      system.fetches += 1;
      return ask(options);
    };
    try {
      system.#gateway = await createGateway({
        supergraphSdl,
        sources: { shelves: source },
        log: ports.log,
        logger,
        verifyToken: createTokenVerifier({ kind: 'secret', secret: SECRET }),
        introspection,
        explorer: null,
        edge,
      });
    } catch (error) {
      await ports.close();
      throw error;
    }
    system.#port = await system.#gateway.listen(0, '127.0.0.1');
    return system;
  }

  get gateway(): Gateway {
    if (!this.#gateway) throw new Error('stopped');
    return this.#gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  get port(): number {
    return this.#port;
  }

  #shelves() {
    const book = (id: string) => ({
      __typename: 'Book',
      id,
      title: `Book ${id}`,
      tags: ['a'],
      notes: `notes of ${id}`,
    });
    const books = (count: number) => Array.from({ length: Math.min(count, 20) }, (_, n) => book(String(n)));
    const shelf = (id: string) => ({ __typename: 'Shelf', id, name: `Shelf ${id}` });
    const resolvers = {
      Query: {
        shelf: (_: unknown, { id }: { id: string }) => shelf(id),
        shelves: (_: unknown, { first }: { first: number }) => books(first).map(({ id }) => shelf(id)),
        books: (_: unknown, { first }: { first?: number }) => ({
          totalCount: 20,
          edges: books(first ?? 2).map((node) => ({ cursor: node.id, node })),
        }),
        feed: () => books(3),
        dear: () => book('dear'),
        node: (_: unknown, { id }: { id: string }) => (id.startsWith('s') ? shelf(id) : book(id)),
        secrets: () => ({ word: 'xyzzy' }),
        mine: (_: unknown, _args: unknown, { identity }: { identity: Identity }) => `of ${identity.userId}`,
        audit: () => ['line'],
        echo: (_: unknown, { text }: { text?: string }) => text,
        slow: () => this.slow.then(() => 'done'),
        fail: () => {
          throw new Error('password=hunter2 at /srv/app/secret.ts');
        },
      },
      Mutation: { add: () => true, shout: () => true },
      Shelf: {
        __resolveReference: ({ id }: { id: string }) => shelf(id),
        books: (_: unknown, { first }: { first: number }) => books(first),
      },
      Book: { shelf: () => shelf('s1') },
    };
    return {
      name: 'shelves',
      schema: buildSubgraphSchema({ typeDefs: parse(SHELVES), resolvers: resolvers as never }),
      createContext: (identity: Identity) => ({ identity }),
      start: async () => undefined,
      stop: async () => undefined,
    };
  }

  async token(userId: string, scopes?: string): Promise<string> {
    return `Bearer ${await mintToken(SECRET, userId, 30, scopes)}`;
  }

  /** One request and its answer, over either transport. */
  async ask(transport: Transport, question: Question | string, authorization?: string): Promise<Reply> {
    const asked = typeof question === 'string' ? { query: question } : question;
    return transport === 'http' ? this.#askHttp(asked, authorization) : this.#askSocket(asked, authorization);
  }

  async #askHttp(question: Question, authorization: string | undefined): Promise<Reply> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(question),
    });
    const body = (await response.json()) as Partial<Reply>;
    return { ...body, status: response.status, headers: response.headers, errors: body.errors ?? [] };
  }

  async #askSocket(question: Question, authorization: string | undefined): Promise<Reply> {
    const socket = await this.connect(authorization);
    const reply = await this.operate(socket, question);
    socket.close();
    return reply;
  }

  /** A socket that has been acknowledged. Rejects with its close code and reason where it was closed instead. */
  async connect(authorization?: string, headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = this.open(headers);
    await once(socket, 'open');
    const acknowledged = receive(socket, 'connection_ack');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: authorization ? { Authorization: authorization } : {} }),
    );
    await acknowledged;
    return socket;
  }

  open(headers: Record<string, string> = {}): WebSocket {
    const socket = new WebSocket(this.url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    socket.setMaxListeners(0);
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }

  /** Begins an operation; resolves with its first answer. */
  async operate(socket: WebSocket, question: Question, id: string = crypto.randomUUID()): Promise<Reply> {
    const answered = receive(socket, 'next', 'error', id);
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { ...question, query: question.query ?? '' } }));
    const { type, payload } = await answered;
    const body = (type === 'error' ? { errors: payload } : payload) as Partial<Reply>;
    return { ...body, status: 0, headers: new Headers(), errors: body.errors ?? [] };
  }

  async stopGateway(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = null;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    await this.stopGateway();
    await this.ports.close();
  }
}

const { tokens } = loadConfig({});
export const SECRET: Secret = tokens.kind === 'secret' ? tokens.secret : new Secret('');

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** The next message of a type (and id). Rejects when the socket closes. */
export function receive(socket: WebSocket, ...wanted: string[]): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (data: unknown) => {
      const message = JSON.parse(String(data)) as Message;
      if (!wanted.includes(message.type) || (message.id !== undefined && !wanted.includes(message.id))) return;
      socket.off('message', onMessage).off('close', onClose);
      resolve(message);
    };
    const onClose = (code: number, reason: Buffer) =>
      reject(Object.assign(new Error('closed'), { code, reason: String(reason) }));
    socket.on('message', onMessage).on('close', onClose);
  });
}

/** How the server closes a socket. */
export async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: String(reason) };
}
