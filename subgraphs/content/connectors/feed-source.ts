/**
 * Where a platform's rows come from: a file, or an address that is asked over HTTP(S). Opening is tried again with growing pauses;
 * a source that falls silent is given up. What a feed has sent is never asked for again: rows are harmless to repeat, so the
 * next import is the retry.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const TRIES = 4;
const LONGEST_PAUSE_MS = 30_000;
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface SourceOptions {
  /** What the server called the version that is here already. */
  readonly etag?: string | null;
  readonly stopping?: AbortSignal | undefined;
  /** Most time until an answer begins, and between two pieces of it; default 30 s. */
  readonly timeoutMs?: number;
  /** Pause before the second try, doubled before each further one; default 500 ms. */
  readonly firstPauseMs?: number;
}

export interface OpenSource {
  /** Iterate once; leaving the loop closes the source. @throws SourceFailed where it ends before its time */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Null: the server does not say. */
  readonly sizeBytes: number | null;
  readonly etag: string | null;
}

/** A source that cannot be opened, or stopped before its end; the message says how and what to do. */
export class SourceFailed extends Error {
  override readonly name = 'SourceFailed';
}

export const isAddress = (location: string): boolean => /^https?:\/\//i.test(location);

/** A name for people and for keys: the last part of the path. An address's query, which may hold a secret, is not part of it. */
export const nameOf = (location: string): string =>
  (isAddress(location) ? new URL(location).pathname.split('/').findLast((part) => part !== '') : basename(location)) ||
  'feed';

/** Opens a file or an address; null: the address has nothing newer than `etag`. @throws SourceFailed */
export function openSource(location: string, options: SourceOptions = {}): Promise<OpenSource | null> {
  return isAddress(location) ? openAddress(location, options) : openFile(location);
}

async function openFile(path: string): Promise<OpenSource> {
  try {
    const found = await stat(path);
    if (found.isFile()) return { bytes: bytesOf(path), sizeBytes: found.size, etag: null };
  } catch (error) {
    throw new SourceFailed(`There is no file ${path}; check the path.`, { cause: error });
  }
  throw new SourceFailed(`${path} is not a file.`);
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path);
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw new SourceFailed(`it could not be read on (${reasonOf(error)})`, { cause: error });
  } finally {
    stream.destroy();
  }
}

async function openAddress(address: string, options: SourceOptions): Promise<OpenSource | null> {
  const { firstPauseMs = 500, stopping } = options;
  const name = nameOf(address);
  let failure = '';
  for (let tries = 1; ; tries += 1) {
    const attempt = await ask(address, options);
    if (attempt.kind !== 'failed') return attempt.kind === 'open' ? attempt.source : null;
    failure = attempt.reason;
    if (!attempt.isRetryable || tries === TRIES) {
      const times = tries === 1 ? '' : `, ${tries} times`;
      throw new SourceFailed(`${name} cannot be fetched: ${failure}${times}.`, { cause: attempt.error });
    }
    const wait = Math.min(LONGEST_PAUSE_MS, Math.max(attempt.retryAfterMs, firstPauseMs * 2 ** (tries - 1)));
    await pause(wait, undefined, stopping ? { signal: stopping } : {});
  }
}

type Attempt =
  | { readonly kind: 'open'; readonly source: OpenSource }
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly isRetryable: boolean;
      readonly retryAfterMs: number;
      readonly error?: unknown;
    };

async function ask(address: string, { etag, stopping, timeoutMs = 30_000 }: SourceOptions): Promise<Attempt> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no answer for ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await fetch(address, {
      headers: { accept: 'text/csv, application/json', ...(etag ? { 'if-none-match': etag } : {}) },
      signal: stopping ? AbortSignal.any([stopping, silence.signal]) : silence.signal,
    });
    if (response.ok && response.body) {
      const isEncoded = response.headers.has('content-encoding');
      const length = Number(response.headers.get('content-length') ?? Number.NaN);
      return {
        kind: 'open',
        source: {
          bytes: bodyOf(response.body, silence, timeoutMs, stopping),
          sizeBytes: isEncoded || Number.isNaN(length) ? null : length,
          etag: response.headers.get('etag'),
        },
      };
    }
    await response.body?.cancel();
    if (response.status === 304) return { kind: 'unchanged' };
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000 || 0;
    const isRetryable = RETRYABLE.has(response.status);
    return { kind: 'failed', reason: `the server answers ${response.status}`, isRetryable, retryAfterMs };
  } catch (error) {
    stopping?.throwIfAborted();
    return { kind: 'failed', reason: reasonOf(error), isRetryable: true, retryAfterMs: 0, error };
  } finally {
    clearTimeout(timer);
  }
}

async function* bodyOf(
  body: ReadableStream<Uint8Array>,
  silence: AbortController,
  timeoutMs: number,
  stopping: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const timer = setTimeout(() => silence.abort(new Error(`nothing more for ${timeoutMs} ms`)), timeoutMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } catch (error) {
    stopping?.throwIfAborted();
    throw new SourceFailed(`the feed stopped half way (${reasonOf(error)})`, { cause: error });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Of fetch's "fetch failed" and "terminated" the cause is what says something. */
function reasonOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  if (cause) return reasonOf(cause);
  return message || code || String(error);
}
