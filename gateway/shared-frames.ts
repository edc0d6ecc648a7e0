/** A frame for many sockets is serialized once: graphql-ws is given a marker in its place, which the socket swaps for the bytes. */
import type { WebSocket } from 'ws';
import type { Frame } from './subscriber.ts';

const MARK = '\u0001frame';
const MARKER = JSON.stringify(MARK);

/** graphql-ws stringifies a message and sends it in the same turn, so the frame last marked is the one being sent. */
export class Marked {
  static #current: Frame | undefined;
  readonly #frame: Frame;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  toJSON(): string {
    Marked.#current = this.#frame;
    return MARK;
  }

  static take(): Frame | undefined {
    const frame = Marked.#current;
    Marked.#current = undefined;
    return frame;
  }
}

/** Has the socket put a frame's bytes where its marker stands, as the message is sent. */
export function swapMarkers(socket: WebSocket): void {
  const send = socket.send.bind(socket) as (data: string, done?: (error?: Error) => void) => void;
  socket.send = ((data: string, done?: (error?: Error) => void) => {
    const at = data.lastIndexOf(MARKER);
    const frame = at < 0 ? undefined : Marked.take();
    send(frame ? data.slice(0, at) + frame.json + data.slice(at + MARKER.length) : data, done);
  }) as WebSocket['send'];
}
