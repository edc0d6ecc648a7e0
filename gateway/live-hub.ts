/**
 * Subscriptions: finds or makes the channel and the group a subscription belongs to, admits the viewer, and feeds channels from
 * one tail per topic. Everything here is bounded by the number of open subscriptions, and goes with the last of them.
 */
import { astFromValue, type DocumentNode, GraphQLError, getArgumentValues, print } from 'graphql';
import type { Logger } from 'pino';
import type { Identity } from '../platform/identity.ts';
import type { EventLog, LoggedEvent, TailReader } from '../platform/ports/event-log.ts';
import { AppError } from '../schema/errors.ts';
import { LiveChannel } from './live-channel.ts';
import { LiveGroup } from './live-group.ts';
import { type DataSources, type EventValue, type LivePlan, LivePlans, type Variables } from './live-plan.ts';
import { type Frame, Subscriber } from './subscriber.ts';
import type { LiveField, SupergraphModel } from './supergraph.ts';

export interface SubscribeRequest {
  readonly source: string;
  /** Validated against the API schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Variables;
  readonly identity: Identity;
}

interface Stream {
  readonly channel: LiveChannel;
  readonly groups: Map<string, LiveGroup>;
}

export class LiveHub {
  readonly #model: SupergraphModel;
  readonly #log: EventLog;
  readonly #sources: DataSources;
  readonly #logger: Logger;
  readonly #plans: LivePlans;
  readonly #tails = new Map<string, Promise<TailReader>>();
  /** By field name, then by key (null: every message of the topic). */
  readonly #streams = new Map<string, Map<string | null, Stream>>();
  readonly #planIds = new WeakMap<LivePlan, number>();
  #nextPlanId = 0;

  constructor(model: SupergraphModel, log: EventLog, sources: DataSources, logger: Logger) {
    this.#model = model;
    this.#log = log;
    this.#sources = sources;
    this.#logger = logger;
    this.#plans = new LivePlans(model);
  }

  /** Open streams, for tests and metrics. */
  get streamCount(): number {
    return [...this.#streams.values()].reduce((sum, streams) => sum + streams.size, 0);
  }

  /**
   * Starts one subscription. The stream is attached before the replay is asked for, so that nothing falls between them.
   * @throws GraphQLError or AppError where the viewer may not, or the operation cannot be served
   */
  async subscribe(request: SubscribeRequest): Promise<AsyncGenerator<Frame, undefined, undefined>> {
    const plan = this.#plans.get(request.source, request.document, request.operationName);
    const { live } = plan;
    const args = getArgumentValues(live.field, plan.node, request.variables);
    const key = live.key === null ? null : fillTemplate(live.key, args, request.identity);
    await this.#tail(live.topic);

    const stream = this.#stream(live, key, args);
    const group = this.#group(stream, plan, key, request);
    const after = live.after === null ? null : ((args[live.after] as number | null | undefined) ?? null);
    const subscriber: Subscriber = new Subscriber({
      durable: live.sequence !== null,
      after,
      onEnd: () => this.#leave(live, key, stream, group, member),
    });
    const member = { subscriber, identity: request.identity, group };
    group.members.set(subscriber, argumentFilter(live, args));
    stream.channel.add(member);
    if (!live.replay) return subscriber;
    try {
      const replayed = await this.#replay(live, args)(request.identity, after);
      if (live.sequence !== null) {
        const field = live.sequence;
        const last = replayed.at(-1)?.[field];
        stream.channel.startAfter(Number(last ?? after ?? 0));
        subscriber.beginWith(resolveEach(group, replayed));
      }
      return subscriber;
    } catch (error) {
      await subscriber.return();
      throw error;
    }
  }

  async close(): Promise<void> {
    const tails = await Promise.allSettled(this.#tails.values());
    this.#tails.clear();
    await Promise.all(tails.map((tail) => tail.status === 'fulfilled' && tail.value.close()));
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
      if (live.topic !== topic) continue;
      const streams = this.#streams.get(live.field.name);
      for (const key of live.key === null ? [null] : [message.key]) {
        const stream = streams?.get(key);
        if (!stream) continue;
        event ??= this.#read(message);
        if (event) stream.channel.accept(event);
      }
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

  #stream(live: LiveField, key: string | null, args: Variables): Stream {
    const streams = this.#streams.get(live.field.name) ?? new Map<string | null, Stream>();
    this.#streams.set(live.field.name, streams);
    let stream = streams.get(key);
    if (!stream) {
      stream = { channel: new LiveChannel(live, this.#replay(live, args), this.#logger), groups: new Map() };
      streams.set(key, stream);
    }
    return stream;
  }

  #group(stream: Stream, plan: LivePlan, key: string | null, request: SubscribeRequest): LiveGroup {
    const planId = this.#planIds.get(plan) ?? this.#nextPlanId++;
    this.#planIds.set(plan, planId);
    const shaping = plan.shapingVariables.map((name) => [name, request.variables[name]]);
    const identity = audienceOf(plan.live, key, request.identity);
    const groupKey = JSON.stringify([planId, shaping, identity]);
    let group = stream.groups.get(groupKey);
    if (!group) {
      group = new LiveGroup({
        plan,
        variables: request.variables,
        identity,
        sources: this.#sources,
        logger: this.#logger,
      });
      stream.groups.set(groupKey, group);
    }
    return group;
  }

  #leave(
    live: LiveField,
    key: string | null,
    stream: Stream,
    group: LiveGroup,
    member: Parameters<LiveChannel['add']>[0],
  ): void {
    group.members.delete(member.subscriber);
    stream.channel.remove(member);
    if (group.members.size === 0) {
      for (const [groupKey, each] of stream.groups) if (each === group) stream.groups.delete(groupKey);
    }
    const streams = this.#streams.get(live.field.name);
    if (stream.channel.size === 0 && streams?.get(key) === stream) {
      streams.delete(key);
      if (streams.size === 0) this.#streams.delete(live.field.name);
    }
  }

  /** Calls the replay field with those arguments of the subscription field that it has. */
  #replay(live: LiveField, args: Variables): (identity: Identity, after: number | null) => Promise<EventValue[]> {
    const { replay } = live;
    if (!replay) return async () => [];
    return async (identity, after) => {
      const source = this.#sources[replay.subgraph];
      if (!source) throw new AppError('UNAVAILABLE', `The ${replay.subgraph} subgraph is not there.`);
      const given = replay.field.args.flatMap((argument) => {
        const value = argument.name === live.after ? after : args[argument.name];
        return value === undefined || value === null
          ? []
          : [`${argument.name}: ${print(astFromValue(value, argument.type) as never)}`];
      });
      const call = given.length > 0 ? `${replay.field.name}(${given.join(', ')})` : replay.field.name;
      const response = await source.process({
        kind: 'incoming operation',
        request: { query: `{ events: ${call} }` },
        context: { identity },
      } as never);
      const [error] = response.errors ?? [];
      if (error) throw new GraphQLError(error.message, { extensions: error.extensions ?? {} });
      const events = (response.data as { events?: Record<string, unknown>[] } | null)?.events ?? [];
      return events.map((event) => this.#shown(event));
    };
  }
}

async function* resolveEach(
  group: LiveGroup,
  events: readonly EventValue[],
): AsyncGenerator<Frame, undefined, undefined> {
  for (const event of events) yield await group.resolve(event);
}

/** `{args.roomId}` and `{viewer.id}` filled in. @throws AppError UNAUTHENTICATED where a viewer is needed and nobody signed in */
function fillTemplate(template: string, args: Variables, identity: Identity): string {
  return template.replaceAll(/\{(args|viewer)\.(\w+)\}/g, (_all, from: string, name: string) => {
    if (from === 'args') return String(args[name]);
    if (identity.userId === null) throw new AppError('UNAUTHENTICATED', 'This stream is yours alone.');
    return identity.userId;
  });
}

/** A stream keyed by its viewer is the viewer's; any other is resolved once, for its audience, with nobody's own rights. */
function audienceOf(live: LiveField, key: string | null, viewer: Identity): Identity {
  if (live.key?.includes('{viewer.')) return viewer;
  return { userId: null, scopes: [], audience: `${live.topic}:${key ?? '*'}` };
}

/** Arguments that neither choose the key nor the start filter by the event's field of the same name: any of, or equal. */
function argumentFilter(live: LiveField, args: Variables): (event: EventValue) => boolean {
  const filters = Object.entries(args).filter(
    ([name, value]) =>
      name !== live.after && !live.key?.includes(`{args.${name}}`) && value !== null && value !== undefined,
  );
  return (event) =>
    filters.every(([name, wanted]) => {
      const actual = event[name];
      const values = Array.isArray(actual) ? actual : [actual];
      return Array.isArray(wanted) ? wanted.some((each) => values.includes(each)) : values.includes(wanted);
    });
}
