/**
 * One subscriber's end of a stream: a bounded queue that a socket drains. Durable frames are never dropped: a subscriber that
 * falls behind is ended with SLOW_CONSUMER and the cursor to resume after. Ephemeral ones give way, oldest first.
 */
import type { ExecutionResult } from 'graphql';
import { AppError } from '../schema/errors.ts';

/** Frames that may wait for one socket. */
const MAX_WAITING = 256;

/** One response, serialized at most once however many sockets it goes to. */
export class Frame {
  readonly result: ExecutionResult;
  /** Place in the stream; null where it has no order. */
  readonly sequence: number | null;
  #json: string | undefined;

  constructor(result: ExecutionResult, sequence: number | null) {
    this.result = result;
    this.sequence = sequence;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.result);
    return this.#json;
  }
}

export interface SubscriberOptions {
  readonly durable: boolean;
  /** Sequence after which the subscriber wants frames. */
  readonly after: number | null;
  /** Called once, when nothing more is wanted. */
  readonly onEnd: () => void;
}

export class Subscriber implements AsyncGenerator<Frame, undefined, undefined> {
  readonly #options: SubscriberOptions;
  readonly #queue: Frame[] = [];
  #prologue: AsyncIterator<Frame> | null = null;
  #wake: (() => void) | null = null;
  #failure: unknown;
  #ended = false;
  #last: number | null;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#last = options.after;
  }

  /** Frames to read before the live ones: made as they are read, so that a long replay needs no queue. */
  beginWith(prologue: AsyncIterator<Frame>): void {
    this.#prologue = prologue;
  }

  push(frame: Frame): void {
    if (this.#ended) return;
    if (this.#queue.length >= MAX_WAITING) {
      if (this.#options.durable) {
        const after = this.#last === null ? '' : ` Resume after ${this.#last}.`;
        this.fail(new AppError('SLOW_CONSUMER', `${MAX_WAITING} frames were waiting.${after}`));
        return;
      }
      this.#queue.shift();
    }
    this.#queue.push(frame);
    this.#wake?.();
  }

  /** Ends the stream with an error, after what is queued has been read. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#end();
  }

  async next(): Promise<IteratorResult<Frame, undefined>> {
    for (;;) {
      const frame = await this.#take();
      if (!frame) return { value: undefined, done: true };
      const { sequence } = frame;
      if (sequence !== null && this.#last !== null && sequence <= this.#last) continue; // had it from the replay
      this.#last = sequence;
      return { value: frame, done: false };
    }
  }

  async #take(): Promise<Frame | null> {
    if (this.#prologue) {
      const step = await this.#prologue.next();
      if (!step.done) return step.value;
      this.#prologue = null;
    }
    for (;;) {
      const frame = this.#queue.shift();
      if (frame) return frame;
      if (this.#failure !== undefined) {
        const failure = this.#failure;
        this.#failure = undefined;
        throw failure;
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  async return(): Promise<IteratorResult<Frame, undefined>> {
    this.#queue.length = 0;
    this.#prologue = null;
    this.#failure = undefined;
    this.#end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<Frame, undefined>> {
    this.fail(error);
    return this.next();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd();
    this.#wake?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
