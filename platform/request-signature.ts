/**
 * Signed calls between the gateway and its subgraphs: HMAC-SHA-256 over method, path, body, identity, time, nonce and the time
 * that the caller will wait. A call is good for 30 s and once. The identity travels in the same headers that are signed.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Identity } from './identity.ts';

const WINDOW_MS = 30_000;
/** Nonces remembered at most; past it a call is refused rather than a replay let in. */
const MAX_NONCES = 200_000;

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | Buffer;
}

const IDENTITY = 'x-firetv-identity';
const TIME = 'x-firetv-time';
const NONCE = 'x-firetv-nonce';
const SIGNATURE = 'x-firetv-signature';
/** For how many ms the caller waits for the answer. */
const BUDGET = 'x-firetv-budget';

function digest(secret: string, request: SignedRequest, ...headers: readonly string[]): Buffer {
  const body = createHash('sha256').update(request.body).digest('base64url');
  return createHmac('sha256', secret)
    .update([request.method, request.path, body, ...headers].join('\n'))
    .digest();
}

/** The headers that make a subgraph believe a call. */
export function signRequest(
  secret: string,
  request: SignedRequest,
  identity: Identity,
  nowMs: number,
  budgetMs: number,
): Record<string, string> {
  const who = Buffer.from(JSON.stringify(identity)).toString('base64url');
  const time = String(Math.floor(nowMs));
  const nonce = randomBytes(12).toString('base64url');
  const budget = String(Math.ceil(budgetMs));
  return {
    [IDENTITY]: who,
    [TIME]: time,
    [NONCE]: nonce,
    [BUDGET]: budget,
    [SIGNATURE]: digest(secret, request, who, time, nonce, budget).toString('base64url'),
  };
}

/** How long the caller of a verified request waits for its answer, in ms. */
export const budgetOf = (headers: Readonly<Record<string, string | string[] | undefined>>): number =>
  Number(headers[BUDGET]);

/** Remembers nonces for as long as a call is good; one per subgraph process. */
export class SignatureVerifier {
  readonly #secret: string;
  readonly #seen = new Map<string, number>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Whom a call is for; null: not signed by the gateway, too old, or seen before. */
  verify(
    request: SignedRequest,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    nowMs: number,
  ): Identity | null {
    const [who, time, nonce, budget] = [IDENTITY, TIME, NONCE, BUDGET].map((name) => headers[name]);
    if (typeof who !== 'string' || typeof time !== 'string' || typeof nonce !== 'string') return null;
    const signature = headers[SIGNATURE];
    if (typeof budget !== 'string' || !/^\d{1,9}$/.test(budget)) return null;
    if (typeof signature !== 'string' || !(Math.abs(nowMs - Number(time)) <= WINDOW_MS)) return null;
    const given = Buffer.from(signature, 'base64url');
    const expected = digest(this.#secret, request, who, time, nonce, budget);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    if (!this.#remember(nonce, Number(time) + WINDOW_MS, nowMs)) return null;
    return JSON.parse(Buffer.from(who, 'base64url').toString('utf8')) as Identity;
  }

  #remember(nonce: string, untilMs: number, nowMs: number): boolean {
    for (const [old, until] of this.#seen) {
      if (until > nowMs) break; // insertion order is nearly the order of expiry
      this.#seen.delete(old);
    }
    if (this.#seen.has(nonce) || this.#seen.size >= MAX_NONCES) return false;
    this.#seen.set(nonce, untilMs);
    return true;
  }
}
