import { expect, test } from '@jest/globals';
import type { Identity } from '../../platform/identity.ts';
import { SignatureVerifier, signRequest } from '../../platform/request-signature.ts';

const SECRET = 'a secret of the test';
const NOW = 1_750_000_000_000;
const request = { method: 'POST', path: '/graphql', body: '{"query":"{ a }"}' };
const ann: Identity = { userId: 'ann', scopes: ['viewer'], audience: null };
const sign = (over: Partial<typeof request> = {}, at = NOW) =>
  signRequest(SECRET, { ...request, ...over }, ann, at, 5_000);

test('a signed call is believed, with its identity', () => {
  expect(new SignatureVerifier(SECRET).verify({ ...request, body: Buffer.from(request.body) }, sign(), NOW)).toEqual(
    ann,
  );
});

test('a call is good once', () => {
  const verifier = new SignatureVerifier(SECRET);
  const headers = sign();
  expect(verifier.verify(request, headers, NOW)).toEqual(ann);
  expect(verifier.verify(request, headers, NOW + 1_000)).toBeNull();
});

test.each([
  ['another body', { ...request, body: '{"query":"{ b }"}' }],
  ['another path', { ...request, path: '/graphql?x' }],
  ['another method', { ...request, method: 'GET' }],
])('%s is not what was signed', (_name, received) => {
  expect(new SignatureVerifier(SECRET).verify(received, sign(), NOW)).toBeNull();
});

test.each([-30_001, 30_001])('a call %p ms off is refused', (ms) => {
  expect(new SignatureVerifier(SECRET).verify(request, sign({}, NOW + ms), NOW)).toBeNull();
});

test('another secret, another identity, and missing or odd headers are refused', () => {
  const headers = sign();
  expect(new SignatureVerifier('another').verify(request, headers, NOW)).toBeNull();
  const eve = Buffer.from(JSON.stringify({ ...ann, userId: 'eve' })).toString('base64url');
  expect(new SignatureVerifier(SECRET).verify(request, { ...headers, 'x-firetv-identity': eve }, NOW)).toBeNull();
  for (const name of Object.keys(headers)) {
    for (const value of [undefined, '', 'é', ['a', 'b']]) {
      expect(new SignatureVerifier(SECRET).verify(request, { ...headers, [name]: value }, NOW)).toBeNull();
    }
  }
});

test('what is remembered goes when it cannot be replayed any more', () => {
  const verifier = new SignatureVerifier(SECRET);
  for (let n = 0; n < 1_000; n += 1) expect(verifier.verify(request, sign(), NOW)).toEqual(ann);
  const old = sign();
  expect(verifier.verify(request, old, NOW)).toEqual(ann);
  const later = NOW + 61_000;
  expect(verifier.verify(request, sign({}, later), later)).toEqual(ann);
  expect(verifier.verify(request, old, later)).toBeNull();
});
