/**
 * A small federated system for tests of the gateway: boards and their notes. It shares no name with the product, so it also
 * shows that the gateway is generic. Everything is real but the two subgraphs: socket, event log, planner, executor.
 */

import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { InProcessDataSource } from '../../gateway/data-sources.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { loadConfig, Secret } from '../../platform/config.ts';
import type { Identity } from '../../platform/identity.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { createTokenVerifier, mintToken } from '../../platform/tokens.ts';
import { AppError } from '../../schema/errors.ts';
import { openTestPorts, type TestPorts } from '../support/ports.ts';

const LINK =
  '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible", "@composeDirective"])';
const BOARDS = `
  extend schema ${LINK}
  scalar JSON @inaccessible
  type Query { board(id: ID!): Board boardEvents(boardId: ID!, after: Int): [JSON!]! @inaccessible }
  type Board @key(fields: "id") { id: ID! name: String! secretOf(userId: ID!): String }
  type Mutation { touch: Boolean! }
`;
const AUTHORS = `
  extend schema ${LINK}
  type Query { me: Author }
  type Author @key(fields: "id") { id: ID! name: String! email: String }
`;
const EVENTS = `
  extend schema ${LINK}
    @link(url: "https://firetv-backend.dev/events/v0.1", import: ["@kafkaSubscribe", "@eventType", "@coalesce"])
    @composeDirective(name: "@kafkaSubscribe") @composeDirective(name: "@eventType") @composeDirective(name: "@coalesce")
  directive @kafkaSubscribe(
    topic: String!, key: String, sequence: String, replay: String, after: String
    readmitOn: [String!], readmitTopic: String, coalesceMs: Int
  ) on FIELD_DEFINITION
  directive @coalesce(by: String!, sum: [String!]) on FIELD_DEFINITION
  directive @eventType(names: [String!]!) on OBJECT
  type Subscription {
    board(boardId: ID!, after: Int): BoardEvent!
      @kafkaSubscribe(topic: "boards", key: "{args.boardId}", sequence: "seq", replay: "boards.boardEvents", after: "after", readmitOn: ["member.left"])
    mine: Ping! @kafkaSubscribe(topic: "pings", key: "{viewer.id}")
    pings(colour: [String!]): Ping! @kafkaSubscribe(topic: "pings")
    cursors(boardId: ID!): Cursors!
      @kafkaSubscribe(topic: "cursors", key: "{args.boardId}", replay: "boards.boardEvents", readmitOn: ["member.left"], readmitTopic: "boards", coalesceMs: 50)
  }
  interface BoardEvent { seq: Int! board: Board! }
  type BoardSnapshot implements BoardEvent @eventType(names: ["snapshot"]) { seq: Int! board: Board! }
  type NoteAdded implements BoardEvent @eventType(names: ["note.added"]) { seq: Int! board: Board! text: String! author: Author }
  type MemberLeft implements BoardEvent @eventType(names: ["member.left"]) { seq: Int! board: Board! userId: ID! }
  type Ping { colour: String! n: Int! }
  type Cursors { at: Int! moved: [Cursor!]! @coalesce(by: "who") clicks: [Clicks!]! @coalesce(by: "button", sum: ["n"]) }
  type Cursor { who: String! x: Int! }
  type Clicks { button: String! n: Int! }
  type Board @key(fields: "id", resolvable: false) { id: ID! }
  type Author @key(fields: "id", resolvable: false) { id: ID! }
`;

/** The composed supergraph, its events subgraph changed as told. */
export function toySupergraph(change: (sdl: string) => string = (sdl) => sdl): string {
  const definitions = { boards: BOARDS, authors: AUTHORS, events: change(EVENTS) };
  const { supergraphSdl, errors } = composeServices(
    Object.entries(definitions).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

interface BoardEvent {
  readonly boardId: string;
  readonly seq: number;
  readonly type: string;
  readonly data?: Record<string, unknown>;
}

export class ToySystem {
  readonly ports: TestPorts;
  /** What is in the "store" of a board; the log may lag behind it. */
  readonly stored = new Map<string, BoardEvent[]>();
  readonly outsiders = new Set<string>();
  /** By user id: what the answers to their replays wait for. */
  readonly replayGates = new Map<string, Promise<void>>();
  /** Operations that reached a subgraph, by its name. */
  readonly fetches: Record<string, number> = { boards: 0, authors: 0 };
  readonly identities: Identity[] = [];
  /** What the replay field was asked for. */
  readonly replays: (number | null)[] = [];
  /** Set: the authors subgraph waits for it. */
  authorsGate: Promise<void> | null = null;
  authorsFail = false;
  readonly #clients: Client[] = [];
  #gateway: Gateway | null = null;
  #port = 0;

  /** The subgraphs, counted, as a gateway reaches them. */
  readonly sources: Readonly<Record<string, InProcessDataSource>>;

  private constructor(ports: TestPorts) {
    this.ports = ports;
    this.sources = Object.fromEntries(
      [this.#boards(), this.#authors()].map((each) => [
        each.name,
        this.#counted(new InProcessDataSource(each, ports.logger), each.name),
      ]),
    );
  }

  static async start(options: { readonly introspection?: boolean } = {}): Promise<ToySystem> {
    const ports = await openTestPorts();
    await ports.log.createTopics([
      { name: 'boards', partitions: 2, cleanup: 'delete' },
      { name: 'pings', partitions: 1, cleanup: 'delete' },
      { name: 'cursors', partitions: 1, cleanup: 'delete' },
    ]);
    const system = new ToySystem(ports);
    system.#gateway = await system.#make(options.introspection ?? true);
    system.#port = await system.#gateway.listen(0, '127.0.0.1');
    return system;
  }

  async #make(introspection: boolean): Promise<Gateway> {
    return createGateway({
      supergraphSdl: toySupergraph(),
      sources: this.sources,
      log: this.ports.log,
      logger: this.ports.logger,
      verifyToken: createTokenVerifier({ kind: 'secret', secret: SECRET }),
      introspection,
      explorer: null,
    });
  }

  #counted(source: InProcessDataSource, name: string): InProcessDataSource {
    const process = source.process.bind(source);
    source.process = (options) => {
      this.fetches[name] = (this.fetches[name] ?? 0) + 1;
      this.identities.push(options.context?.['identity'] as Identity);
      return process(options);
    };
    return source;
  }

  #boards(): Subgraph {
    const board = (id: string) => ({ id, name: `Board ${id}` });
    const resolvers = {
      Query: {
        board: (_: unknown, { id }: { id: string }) => board(id),
        boardEvents: (
          _: unknown,
          args: { boardId: string; after?: number | null },
          { identity }: { identity: Identity },
        ) => this.#sinceLater(args.boardId, args.after ?? null, identity),
      },
      Mutation: { touch: () => true },
      Board: {
        __resolveReference: ({ id }: { id: string }) => board(id),
        secretOf: (_: unknown, { userId }: { userId: string }, { identity }: { identity: Identity }) => {
          if (identity.userId !== userId) throw new AppError('FORBIDDEN', 'It is not your secret.');
          return `secret of ${userId}`;
        },
      },
    };
    return subgraph('boards', BOARDS, resolvers);
  }

  /** Reads at once, and answers when the viewer's gate opens: a replay that has grown old on its way. */
  async #sinceLater(boardId: string, after: number | null, identity: Identity): Promise<BoardEvent[]> {
    const events = this.#since(boardId, after, identity);
    await this.replayGates.get(identity.userId ?? '');
    return events;
  }

  #since(boardId: string, after: number | null, identity: Identity): BoardEvent[] {
    this.replays.push(after);
    if (identity.userId === null || this.outsiders.has(identity.userId))
      throw new AppError('FORBIDDEN', 'You are no member.');
    const events = this.stored.get(boardId) ?? [];
    const last = events.at(-1)?.seq ?? 0;
    if (after === null) return [{ boardId, seq: last, type: 'snapshot' }];
    if (after > last) throw new AppError('REVISION_FROM_THE_FUTURE', `The board is at ${last}.`);
    return events.filter((event) => event.seq > after);
  }

  #authors(): Subgraph {
    return subgraph('authors', AUTHORS, {
      Author: {
        __resolveReference: async ({ id }: { id: string }) => {
          await this.authorsGate;
          if (this.authorsFail) throw new Error('the database is on fire');
          return { id, name: `Author ${id}` };
        },
      },
    });
  }

  /** Stores the event, and publishes it unless told not to. */
  async note(
    boardId: string,
    seq: number,
    { publish = true, store = true, type = 'note.added', data = {} } = {},
  ): Promise<void> {
    const event = { boardId, seq, type, data: { text: `note ${seq}`, authorId: 'a1', ...data } };
    const events = this.stored.get(boardId) ?? [];
    if (store)
      this.stored.set(
        boardId,
        [...events, event].sort((a, b) => a.seq - b.seq),
      );
    if (publish) await this.ports.log.publish('boards', [{ key: boardId, value: JSON.stringify(event) }]);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  async token(userId: string): Promise<string> {
    return `Bearer ${await mintToken(SECRET, userId)}`;
  }

  async client(userId: string | null, params: Record<string, unknown> = {}): Promise<Client> {
    const client = createClient({
      url: this.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: userId === null ? params : { Authorization: await this.token(userId) },
    });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.dispose()));
    await this.#gateway?.stop();
    await this.ports.close();
  }
}

const { tokens } = loadConfig({});
const SECRET: Secret = tokens.kind === 'secret' ? tokens.secret : new Secret('');

function subgraph(name: string, sdl: string, resolvers: object): Subgraph {
  return {
    name,
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }),
    createContext: (identity) => ({ identity }),
    start: async () => undefined,
    stop: async () => undefined,
  };
}

/** The next `count` responses of a subscription, or its error. */
export async function take(stream: AsyncIterator<unknown>, count: number): Promise<Record<string, unknown>[]> {
  const frames: Record<string, unknown>[] = [];
  while (frames.length < count) {
    const { value, done } = await stream.next();
    if (done) throw new GraphQLError(`the stream ended after ${frames.length} of ${count} frames`);
    frames.push(value as Record<string, unknown>);
  }
  return frames;
}
