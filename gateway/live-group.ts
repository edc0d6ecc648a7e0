/**
 * Subscribers that get the same bytes: same plan, same variables that matter, same authorization class. An event is resolved
 * once for all of them, so subgraph fetches per event do not grow with the audience. Frames leave in the order of events,
 * though several are resolved at the same time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { toClientError } from '../platform/client-errors.ts';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { EventValue, LivePlan, Variables } from './live-plan.ts';
import type { Turns } from './live-turns.ts';
import { Frame, type Subscriber } from './subscriber.ts';

/** Events resolved at once. */
const MAX_UNDER_WAY = 32;
/** Events that may wait to be resolved; past it the subgraphs are not keeping up. */
const MAX_WAITING = 4_096;
/** Frames handed over before the sockets get a turn to write: without one a burst would look like slow readers. */
const FRAMES_PER_TURN = 32;
/** Replayed frames are shared by those who come back together, such as after a gateway's restart. */
const SHARED_MS = 5_000;
const MAX_SHARED = 256;
const REPLAYED_AHEAD = 8;

export interface GroupOptions {
  readonly plan: LivePlan;
  readonly variables: Variables;
  /** In whose name the subgraphs are asked: an audience where every subscriber may see the same, else the viewer. */
  readonly identity: Identity;
  readonly logger: Logger;
  /** Of all groups of the process. */
  readonly turns: Turns;
}

interface Delivery {
  readonly event: EventValue;
  readonly wanted: readonly Subscriber[];
  readonly done: () => void;
  frame?: Promise<Frame>;
}

export class LiveGroup {
  readonly members = new Map<Subscriber, (event: EventValue) => boolean>();
  readonly #identity: Identity;
  readonly #variables: Variables;
  readonly #logger: Logger;
  readonly #turns: Turns;
  #plan: LivePlan;
  #deliveries: Delivery[] = [];
  #delivering = false;
  readonly #shared = new Map<EventValue, Promise<Frame>>();

  constructor({ plan, variables, identity, logger, turns }: GroupOptions) {
    this.#plan = plan;
    this.#variables = variables;
    this.#identity = identity;
    this.#logger = logger;
    this.#turns = turns;
  }

  get plan(): LivePlan {
    return this.#plan;
  }

  get variables(): Variables {
    return this.#variables;
  }

  /** From the next event on. */
  replan(plan: LivePlan): void {
    this.#plan = plan;
    this.#shared.clear();
  }

  /** The frame of one event. Never rejects: an event that cannot be resolved at all is a frame with errors and no data. */
  async resolve(event: EventValue): Promise<Frame> {
    const shared = await this.#turns.take(this);
    const field = this.#plan.live.sequence;
    const sequence = field === null ? null : Number(event[field]);
    const extensions = sequence === null ? {} : { extensions: { cursor: String(sequence) } };
    try {
      const { data, errors } = await this.#plan.resolve(event, this.#variables, this.#identity, shared);
      const shown = errors && errors.length > 0 ? { errors: errors.map((error) => this.#toClient(error)) } : {};
      return new Frame({ data: data ?? null, ...shown, ...extensions } as never, sequence);
    } catch (cause) {
      const error = cause instanceof GraphQLError ? cause : new GraphQLError('', { originalError: cause as Error });
      return new Frame({ data: null, errors: [this.#toClient(error)], ...extensions } as never, sequence);
    }
  }

  /** The frames of events that one subscriber has missed, in order; shared with others who miss the same. */
  async *replay(events: readonly EventValue[]): AsyncGenerator<Frame, undefined, undefined> {
    const ahead: Promise<Frame>[] = [];
    for (const event of events) {
      ahead.push(this.#share(event));
      if (ahead.length >= REPLAYED_AHEAD) yield (await ahead.shift()) as Frame;
    }
    for (const frame of ahead) yield await frame;
  }

  #share(event: EventValue): Promise<Frame> {
    const known = this.#shared.get(event);
    if (known) return known;
    const frame = this.resolve(event);
    if (this.#shared.size === 0) setTimeout(() => this.#shared.clear(), SHARED_MS).unref();
    if (this.#shared.size < MAX_SHARED) this.#shared.set(event, frame);
    return frame;
  }

  /** Resolves when the frame has been handed to every member that wants it. Never rejects. */
  deliver(event: EventValue): Promise<void> {
    const wanted = [...this.members].filter(([, wants]) => wants(event)).map(([subscriber]) => subscriber);
    if (wanted.length === 0) return Promise.resolve();
    if (this.#deliveries.length >= MAX_WAITING) {
      const late = new AppError('UNAVAILABLE', 'Events arrive faster than they can be resolved: resume in a moment.');
      for (const subscriber of wanted) subscriber.fail(late);
      return Promise.resolve();
    }
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#deliveries.push({ event, wanted, done });
    const place = this.#deliveries.length;
    if (place <= MAX_UNDER_WAY) this.#begin(place);
    if (!this.#delivering) void this.#deliverAll();
    return promise;
  }

  #begin(count: number): void {
    for (const delivery of this.#deliveries.slice(0, count)) delivery.frame ??= this.resolve(delivery.event);
  }

  async #deliverAll(): Promise<void> {
    this.#delivering = true;
    let handed = 0;
    for (let first = this.#deliveries[0]; first; first = this.#deliveries[0]) {
      this.#begin(MAX_UNDER_WAY);
      const frame = (await first.frame) as Frame;
      this.#deliveries.shift();
      for (const subscriber of first.wanted) subscriber.push(frame);
      first.done();
      handed += 1;
      if (handed % FRAMES_PER_TURN === 0) await nextTurn();
    }
    this.#delivering = false;
  }

  #toClient(error: GraphQLError) {
    return toClientError(error.toJSON(), error, this.#logger);
  }
}
