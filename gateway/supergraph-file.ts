/**
 * Follows the file of a supergraph: what is written to it is served without a restart. Looked at every few seconds, since a change
 * of a mounted file (a Kubernetes ConfigMap, a network drive) is not told to anybody. A file that cannot be served is told of
 * once, and what was served goes on.
 */
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';

const LOOK_MS = 2_000;

export interface SupergraphFileOptions {
  readonly path: string | URL;
  /** What is served already. */
  readonly served: string;
  /** Rejects with what is wrong with it; then nothing has changed. */
  readonly serve: (sdl: string) => Promise<void>;
  readonly logger: Logger;
  readonly everyMs?: number;
}

/** @returns what ends it */
export function followSupergraph({
  path,
  served,
  serve,
  logger,
  everyMs = LOOK_MS,
}: SupergraphFileOptions): () => void {
  let seen = served;
  let looking = false;
  let fault = '';
  const look = async (): Promise<void> => {
    const sdl = await readFile(path, 'utf8');
    if (sdl === seen) return;
    seen = sdl;
    await serve(sdl);
    fault = '';
    logger.info({ path: String(path) }, 'a new supergraph is served');
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => {
        if (String(error) === fault) return;
        fault = String(error);
        logger.error({ err: error, path: String(path) }, 'the supergraph was not taken: the one before is served on');
      })
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
