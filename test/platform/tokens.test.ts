/** Users' tokens: who signed them, for whom, until when. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { base64url, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Secret } from '../../platform/config.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';

const SECRET = 's'.repeat(32);
const key = new TextEncoder().encode(SECRET);
const now = () => Math.floor(Date.now() / 1000);
const jwt = (claims: Record<string, unknown> = {}) =>
  new SignJWT({ sub: 'ann', ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(key);

describe('with a shared secret', () => {
  const verify = createTokenVerifier({
    kind: 'secret',
    secret: new Secret(SECRET),
    issuer: 'https://id',
    audience: 'tv',
  });
  const good = { iss: 'https://id', aud: ['web', 'tv'], exp: now() + 60, scope: 'viewer  admin' };

  test('a good token names its user, scopes and end', async () => {
    const { identity, expiresAt } = await verify(`bearer ${await jwt(good)}`);
    expect(identity).toEqual({ userId: 'ann', scopes: ['viewer', 'admin'], audience: null });
    expect(expiresAt).toBe(good.exp * 1000);
  });

  test.each([
    ['expired, beyond the leeway', { ...good, exp: now() - 6 }],
    ['not yet good', { ...good, nbf: now() + 60 }],
    ['of another issuer', { ...good, iss: 'https://evil' }],
    ['of no issuer', { ...good, iss: undefined }],
    ['for another audience', { ...good, aud: 'shop' }],
    ['of no user', { ...good, sub: undefined }],
    ['of a user without a name', { ...good, sub: '' }],
    ['of a user of another type', { ...good, sub: { $ne: null } }],
    ['of a user with too long a name', { ...good, sub: 'a'.repeat(201) }],
  ])('refused: %s', async (_what, claims) => {
    await expect(
      jwt(claims as Record<string, unknown>).then((token) => verify(`Bearer ${token}`)),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('within the leeway of 5 s an ended token still counts', async () => {
    expect((await verify(`Bearer ${await jwt({ ...good, exp: now() - 2 })}`)).identity.userId).toBe('ann');
  });

  test('unsigned, signed with another key, by another algorithm, and what is no token are refused', async () => {
    const encode = (value: object) => base64url.encode(JSON.stringify(value));
    const body = encode({ ...good, sub: 'ann' });
    const [head, , signature] = (await jwt(good)).split('.');
    const { privateKey } = await generateKeyPair('RS256');
    const tokens = [
      ...['none', 'None', 'NONE', ''].map((alg) => `${encode({ alg, typ: 'JWT' })}.${body}.`),
      `${encode({ alg: 'none' })}.${body}.${signature}`,
      `${head}.${encode({ ...good, sub: 'eve' })}.${signature}`,
      `${head}.${body}.`,
      await new SignJWT({ ...good, sub: 'ann' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
      await new SignJWT({ ...good, sub: 'ann' }).setProtectedHeader({ alg: 'HS512' }).sign(new Uint8Array(64)),
      await new SignJWT({ ...good, sub: 'ann' }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
      `${encode({ alg: 'HS256', crit: ['b64'], b64: false })}.${body}.${signature}`,
      'a.b.c',
      '...',
      '{}',
      'x'.repeat(10_000),
      '\u0000',
      `${head}.${body}`,
    ];
    for (const token of tokens)
      await expect(verify(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const header of ['', 'Bearer', 'Basic YTpi', await jwt(good)]) {
      await expect(verify(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });
});

describe('with a JWKS address', () => {
  let server: Server;
  let url: string;
  let status = 200;
  let reads = 0;
  let keys: object[] = [];
  beforeAll(async () => {
    server = createServer((_request, response) => {
      reads += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks.json`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const newKey = async (kid: string, alg = 'ES256') => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
  };
  const signed = ({ kid, alg, privateKey }: { kid: string; alg: string; privateKey: CryptoKey }) =>
    new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg, kid })
      .setExpirationTime('1 minute')
      .sign(privateKey)
      .then((token) => `Bearer ${token}`);

  test('keys are read once, and again when a token names a new one; a withdrawn key counts no more', async () => {
    const [first, second] = [await newKey('1'), await newKey('2', 'RS256')];
    keys = [first.jwk];
    reads = 0;
    const verify = createTokenVerifier({ kind: 'jwks', url }, { cooldownDuration: 0 });
    await verify(await signed(first));
    await verify(await signed(first));
    expect(reads).toBe(1);
    keys = [second.jwk];
    expect((await verify(await signed(second))).identity.userId).toBe('ann');
    expect(reads).toBe(2);
    await expect(verify(await signed(first))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('made-up key ids do not make us read the keys again and again', async () => {
    const known = await newKey('1');
    keys = [known.jwk];
    reads = 0;
    const verify = createTokenVerifier({ kind: 'jwks', url });
    await verify(await signed(known));
    for (let n = 0; n < 20; n += 1)
      await expect(verify(await signed({ ...known, kid: `made-up-${n}` }))).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    expect(reads).toBe(1);
  });

  test('a public key is no shared secret: HS256 is refused, whatever it was signed with', async () => {
    const rsa = await newKey('1', 'RS256');
    keys = [rsa.jwk];
    const verify = createTokenVerifier({ kind: 'jwks', url });
    const forged = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'HS256', kid: '1' })
      .sign(new TextEncoder().encode(JSON.stringify(rsa.jwk)));
    await expect(verify(`Bearer ${forged}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('where the keys cannot be had it is our failure, not the token’s', async () => {
    const known = await newKey('1');
    status = 500;
    await expect(createTokenVerifier({ kind: 'jwks', url })(await signed(known))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    status = 200;
    const nowhere = createTokenVerifier({ kind: 'jwks', url: 'http://127.0.0.1:1/jwks.json' });
    await expect(nowhere(await signed(known))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(nowhere('Bearer a.b.c')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
