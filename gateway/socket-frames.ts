/**
 * The frames of one subscription on its socket, past graphql-ws: a frame is serialized once for all sockets it goes to, and what
 * one socket gets in one turn of the event loop leaves in one write. graphql-ws sees only how the stream ends.
 */
import type { Duplex } from 'node:stream';
import { MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Frame } from './subscriber.ts';

/** What a socket may be behind before its frames wait in the subscriber's queue, which knows what to do about slow readers. */
const MAX_BEHIND_BYTES = 64 * 1_024;
const TAIL = Buffer.from('}');

export class SocketFrames {
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #head: Buffer;

  /** @param wire what the socket writes to */
  constructor(socket: WebSocket, wire: Duplex, operationId: string) {
    this.#socket = socket;
    this.#wire = wire;
    this.#head = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"${MessageType.Next}","payload":`);
  }

  /** Sends a frame at once, unless the socket is behind. @returns whether it did */
  offer(frame: Frame): boolean {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount > MAX_BEHIND_BYTES) return false;
    writeTogether(this.#wire);
    socket.send(this.#message(frame), { binary: false });
    return true;
  }

  /** Reads a stream to its end, each frame when the one before has been written. */
  drain(stream: AsyncGenerator<Frame, undefined, undefined>): AsyncGenerator<never, undefined, undefined> {
    return new Drained(stream, (frame) => this.#send(frame));
  }

  #send(frame: Frame): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      if (socket.readyState !== socket.OPEN) resolve();
      else socket.send(this.#message(frame), { binary: false }, (error) => (error ? reject(error) : resolve()));
    });
  }

  #message(frame: Frame): Buffer {
    return Buffer.concat([this.#head, frame.bytes, TAIL]);
  }
}

/** Yields nothing, only ends as the stream does. No generator function: that would keep `return` waiting for the next frame. */
class Drained implements AsyncGenerator<never, undefined, undefined> {
  readonly #stream: AsyncGenerator<Frame, undefined, undefined>;
  readonly #send: (frame: Frame) => Promise<void>;

  constructor(stream: AsyncGenerator<Frame, undefined, undefined>, send: (frame: Frame) => Promise<void>) {
    this.#stream = stream;
    this.#send = send;
  }

  async next(): Promise<IteratorResult<never, undefined>> {
    for (;;) {
      const step = await this.#stream.next();
      if (step.done) return step;
      await this.#send(step.value);
    }
  }

  async return(): Promise<IteratorResult<never, undefined>> {
    await this.#stream.return(undefined);
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<never, undefined>> {
    await this.#stream.return(undefined);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

const corked = new Set<Duplex>();

/** Holds what is written until all that runs now has run. */
function writeTogether(wire: Duplex): void {
  if (corked.has(wire)) return;
  if (corked.size === 0) process.nextTick(uncorkAll);
  corked.add(wire);
  wire.cork();
}

function uncorkAll(): void {
  for (const wire of corked) wire.uncork();
  corked.clear();
}
