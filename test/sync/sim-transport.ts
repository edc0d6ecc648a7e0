/** The library's wire over a simulated network: what `socketTransport` is over a real one, time-outs and dead sockets included. */
import { type AttemptEnd, ConnectRace } from '../../client/connect-race.ts';
import type { Operation } from '../../client/operations.ts';
import type { Timers } from '../../client/timers.ts';
import {
  ConnectionLostError,
  type Data,
  HELLO_WITHIN_MS,
  PING_EVERY_MS,
  PONG_WITHIN_MS,
  RequestError,
  type RoomTransport,
  type StreamSink,
  type Variables,
} from '../../client/transport.ts';
import type { SimNetwork } from './sim-network.ts';

/** The server's end: answers one user. Errors are thrown as RequestError. */
export interface ServerEnd {
  answer(userId: string, operation: string, variables: Variables, reply: (answer: Data | RequestError) => void): void;
  subscribe(userId: string, variables: Variables, push: (data: Data | RequestError) => void): () => void;
}

/** A dead socket is noticed by the pong that does not come. */
const NOTICED_AFTER_MS = [PONG_WITHIN_MS, PONG_WITHIN_MS + PING_EVERY_MS] as const;
/** When TCP asks for a connection, while an attempt lasts. */
const SYN_AT_MS = [0, 1_000];
/** TCP and the upgrade to WebSocket; then the protocol's own hello. */
const OPEN_TRIPS = 2;
const HELLO_TRIPS = 1;

export class SimTransport implements RoomTransport {
  readonly #time: Timers;
  readonly #network: SimNetwork;
  readonly #server: ServerEnd;
  readonly #userId: string;
  #state: 'closed' | 'connecting' | 'open' = 'closed';
  #waiting: { readonly run: () => void; readonly fail: () => void }[] = [];
  #open = new Set<() => void>();
  #connection = 0;
  #race: ConnectRace<null> | null = null;
  received = 0;
  /** Attempts to connect so far. */
  attempts = 0;

  constructor(time: Timers, network: SimNetwork, server: ServerEnd, userId: string) {
    this.#time = time;
    this.#network = network;
    this.#server = server;
    this.#userId = userId;
    network.onCut(() => this.#noticeLater());
  }

  request({ name }: Operation, variables: Variables, signal?: AbortSignal): Promise<Data> {
    return new Promise((resolve, reject) => {
      this.#whenOpen((lose) => {
        if (signal?.aborted) return;
        const fail = () => reject(new ConnectionLostError('cut'));
        lose.add(fail);
        this.#network.up(() =>
          this.#server.answer(this.#userId, name, variables, (answer) =>
            this.#network.down(() => {
              if (!lose.delete(fail)) return;
              if (answer instanceof RequestError) reject(answer);
              else resolve(answer);
            }),
          ),
        );
      }, reject);
    });
  }

  subscribe(_operation: Operation, variables: Variables, sink: StreamSink): () => void {
    let over = false;
    let unsubscribe = (): void => undefined;
    const end = (error: RequestError | ConnectionLostError): void => {
      unsubscribe();
      if (!over) sink.end(error);
      over = true;
    };
    this.#whenOpen((lose) => {
      if (over) return;
      lose.add(() => end(new ConnectionLostError('cut')));
      this.#network.up(() => {
        if (over) return;
        unsubscribe = this.#server.subscribe(this.#userId, variables, (data) =>
          this.#network.down(() => {
            if (over) return;
            this.received += 1;
            if (data instanceof RequestError) end(data);
            else sink.next(data);
          }),
        );
      });
    }, end);
    return () => {
      over = true;
      unsubscribe();
    };
  }

  drop(): void {
    this.#lose();
  }

  async close(): Promise<void> {
    this.#lose();
  }

  #whenOpen(run: (lose: Set<() => void>) => void, fail: (error: ConnectionLostError) => void): void {
    if (this.#state === 'open') {
      run(this.#open);
      return;
    }
    this.#waiting.push({ run: () => run(this.#open), fail: () => fail(new ConnectionLostError('no connection')) });
    if (this.#state === 'closed') this.#connect();
  }

  #connect(): void {
    this.#state = 'connecting';
    this.#connection += 1;
    this.#race = new ConnectRace<null>({
      timers: this.#time,
      random: () => this.#network.draw(0, 1),
      overlaps: true,
      dial: (end) => this.#dial(end),
      onOpen: () => this.#hello(this.#connection),
      onRefused: () => this.#lose(),
    });
  }

  #dial(end: AttemptEnd<null>): () => void {
    this.attempts += 1;
    const network = this.#network;
    const startedAt = this.#time.now();
    if (network.isKnownDown) {
      const timer = this.#time.setTimeout(() => end.vanish(), 1);
      return () => this.#time.clearTimeout(timer);
    }
    const heardAt = SYN_AT_MS.find((ms) => startedAt + ms >= network.backAt);
    if (heardAt === undefined) return () => undefined;
    const timer = this.#time.setTimeout(() => end.open(null), heardAt + network.drawTripsMs(OPEN_TRIPS));
    return () => this.#time.clearTimeout(timer);
  }

  #hello(connection: number): void {
    const tookMs = this.#network.isDown ? Number.POSITIVE_INFINITY : this.#network.drawTripsMs(HELLO_TRIPS);
    this.#time.setTimeout(
      () => {
        if (connection !== this.#connection) return;
        if (tookMs >= HELLO_WITHIN_MS) return this.#lose();
        const waiting = this.#waiting;
        this.#waiting = [];
        this.#state = 'open';
        for (const { run } of waiting) run();
      },
      Math.min(tookMs, HELLO_WITHIN_MS),
    );
  }

  #noticeLater(): void {
    const connection = this.#connection;
    if (this.#state !== 'open') return;
    this.#time.setTimeout(
      () => {
        if (connection === this.#connection) this.#lose();
      },
      this.#network.draw(...NOTICED_AFTER_MS),
    );
  }

  #lose(): void {
    this.#race?.stop();
    this.#race = null;
    this.#state = 'closed';
    this.#connection += 1;
    const lost = [...this.#open];
    this.#open = new Set();
    for (const fail of lost) fail();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { fail } of waiting) fail();
  }
}
