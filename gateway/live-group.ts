/**
 * Subscribers that get the same bytes: same plan, same variables that matter, same authorization class. An event is resolved
 * once for all of them, so subgraph fetches per event do not grow with the audience. Frames leave in the order of events,
 * though several are resolved at the same time.
 */
import type { Logger } from 'pino';
import { toClientError } from '../platform/client-errors.ts';
import type { Identity } from '../platform/identity.ts';
import { AppError } from '../schema/errors.ts';
import type { DataSources, EventValue, LivePlan, Variables } from './live-plan.ts';
import { Frame, type Subscriber } from './subscriber.ts';

/** Events under way at once; past it the subgraphs are not keeping up. */
const MAX_UNDER_WAY = 256;

export interface GroupOptions {
  readonly plan: LivePlan;
  readonly variables: Variables;
  /** In whose name the subgraphs are asked: an audience where every subscriber may see the same, else the viewer. */
  readonly identity: Identity;
  readonly sources: DataSources;
  readonly logger: Logger;
}

export class LiveGroup {
  readonly members = new Map<Subscriber, (event: EventValue) => boolean>();
  readonly #options: GroupOptions;
  #delivered: Promise<void> = Promise.resolve();
  #underWay = 0;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  async resolve(event: EventValue): Promise<Frame> {
    const { plan, variables, identity, sources, logger } = this.#options;
    const { sequence: field } = plan.live;
    const sequence = field === null ? null : Number(event[field]);
    const { data, errors } = await plan.resolve(event, variables, identity, sources, logger);
    return new Frame(
      {
        data: data ?? null,
        ...(errors &&
          errors.length > 0 && { errors: errors.map((e) => toClientError(e.toJSON(), e, logger)) as never }),
        ...(sequence !== null && { extensions: { cursor: String(sequence) } }),
      },
      sequence,
    );
  }

  /** Resolves when the frame has been handed to every member that wants it. Never rejects. */
  deliver(event: EventValue): Promise<void> {
    const wanted = [...this.members].filter(([, wants]) => wants(event)).map(([subscriber]) => subscriber);
    if (wanted.length === 0) return this.#delivered;
    if (this.#underWay >= MAX_UNDER_WAY) {
      const late = new AppError('UNAVAILABLE', 'Events arrive faster than they can be resolved: resume in a moment.');
      for (const subscriber of wanted) subscriber.fail(late);
      return this.#delivered;
    }
    this.#underWay += 1;
    const frame = this.resolve(event).catch((error: unknown) => error);
    this.#delivered = this.#delivered.then(async () => {
      const result = await frame;
      this.#underWay -= 1;
      for (const subscriber of wanted) {
        if (result instanceof Frame) subscriber.push(result);
        else subscriber.fail(result);
      }
    });
    return this.#delivered;
  }
}
