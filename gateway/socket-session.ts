/**
 * Who is at the other end of a socket, and for how long. A token is given at `connection_init`; when it ends the socket is
 * closed with 4403, which clients answer by connecting again (4401 would end them for good). A client that would rather stay
 * sends a new token before, in a ping of the protocol:
 *   {"type":"ping","payload":{"Authorization":"Bearer TOKEN"}}
 * The pong says how it went: {"expiresAt": ms} or {"error": {message, code}}; after an error the old token goes on.
 */
import type { WebSocket } from 'ws';
import { ANONYMOUS, type Identity } from '../platform/identity.ts';
import type { TokenVerifier, VerifiedToken } from '../platform/tokens.ts';
import { AppError } from '../schema/errors.ts';
import type { SocketCounts } from './socket-limits.ts';

/** Close codes: the protocol's own, and private ones that say "come back". */
export const CLOSE = { goingAway: 1001, tryAgain: 1013, forbidden: 4403, slowConsumer: 4410, tooMany: 4429 } as const;

/** The longest a timer can wait, and longer than a socket lives. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** The protocol's limit for a reason. */
const MAX_REASON_BYTES = 123;

export function closeWith(socket: WebSocket, code: number, reason: string): void {
  socket.close(
    code,
    Buffer.from(reason)
      .subarray(0, MAX_REASON_BYTES)
      .toString('utf8')
      .replace(/\uFFFD$/, ''),
  );
}

export class SocketSession {
  readonly socket: WebSocket;
  readonly #address: string;
  readonly #counts: SocketCounts;
  readonly #verify: TokenVerifier;
  readonly #open = new Set<string>();
  #identity: Identity | null = null;
  #expiry: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, address: string, counts: SocketCounts, verify: TokenVerifier) {
    this.socket = socket;
    this.#address = address;
    this.#counts = counts;
    this.#verify = verify;
  }

  get identity(): Identity {
    return this.#identity ?? ANONYMOUS;
  }

  /** Who is counted. */
  get viewer(): string {
    return this.identity.userId === null ? `address ${this.#address}` : `user ${this.identity.userId}`;
  }

  /** Signs in with the parameters of `connection_init`. @returns whether the socket stays open */
  async signIn(params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const authorization = authorizationOf(params);
    let token: VerifiedToken = { identity: ANONYMOUS, expiresAt: null };
    try {
      if (authorization !== null) token = await this.#verify(authorization);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      closeWith(this.socket, error.code === 'UNAUTHENTICATED' ? CLOSE.forbidden : CLOSE.tryAgain, error.message);
      return false;
    }
    if (this.socket.readyState !== this.socket.OPEN) return false;
    this.#identity = token.identity;
    if (!this.#counts.opened(this.viewer)) {
      this.#identity = null;
      closeWith(this.socket, CLOSE.tooMany, 'A limit was reached. You have too many sockets open.');
      return false;
    }
    this.#expireAt(token.expiresAt);
    return true;
  }

  /** Takes a new token of the same user. @returns what the pong says; null: the ping brought none */
  async refresh(payload: Readonly<Record<string, unknown>> | undefined): Promise<Record<string, unknown> | null> {
    const authorization = authorizationOf(payload);
    if (authorization === null) return null;
    try {
      const { identity, expiresAt } = await this.#verify(authorization);
      if (identity.userId !== this.identity.userId) {
        throw new AppError('FORBIDDEN', 'A socket stays with its user: connect again as another.');
      }
      if (identity.scopes.join(' ') !== this.identity.scopes.join(' ')) {
        throw new AppError('FORBIDDEN', 'A socket keeps its scopes: connect again with others.');
      }
      this.#expireAt(expiresAt);
      return { expiresAt };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { error: { message: error.message, code: error.code } };
    }
  }

  /** @returns whether one more operation may begin on this socket */
  began(operationId: string): boolean {
    if (!this.#counts.began(this.viewer)) return false;
    this.#open.add(operationId);
    return true;
  }

  ended(operationId: string): void {
    if (this.#open.delete(operationId)) this.#counts.ended(this.viewer);
  }

  closed(): void {
    clearTimeout(this.#expiry);
    for (const id of this.#open) this.ended(id);
    if (this.#identity) this.#counts.closed(this.viewer);
    this.#identity = null;
  }

  #expireAt(expiresAtMs: number | null): void {
    clearTimeout(this.#expiry);
    if (expiresAtMs === null || this.socket.readyState !== this.socket.OPEN) return;
    const ms = expiresAtMs - Date.now();
    if (ms > MAX_TIMER_MS) return;
    const close = () => closeWith(this.socket, CLOSE.forbidden, 'The token has expired: connect again with a new one.');
    this.#expiry = setTimeout(close, Math.max(ms, 0));
  }
}

function authorizationOf(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const given = params && (params['Authorization'] ?? params['authorization']);
  return given === undefined || given === null || given === '' ? null : String(given);
}
