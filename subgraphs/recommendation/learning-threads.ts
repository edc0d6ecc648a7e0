/**
 * Threads that learn beside the one that answers, so that a page never waits for a batch. One that dies is started again: what
 * it had in hand comes again, to it or to another. Times: ms.
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { countAlso } from '../../platform/metrics.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import { withTimeout } from '../../platform/ports/timeout.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { AppError } from '../../schema/errors.ts';
import type { Reply, Request } from './learning-main.ts';

const THREAD = new URL('./learning-main.ts', import.meta.url);
/** Opening the log and the store, reading the catalogue and joining the group. */
const START_MS = 60_000;
const RESTART_MS = 1_000;
/** The batch in hand is learned before. */
const STOP_MS = 15_000;

/**
 * To be started with the ports of the process, whose logger it uses; resolves when all threads learn.
 * @param env what the threads are configured by @throws AppError UNAVAILABLE when started
 */
export function learningThreads(
  count: number,
  env: NodeJS.ProcessEnv,
): (ports: Pick<Ports, 'logger'>) => Promise<Reader> {
  return async ({ logger }) => {
    const threads = Array.from({ length: count }, () => new LearningThread(env, logger));
    const close = async (): Promise<void> => {
      await Promise.all(threads.map((thread) => thread.close()));
    };
    try {
      await Promise.all(threads.map((thread) => thread.start()));
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  };
}

class LearningThread {
  readonly #env: NodeJS.ProcessEnv;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #countNoMore: () => void;
  #worker: Worker | undefined;

  constructor(env: NodeJS.ProcessEnv, logger: Logger) {
    this.#env = env;
    this.#logger = logger;
    this.#countNoMore = countAlso(() => this.#metrics());
  }

  /** @throws AppError UNAVAILABLE */
  async start(): Promise<void> {
    const worker = new Worker(THREAD, { env: this.#env });
    this.#worker = worker;
    const failed = new Promise<never>((_, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    try {
      await withTimeout(Promise.race([once(worker, 'message'), failed]), START_MS);
    } catch (cause) {
      this.#worker = undefined;
      await worker.terminate();
      throw new AppError('UNAVAILABLE', `A thread did not begin to learn: ${(cause as Error).message}`, { cause });
    }
    failed.catch((error) => this.#ended(worker, error));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#countNoMore();
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    const ended = once(worker, 'exit');
    ask(worker, 'stop');
    await withTimeout(ended, STOP_MS).catch(() => worker.terminate());
  }

  /** One that learned, and ended unasked. */
  #ended(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#logger.error({ err: error }, 'a thread that learns has ended; it is started again');
    void this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await pause(RESTART_MS, undefined, { signal });
        await this.start();
        return;
      } catch (error) {
        if (!signal.aborted) this.#logger.error({ err: error }, 'a thread that learns could not be started');
      }
    }
  }

  async #metrics(): Promise<object[]> {
    const worker = this.#worker;
    if (worker === undefined) return [];
    const replied = once(worker, 'message') as Promise<[Reply]>;
    ask(worker, 'metrics');
    const [reply] = await replied;
    return typeof reply === 'object' ? reply.metrics : [];
  }
}

const ask = (worker: Worker, request: Request): void => worker.postMessage(request);
