/**
 * A real member's way to the real server: a TCP proxy that delays each direction as `sim-network.ts` draws it, in order, and can be
 * cut. What is under way when it is cut is lost, and new connections hang, as they do without a network.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { SimNetwork } from './sim-network.ts';

export class DelayProxy {
  readonly #server: Server;
  readonly #network: SimNetwork;
  readonly #sockets = new Set<Socket>();
  readonly port: number;

  private constructor(server: Server, network: SimNetwork, targetPort: number) {
    this.#server = server;
    this.#network = network;
    this.port = (server.address() as { port: number }).port;
    server.on('connection', (near) => this.#join(near, targetPort));
  }

  static async open(network: SimNetwork, targetPort: number): Promise<DelayProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DelayProxy(server, network, targetPort);
  }

  /** Ends what is connected now: a reset, which both sides notice at once. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, targetPort: number): void {
    this.#keep(near);
    near.setNoDelay(true);
    if (this.#network.isDown) return;
    const far = connect(targetPort, '127.0.0.1');
    this.#keep(far);
    far.setNoDelay(true);
    this.#pipe(near, far, (deliver) => this.#network.up(deliver));
    this.#pipe(far, near, (deliver) => this.#network.down(deliver));
  }

  #pipe(from: Socket, to: Socket, send: (deliver: () => void) => void): void {
    from.on('data', (chunk) => send(() => to.destroyed || to.write(chunk)));
    from.on('close', () => to.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined); // its other half is destroyed with it
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
