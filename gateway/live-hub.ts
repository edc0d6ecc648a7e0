/**
 * Subscriptions: finds or makes the channel and the group a subscription belongs to, admits the viewer, and feeds channels from
 * one tail per topic. All here is bounded by the open subscriptions, but the channels kept a short while for those who come
 * back: these by number, time and bytes.
 */
import { GraphQLError, getArgumentValues, validate } from 'graphql';
import type { Logger } from 'pino';
import type { Identity } from '../platform/identity.ts';
import type { EventLog, LoggedEvent, TailReader } from '../platform/ports/event-log.ts';
import { AppError } from '../schema/errors.ts';
import { type ChannelMember, isShown, LiveChannel } from './live-channel.ts';
import { LiveGroup } from './live-group.ts';
import {
  type DataSources,
  type EventValue,
  type LiveOperation,
  type LivePlan,
  LivePlans,
  operationKey,
  type Variables,
} from './live-plan.ts';
import { createReplay, type Replay } from './live-replay.ts';
import { RingBudget } from './live-ring.ts';
import { argumentFilter, audienceOf, fillTemplate, sourceOf } from './live-source.ts';
import { Turns } from './live-turns.ts';
import { type Frame, Subscriber } from './subscriber.ts';
import type { LiveField, SupergraphModel } from './supergraph.ts';

/** How long a channel outlives its last subscriber, and how many such there may be. */
const KEPT_MS = 60_000;
const MAX_KEPT = 1_000;
/** Of all recent events that are held for those who come back. */
const MAX_RING_BYTES = 64 * 1_024 * 1_024;

export interface SubscribeRequest extends LiveOperation {
  readonly variables: Variables;
  readonly identity: Identity;
  /** Called when the subscriber falls too far behind, at once: its socket should be closed with the error's message. */
  readonly onOverflow?: ((error: AppError) => void) | undefined;
}

export interface LiveHubOptions {
  /** How long a channel outlives its last subscriber; default a minute. */
  readonly keptMs?: number;
}

export class LiveHub {
  readonly #log: EventLog;
  readonly #logger: Logger;
  readonly #keptMs: number;
  readonly #ringBudget = new RingBudget(MAX_RING_BYTES);
  readonly #turns = new Turns();
  readonly #tails = new Map<string, Promise<TailReader>>();
  /** By field name, then by key (null: every message of the topic). */
  readonly #channels = new Map<string, Map<string | null, LiveChannel>>();
  /** Channels without a subscriber, the longest kept first. */
  readonly #kept = new Map<LiveChannel, NodeJS.Timeout>();
  #model: SupergraphModel;
  #sources: DataSources;
  #plans: LivePlans;

  constructor(
    model: SupergraphModel,
    log: EventLog,
    sources: DataSources,
    logger: Logger,
    { keptMs = KEPT_MS }: LiveHubOptions = {},
  ) {
    this.#model = model;
    this.#log = log;
    this.#sources = sources;
    this.#logger = logger;
    this.#keptMs = keptMs;
    this.#plans = new LivePlans(model);
  }

  /** Streams with a subscriber, for tests and metrics. */
  get streamCount(): number {
    return this.#allChannels().length - this.#kept.size;
  }

  /** Streams without one, kept for those who come back. */
  get keptCount(): number {
    return this.#kept.size;
  }

  /** Groups of subscribers that share frames. */
  get groupCount(): number {
    return this.#allChannels().reduce((sum, channel) => sum + channel.groups.size, 0);
  }

  /** Bytes of recent events held for those who come back. */
  get ringBytes(): number {
    return this.#ringBudget.usedBytes;
  }

  /**
   * Starts one subscription. The stream is attached before the replay is asked for, so that nothing falls between them.
   * @throws GraphQLError or AppError where the viewer may not, or the operation cannot be served
   */
  async subscribe(request: SubscribeRequest): Promise<AsyncGenerator<Frame, undefined, undefined>> {
    const plan = await this.#prepare(request);
    const { live } = plan;
    const args = getArgumentValues(live.field, plan.node, request.variables);
    const key = live.key === null ? null : fillTemplate(live.key, args, request.identity);

    const channel = this.#channel(live, key, args);
    const group = this.#group(channel, plan, request);
    const after = live.after === null ? null : ((args[live.after] as number | null | undefined) ?? null);
    const subscriber: Subscriber = new Subscriber({
      durable: live.sequence !== null,
      after,
      onEnd: () => this.#leave(channel, member),
      onOverflow: request.onOverflow,
    });
    const member: ChannelMember = { subscriber, identity: request.identity, group };
    group.members.set(subscriber, argumentFilter(live, args));
    channel.add(member);
    if (!live.replay) return subscriber;
    try {
      const missed = await this.#missed(channel, args, request.identity, after);
      subscriber.beginWith(group.replay(missed.filter((event) => isShown(live, event))));
      return subscriber;
    } catch (error) {
      await subscriber.return();
      throw error;
    }
  }

  /**
   * Takes a new supergraph. Running subscriptions go on with the next event, planned anew once per distinct operation; only
   * those end that no longer validate, or whose events now come from elsewhere.
   */
  update(model: SupergraphModel, sources: DataSources = this.#sources): void {
    this.#model = model;
    this.#sources = sources;
    this.#plans = new LivePlans(model);
    for (const channel of this.#allChannels()) {
      const live = model.liveFields.get(channel.live.field.name);
      if (live && sourceOf(live) === sourceOf(channel.live)) this.#replan(channel, live);
      else this.#end(channel, new AppError('UNAVAILABLE', 'This stream has moved: subscribe again.'));
    }
    const wanted = new Set([...model.liveFields.values()].flatMap((live) => [live.topic, live.readmitTopic]));
    for (const [topic, tail] of this.#tails) {
      if (wanted.has(topic)) continue;
      this.#tails.delete(topic);
      void tail.then((reader) => reader.close()).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    for (const channel of this.#kept.keys()) this.#drop(channel);
    const tails = await Promise.allSettled(this.#tails.values());
    this.#tails.clear();
    await Promise.all(tails.map((tail) => tail.status === 'fulfilled' && tail.value.close()));
  }

  /** The plan, and its topics being read; made anew where the supergraph changed meanwhile. */
  async #prepare(operation: LiveOperation): Promise<LivePlan> {
    for (;;) {
      const model = this.#model;
      const plan = this.#plans.get(operation);
      const { topic, readmitTopic } = plan.live;
      await Promise.all([this.#tail(topic), readmitTopic !== topic && this.#tail(readmitTopic)]);
      if (model === this.#model) return plan;
      const [fault] = validate(this.#model.apiSchema, operation.document);
      if (fault) throw fault;
    }
  }

  async #tail(topic: string): Promise<void> {
    let tail = this.#tails.get(topic);
    if (!tail) {
      tail = this.#log.tail({ topic, from: 'now' }, (event) => this.#accept(topic, event));
      this.#tails.set(topic, tail);
      tail.catch(() => this.#tails.delete(topic)); // the next subscriber tries again
    }
    await tail;
  }

  #accept(topic: string, message: LoggedEvent): void {
    let event: EventValue | undefined;
    for (const live of this.#model.liveFields.values()) {
      if (live.topic !== topic && live.readmitTopic !== topic) continue;
      const channel = this.#channels.get(live.field.name)?.get(live.key === null ? null : message.key);
      if (!channel) continue;
      event ??= this.#read(message);
      if (!event) return;
      if (live.topic === topic) channel.accept(event);
      else if (live.readmitOn.has(String(event['type']))) void channel.readmit(event);
    }
  }

  #read(message: LoggedEvent): EventValue | undefined {
    try {
      const event = JSON.parse(message.value?.toString('utf8') ?? 'null');
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
      return this.#shown(event);
    } catch {
      const { topic, partition, offset } = message;
      this.#logger.warn({ topic, partition, offset }, 'an event that is not JSON is left out of live streams');
      return undefined;
    }
  }

  #shown(event: Record<string, unknown>): EventValue {
    const shownBy = this.#model.eventTypes.get(String(event['type']));
    return { ...event, ...(event['data'] as object | undefined), ...(shownBy && { __typename: shownBy }) };
  }

  /**
   * What a subscriber begins with. Where the channel still has all that was missed, the owning subgraph is asked only for what
   * came after it: that is next to nothing, and admits the viewer or refuses as a full replay would.
   */
  async #missed(
    channel: LiveChannel,
    args: Variables,
    identity: Identity,
    after: number | null,
  ): Promise<readonly EventValue[]> {
    const { live } = channel;
    const recalled = after === null || live.sequence === null ? null : channel.recall(after);
    const replayed = await this.#replay(live, args)(identity, recalled ? recalled.upTo : after);
    if (live.sequence === null) return [];
    if (recalled) return [...recalled.events, ...replayed];
    const missed = [...replayed];
    const end = (): number => Number(missed.at(-1)?.[live.sequence as string] ?? after ?? 0);
    channel.startAfter(end(), after === null ? [] : replayed);
    // Somebody else's replay, read a moment later, may have started the channel further on.
    while (end() < channel.startedAfter) {
      const more = await this.#replay(live, args)(identity, end());
      if (more.length === 0) break;
      missed.push(...more);
    }
    return missed;
  }

  #channel(live: LiveField, key: string | null, args: Variables): LiveChannel {
    const channels = this.#channels.get(live.field.name) ?? new Map<string | null, LiveChannel>();
    this.#channels.set(live.field.name, channels);
    let channel = channels.get(key);
    if (!channel) {
      const replay = this.#replay(live, args);
      channel = new LiveChannel({ live, key, args, replay, ringBudget: this.#ringBudget, logger: this.#logger });
      channels.set(key, channel);
    }
    clearTimeout(this.#kept.get(channel));
    this.#kept.delete(channel);
    return channel;
  }

  #group(channel: LiveChannel, plan: LivePlan, request: SubscribeRequest): LiveGroup {
    const shaping = plan.shapingVariables.map((name) => [name, request.variables[name]]);
    const identity = audienceOf(plan.live, channel.key, request.identity);
    const groupKey = JSON.stringify([operationKey(request), shaping, identity]);
    let group = channel.groups.get(groupKey);
    if (!group) {
      const { variables } = request;
      group = new LiveGroup({
        plan,
        variables,
        identity,
        sources: this.#sources,
        logger: this.#logger,
        turns: this.#turns,
      });
      channel.groups.set(groupKey, group);
    }
    return group;
  }

  #replay(live: LiveField, args: Variables): Replay {
    return createReplay(live, args, this.#sources, (event) => this.#shown(event));
  }

  #leave(channel: LiveChannel, member: ChannelMember): void {
    const { group, subscriber } = member;
    group.members.delete(subscriber);
    if (group.members.size === 0) {
      for (const [groupKey, each] of channel.groups) if (each === group) channel.groups.delete(groupKey);
    }
    channel.remove(member);
    if (channel.size > 0) return;
    if (!channel.worthKeeping || this.#keptMs === 0 || !this.#isOpen(channel)) this.#drop(channel);
    else {
      this.#kept.set(channel, setTimeout(() => this.#drop(channel), this.#keptMs).unref());
      const [oldest] = this.#kept.keys();
      if (oldest && this.#kept.size > MAX_KEPT) this.#drop(oldest);
    }
  }

  #drop(channel: LiveChannel): void {
    clearTimeout(this.#kept.get(channel));
    this.#kept.delete(channel);
    channel.forget();
    if (!this.#isOpen(channel)) return;
    const { name } = channel.live.field;
    const channels = this.#channels.get(name);
    channels?.delete(channel.key);
    if (channels?.size === 0) this.#channels.delete(name);
  }

  #isOpen(channel: LiveChannel): boolean {
    return this.#channels.get(channel.live.field.name)?.get(channel.key) === channel;
  }

  #allChannels(): LiveChannel[] {
    return [...this.#channels.values()].flatMap((channels) => [...channels.values()]);
  }

  #replan(channel: LiveChannel, live: LiveField): void {
    channel.moveTo(live, this.#replay(live, channel.args));
    for (const group of [...channel.groups.values()]) {
      try {
        const { operation } = group.plan;
        const [fault] = validate(this.#model.apiSchema, operation.document);
        if (fault) throw new GraphQLError(fault.message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
        const plan = this.#plans.get(operation);
        getArgumentValues(live.field, plan.node, group.variables); // throws where a value is no longer one
        group.replan(plan, this.#sources);
      } catch (error) {
        for (const subscriber of [...group.members.keys()]) subscriber.fail(error);
      }
    }
  }

  #end(channel: LiveChannel, error: AppError): void {
    this.#drop(channel);
    for (const group of [...channel.groups.values()]) {
      for (const subscriber of [...group.members.keys()]) subscriber.fail(error);
    }
  }
}
