/** The live hub, counting what it gives out. */
import { Counter } from 'prom-client';
import { LiveHub, type SubscribeRequest } from './live-hub.ts';
import type { Frame } from './subscriber.ts';

const deliveries = new Counter({
  name: 'gateway_deliveries_total',
  help: 'Frames handed to sockets for subscriptions',
});
const slowConsumers = new Counter({
  name: 'gateway_slow_consumers_total',
  help: 'Subscriptions ended because their reader fell behind: its queue was dropped',
});
const framesDropped = new Counter({
  name: 'gateway_frames_dropped_total',
  help: 'Frames of ephemeral streams that gave way to later ones because their reader fell behind',
});

export class ObservedHub extends LiveHub {
  #subscriptions = 0;

  /** Subscriptions open now. */
  get subscriptionCount(): number {
    return this.#subscriptions;
  }

  override async subscribe(request: SubscribeRequest): Promise<AsyncGenerator<Frame, undefined, undefined>> {
    const onOverflow: SubscribeRequest['onOverflow'] = (error) => {
      slowConsumers.inc();
      request.onOverflow?.(error);
    };
    const offer: SubscribeRequest['offer'] = (frame) => {
      const taken = request.offer?.(frame) ?? false;
      if (taken) deliveries.inc();
      return taken;
    };
    const onDropped = () => {
      framesDropped.inc();
      request.onDropped?.();
    };
    const stream = await super.subscribe({ ...request, onOverflow, onDropped, offer });
    this.#subscriptions += 1;
    return new CountedStream(stream, () => {
      this.#subscriptions -= 1;
    });
  }
}

/** Hands everything on at once: a generator function would keep `return` waiting for the next frame. */
class CountedStream implements AsyncGenerator<Frame, undefined, undefined> {
  readonly #stream: AsyncGenerator<Frame, undefined, undefined>;
  #onEnd: (() => void) | null;

  constructor(stream: AsyncGenerator<Frame, undefined, undefined>, onEnd: () => void) {
    this.#stream = stream;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<Frame, undefined>> {
    try {
      const step = await this.#stream.next();
      if (step.done) this.#end();
      else deliveries.inc();
      return step;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  return(): Promise<IteratorResult<Frame, undefined>> {
    this.#end();
    return this.#stream.return(undefined);
  }

  throw(error: unknown): Promise<IteratorResult<Frame, undefined>> {
    this.#end();
    return this.#stream.throw(error);
  }

  #end(): void {
    this.#onEnd?.();
    this.#onEnd = null;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
