/** Users' tokens: JSON Web Tokens (RFC 7519), with `sub` the user id and `scope` a list separated by spaces. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { AppError } from '../schema/errors.ts';
import type { Config, Secret } from './config.ts';
import type { Identity } from './identity.ts';

export interface VerifiedToken {
  readonly identity: Identity;
  /** When the token ends, ms since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** Verifies the value of an Authorization header. @throws AppError UNAUTHENTICATED saying what is wrong with it */
export type TokenVerifier = (authorization: string) => Promise<VerifiedToken>;

/** How far the clocks of who signs and of ours may differ. */
const LEEWAY_S = 5;
const MAX_SUBJECT = 200;
/** A token is a few hundred bytes; what is longer is not read. */
const MAX_TOKEN = 8_192;

/** jose's codes for keys that cannot be had. */
const UNREACHABLE = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

const keyOf = (secret: Secret): Uint8Array => new TextEncoder().encode(secret.reveal());

/**
 * Keys behind a JWKS address are kept for ten minutes; a token with a key id not among them has them read again, at most once
 * per `cooldownDuration` ms, so that keys can be rotated and made-up ids cost nothing.
 */
export function createTokenVerifier(tokens: Config['tokens'], { cooldownDuration = 30_000 } = {}): TokenVerifier {
  const key: JWTVerifyGetKey =
    tokens.kind === 'jwks'
      ? createRemoteJWKSet(new URL(tokens.url), { timeoutDuration: 5_000, cooldownDuration, cacheMaxAge: 600_000 })
      : async () => keyOf(tokens.secret);
  const algorithms = tokens.kind === 'jwks' ? ['RS256', 'ES256', 'EdDSA', 'PS256'] : ['HS256'];
  return async (authorization) => {
    const [scheme, token] = authorization.trim().split(/\s+/, 2);
    if (scheme?.toLowerCase() !== 'bearer' || !token || token.length > MAX_TOKEN) {
      throw new AppError('UNAUTHENTICATED', 'The Authorization header must be "Bearer TOKEN".');
    }
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['sub'],
        ...(tokens.issuer && { issuer: tokens.issuer }),
        ...(tokens.audience && { audience: tokens.audience }),
      });
      const { sub } = payload;
      if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT) {
        throw new AppError('UNAUTHENTICATED', 'The token does not name a user.');
      }
      return {
        identity: {
          userId: sub,
          scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ').filter(Boolean) : [],
          audience: null,
        },
        expiresAt: payload.exp === undefined ? null : payload.exp * 1000,
      };
    } catch (error) {
      if (error instanceof AppError) throw error;
      const ofToken = error instanceof errors.JOSEError && !UNREACHABLE.has(error.code);
      if (tokens.kind === 'jwks' && !ofToken) {
        throw new AppError('UNAVAILABLE', 'Tokens cannot be verified now: try again in a moment.', { cause: error });
      }
      const expired = error instanceof errors.JWTExpired;
      throw new AppError('UNAUTHENTICATED', expired ? 'The token has expired.' : 'The token is not valid.', {
        cause: error,
      });
    }
  };
}

/** Mints a token for a demo user; valid for `days`. */
export async function mintToken(secret: Secret, userId: string, days = 30, scope = 'viewer'): Promise<string> {
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${days} days`)
    .sign(keyOf(secret));
}
