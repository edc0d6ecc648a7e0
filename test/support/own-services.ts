/** A Kafka broker or a MongoDB-wire server of a test's own, which it may kill: by the scripts of SERVICES_DIR. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';

/** Ports of an instance are these and the test's own number. */
const PORTS = { kafka: 9_092, mongo: 27_017 } as const;
const COMMAND_MS = 120_000;

export class OwnService {
  readonly #directory: string;
  readonly #service: keyof typeof PORTS;
  readonly #portOffset: number;

  /** @param portOffset 1 to 5000: a number that no other test has */
  constructor(directory: string, service: keyof typeof PORTS, portOffset: number) {
    this.#directory = directory;
    this.#service = service;
    this.#portOffset = portOffset;
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Resolves when it answers; empty, or with the data it had. */
  async start({ keep = false } = {}): Promise<void> {
    await this.#run('up', `--${this.#service}`, ...(keep ? ['--keep'] : []));
  }

  /** SIGKILL. Resolves when its port is free: on a busy machine that is some time after the process is gone. */
  async kill(): Promise<void> {
    await this.#run(`kill-${this.#service}`);
    await eventually(async () => !(await isOpen(this.#port)), 30_000);
  }

  /** In order, with its data. */
  async restart(): Promise<void> {
    await this.#run(`restart-${this.#service}`);
  }

  /** Ends it; its data go. */
  async remove(): Promise<void> {
    await this.#run('down', `--${this.#service}`, '--wipe');
  }

  get #port(): number {
    return PORTS[this.#service] + this.#portOffset;
  }

  async #run(command: string, ...options: string[]): Promise<void> {
    const args = [...options, '--port-offset', String(this.#portOffset)];
    await promisify(execFile)(join(this.#directory, command), args, { timeout: COMMAND_MS });
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
