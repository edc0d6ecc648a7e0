/**
 * One subscriber's end of a stream: a queue, bounded by frames and by bytes, that a socket drains. Durable frames are never
 * dropped one by one: a subscriber that falls behind is ended with SLOW_CONSUMER and the cursor to resume after. Ephemeral ones
 * give way, oldest first.
 */
import type { ExecutionResult } from 'graphql';
import { AppError } from '../schema/errors.ts';

/** What may wait for one subscriber. */
const MAX_WAITING = 256;
const MAX_WAITING_BYTES = 1_024 * 1_024;

/** One response, serialized once however many sockets it goes to. */
export class Frame {
  /** Place in the stream; null where it has no order. */
  readonly sequence: number | null;
  /** As JSON. */
  readonly bytes: Buffer;

  constructor(result: ExecutionResult, sequence: number | null) {
    this.bytes = Buffer.from(JSON.stringify(result));
    this.sequence = sequence;
  }
}

export interface SubscriberOptions {
  readonly durable: boolean;
  /** Sequence after which the subscriber wants frames. */
  readonly after: number | null;
  /** Takes a frame past the queue while the reader waits for one. @returns whether it did */
  readonly offer?: ((frame: Frame) => boolean) | undefined;
  /** Called once, when nothing more is wanted. */
  readonly onEnd: () => void;
  /**
   * Called when a durable stream falls behind, with what its reader will be told. A reader stuck in a write would hear of it too
   * late: whoever holds the socket closes it.
   */
  readonly onOverflow?: ((error: AppError) => void) | undefined;
  /** Called for each frame of an ephemeral stream that gave way. */
  readonly onDropped?: (() => void) | undefined;
}

export class Subscriber implements AsyncGenerator<Frame, undefined, undefined> {
  readonly #options: SubscriberOptions;
  readonly #queue: Frame[] = [];
  #waitingBytes = 0;
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
    if (!this.#ended) this.#prologue = prologue;
  }

  push(frame: Frame): void {
    if (this.#ended) return;
    if (this.#wake && this.#queue.length === 0 && this.#offer(frame)) return;
    const sizeBytes = frame.bytes.length;
    while (
      this.#queue.length > 0 &&
      (this.#queue.length >= MAX_WAITING || this.#waitingBytes + sizeBytes > MAX_WAITING_BYTES)
    ) {
      if (this.#options.durable) {
        this.#overflow();
        return;
      }
      this.#shift();
      this.#options.onDropped?.();
    }
    this.#queue.push(frame);
    this.#waitingBytes += sizeBytes;
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
      if (this.#isKnown(frame)) continue;
      this.#last = frame.sequence;
      return { value: frame, done: false };
    }
  }

  #offer(frame: Frame): boolean {
    if (this.#isKnown(frame)) return true;
    if (!this.#options.offer?.(frame)) return false;
    this.#last = frame.sequence;
    return true;
  }

  /** Whether the reader had it from the replay. */
  #isKnown({ sequence }: Frame): boolean {
    return sequence !== null && this.#last !== null && sequence <= this.#last;
  }

  async #take(): Promise<Frame | null> {
    while (this.#prologue) {
      const prologue: AsyncIterator<Frame> = this.#prologue;
      const step = await prologue.next();
      if (this.#prologue !== prologue) break; // the stream ended meanwhile
      if (!step.done) return step.value;
      this.#prologue = null;
    }
    for (;;) {
      const frame = this.#shift();
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
    this.#forget();
    this.#failure = undefined;
    this.#end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<Frame, undefined>> {
    this.fail(error);
    return this.next();
  }

  /** What waits is let go at once: the reader resumes after the last frame it took, and meanwhile it holds no memory. */
  #overflow(): void {
    const after = this.#last === null ? '' : ` Resume after ${this.#last}.`;
    const error = new AppError('SLOW_CONSUMER', `${this.#queue.length} frames were waiting.${after}`);
    this.#forget();
    this.fail(error);
    this.#options.onOverflow?.(error);
  }

  #shift(): Frame | undefined {
    const frame = this.#queue.shift();
    if (frame) this.#waitingBytes -= frame.bytes.length;
    return frame;
  }

  #forget(): void {
    this.#queue.length = 0;
    this.#waitingBytes = 0;
    this.#prologue = null;
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
