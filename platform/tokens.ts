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

const keyOf = (secret: Secret): Uint8Array => new TextEncoder().encode(secret.reveal());

export function createTokenVerifier(tokens: Config['tokens']): TokenVerifier {
  const key: JWTVerifyGetKey =
    tokens.kind === 'jwks'
      ? createRemoteJWKSet(new URL(tokens.url), { timeoutDuration: 5_000 })
      : async () => keyOf(tokens.secret);
  const algorithms = tokens.kind === 'jwks' ? ['RS256', 'ES256', 'EdDSA', 'PS256'] : ['HS256'];
  return async (authorization) => {
    const [scheme, token] = authorization.trim().split(/\s+/, 2);
    if (scheme?.toLowerCase() !== 'bearer' || !token) {
      throw new AppError('UNAUTHENTICATED', 'The Authorization header must be "Bearer TOKEN".');
    }
    try {
      const { payload } = await jwtVerify(token, key, { algorithms, clockTolerance: 5, requiredClaims: ['sub'] });
      return {
        identity: {
          userId: payload.sub as string,
          scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ').filter(Boolean) : [],
          audience: null,
        },
        expiresAt: payload.exp === undefined ? null : payload.exp * 1000,
      };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const expired = error instanceof errors.JWTExpired;
      throw new AppError('UNAUTHENTICATED', expired ? 'The token has expired.' : 'The token is not valid.', {
        cause: error,
      });
    }
  };
}

/** Mints a token for a demo user; valid for `days`. */
export async function mintToken(secret: Secret, userId: string, days = 30): Promise<string> {
  return new SignJWT({ scope: 'viewer' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${days} days`)
    .sign(keyOf(secret));
}
