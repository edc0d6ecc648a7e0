/**
 * The sockets of one Kafka event log: they send small requests at once, and can all be cut off, which kafkajs cannot do: what it
 * has begun it retries for a while, after `disconnect` too, and keeps the process alive meanwhile.
 */
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

export class KafkaSockets {
  readonly #open = new Set<Socket>();
  #isCutOff = false;

  /** For kafkajs. @throws Error after `cutOff` */
  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.#isCutOff) throw new Error('the event log is closed');
    const tls = ssl as ConnectionOptions | undefined;
    const socket = tls ? connectTls({ host, port, ...tls }, onConnect) : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  /** Ends every connection, and every one still to come. */
  cutOff(): void {
    this.#isCutOff = true;
    for (const socket of this.#open) socket.destroy(new Error('the event log is closed'));
  }
}
