/**
 * Subscriptions: finds or makes the channel and the group a subscription belongs to, admits the viewer, and feeds channels from
 * one tail per topic. All here is bounded by the open subscriptions, but what is kept a short while for those who come back:
 * that by number (live-channels.ts), time and bytes.
 */
import { GraphQLError, getArgumentValues, validate } from 'graphql';
import type { Logger } from 'pino';
import type { Identity } from '../platform/identity.ts';
import type { EventLog, LoggedEvent } from '../platform/ports/event-log.ts';
import { AppError } from '../schema/errors.ts';
import { type ChannelMember, isShown, LiveChannel } from './live-channel.ts';
import { LiveChannels } from './live-channels.ts';
import { Departures, readDepartureTopics } from './live-departures.ts';
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
import { createReplay, type Replay, readMissed } from './live-replay.ts';
import { RingBudget } from './live-ring.ts';
import { argumentFilter, audienceOf, fillTemplate, sourceOf } from './live-source.ts';
import { LiveTails } from './live-tails.ts';
import { Turns } from './live-turns.ts';
import { type Frame, Subscriber } from './subscriber.ts';
import type { LiveField, SupergraphModel } from './supergraph.ts';

/** How long a channel outlives its last subscriber. */
const KEPT_MS = 60_000;
/** Of all recent events that are held for those who come back. */
const MAX_RING_BYTES = 64 * 1_024 * 1_024;

export interface SubscribeRequest extends LiveOperation {
  readonly variables: Variables;
  readonly identity: Identity;
  /** Takes a frame past the stream while its reader waits for one, and says whether it did. */
  readonly offer?: ((frame: Frame) => boolean) | undefined;
  /** Called when the subscriber falls too far behind, at once: its socket should be closed with the error's message. */
  readonly onOverflow?: ((error: AppError) => void) | undefined;
  /** Called for each frame that gave way to later ones, where the stream may lose some. */
  readonly onDropped?: (() => void) | undefined;
}

export interface LiveHubOptions {
  /** How long a channel outlives its last subscriber; default a minute. */
  readonly keptMs?: number;
}

export class LiveHub {
  readonly #logger: Logger;
  readonly #ringBudget = new RingBudget(MAX_RING_BYTES);
  readonly #turns = new Turns();
  readonly #tails: LiveTails;
  readonly #channels: LiveChannels;
  readonly #departures: Departures;
  #model: SupergraphModel;
  #departureTopics: ReadonlyMap<string, string>;
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
    this.#sources = sources;
    this.#logger = logger;
    this.#channels = new LiveChannels(keptMs);
    this.#tails = new LiveTails(log, (topic, message) => this.#accept(topic, message));
    this.#departures = new Departures(log, logger, (fieldName, key, userId) => {
      return this.#channels.find(fieldName, key)?.hasViewer(userId) ?? false;
    });
    this.#departureTopics = readDepartureTopics(model.sdl);
    this.#plans = new LivePlans(model, sources);
  }

  /** Streams with a subscriber, for tests and metrics. */
  get streamCount(): number {
    return this.#channels.all().length - this.#channels.keptCount;
  }

  /** Streams without one, kept for those who come back. */
  get keptCount(): number {
    return this.#channels.keptCount;
  }

  /** Groups of subscribers that share frames. */
  get groupCount(): number {
    return this.#channels.all().reduce((sum, channel) => sum + channel.groups.size, 0);
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
      offer: request.offer,
      onEnd: () => this.#leave(channel, member),
      onOverflow: request.onOverflow,
      onDropped: request.onDropped,
    });
    const member: ChannelMember = { subscriber, identity: request.identity, group, isAdmitted: false };
    group.members.set(subscriber, argumentFilter(live, args));
    channel.add(member);
    if (!live.replay) return subscriber;
    try {
      const missed = await readMissed(channel, this.#replay(live, args), request.identity, after);
      member.isAdmitted = true;
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
    this.#departureTopics = readDepartureTopics(model.sdl);
    this.#plans = new LivePlans(model, sources);
    for (const channel of this.#channels.all()) {
      const live = model.liveFields.get(channel.live.field.name);
      if (live && sourceOf(live) === sourceOf(channel.live)) this.#replan(channel, live);
      else this.#end(channel, new AppError('UNAVAILABLE', 'This stream has moved: subscribe again.'));
    }
    this.#tails.keepOnly(new Set([...model.liveFields.values()].flatMap((live) => [live.topic, live.readmitTopic])));
  }

  async close(): Promise<void> {
    this.#departures.close();
    this.#channels.dropKept();
    await this.#tails.close();
  }

  /** The plan, and its topics being read; made anew where the supergraph changed meanwhile. */
  async #prepare(operation: LiveOperation): Promise<LivePlan> {
    for (;;) {
      const model = this.#model;
      const plan = this.#plans.get(operation);
      const { topic, readmitTopic } = plan.live;
      await Promise.all([this.#tails.open(topic), this.#tails.open(readmitTopic)]);
      if (model === this.#model) return plan;
      const [fault] = validate(this.#model.apiSchema, operation.document);
      if (fault) throw fault;
    }
  }

  #accept(topic: string, message: LoggedEvent): void {
    let event: EventValue | undefined;
    for (const live of this.#model.liveFields.values()) {
      if (live.topic !== topic && live.readmitTopic !== topic) continue;
      const channel = this.#channels.find(live.field.name, live.key === null ? null : message.key);
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

  #channel(live: LiveField, key: string | null, args: Variables): LiveChannel {
    return this.#channels.take(live.field.name, key, () => {
      const replay = this.#replay(live, args);
      return new LiveChannel({ live, key, args, replay, ringBudget: this.#ringBudget, logger: this.#logger });
    });
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
    const { userId } = member.identity;
    const topic = this.#departureTopics.get(channel.live.field.name);
    if (topic && member.isAdmitted && userId !== null)
      this.#departures.note({ topic, fieldName: channel.live.field.name, key: channel.key, userId });
    if (channel.size === 0) this.#channels.release(channel);
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
        group.replan(plan);
      } catch (error) {
        for (const subscriber of [...group.members.keys()]) subscriber.fail(error);
      }
    }
  }

  #end(channel: LiveChannel, error: AppError): void {
    this.#channels.drop(channel);
    for (const group of [...channel.groups.values()]) {
      for (const subscriber of [...group.members.keys()]) subscriber.fail(error);
    }
  }
}
