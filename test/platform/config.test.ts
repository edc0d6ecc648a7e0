import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../platform/config.ts';
import { configTable } from '../../platform/config-variables.ts';

const SECRETS = { JWT_SECRET: 'j'.repeat(32), SUBGRAPH_SECRET: 's'.repeat(32) };

test('without variables everything is embedded, in one process, on loopback', () => {
  expect(loadConfig({})).toMatchObject({
    profile: 'development',
    host: '127.0.0.1',
    ports: { gateway: 4000, content: 3001, recommendation: 3002, room: 3003 },
    subgraphs: { kind: 'in-process' },
    eventLog: { kind: 'embedded', path: join('.data', 'events.db') },
    store: { kind: 'embedded', path: join('.data', 'store.db') },
  });
});

test('each variable alone chooses its own real service', () => {
  expect(loadConfig({ KAFKA_BROKERS: 'a:1, b:2' }).eventLog).toEqual({
    kind: 'kafka',
    brokers: ['a:1', 'b:2'],
    topicPrefix: '',
    ssl: false,
    sasl: null,
  });
  expect(loadConfig({ MONGODB_URL: 'mongodb://h:1' }).store).toMatchObject({ kind: 'mongodb', database: 'firetv' });
  expect(loadConfig({ MONGODB_URL: 'mongodb://h:1/mine' }).store).toMatchObject({ database: 'mine' });
  expect(loadConfig({ SUBGRAPH_URLS: 'content=http://c:1/graphql?a=b,room=http://r:2/graphql' }).subgraphs).toEqual({
    kind: 'http',
    urls: { content: 'http://c:1/graphql?a=b', room: 'http://r:2/graphql' },
  });
});

test('Kafka over TLS, signed in: all of it or none', () => {
  const kafka = { KAFKA_BROKERS: 'a:1', KAFKA_SSL: 'on', KAFKA_SASL_MECHANISM: 'scram-sha-512' };
  const config = loadConfig({ ...kafka, KAFKA_SASL_USERNAME: 'me', KAFKA_SASL_PASSWORD: 'hidden' });
  expect(config.eventLog).toMatchObject({ ssl: true, sasl: { mechanism: 'scram-sha-512', username: 'me' } });
  expect(inspect(config, { depth: 9 })).not.toContain('hidden');
  expect(() => loadConfig(kafka)).toThrow(/^KAFKA_SASL_MECHANISM: .*USERNAME and .*PASSWORD/);
  expect(() => loadConfig({ ...kafka, KAFKA_SASL_MECHANISM: 'md5', KAFKA_SSL: 'yes' })).toThrow(
    /KAFKA_SSL.*\nKAFKA_SASL|KAFKA_SASL.*\nKAFKA_SSL/,
  );
});

test('an empty value counts as not set, and the result cannot be changed', () => {
  const config = loadConfig({ KAFKA_BROKERS: '', PORT: '', HOME: '/x' });
  expect([config.eventLog.kind, config.ports.gateway]).toEqual(['embedded', 4000]);
  expect(Object.isFrozen(config)).toBe(true);
});

test('every fault is listed at once', () => {
  const load = () => loadConfig({ PORT: '70000', LOG_LEVEL: 'loud', KAFKA_BROKERS: 'nowhere' });
  for (const name of ['PORT', 'LOG_LEVEL', 'KAFKA_BROKERS']) expect(load).toThrow(new RegExp(`^${name}: `, 'm'));
});

test('production refuses the demo secrets and takes its own', () => {
  expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(/JWT_SECRET: .*\nSUBGRAPH_SECRET: /);
  expect(() => loadConfig({ NODE_ENV: 'production', ...SECRETS, SUBGRAPH_SECRET: '' })).toThrow(/^SUBGRAPH_SECRET/);
  expect(loadConfig({ NODE_ENV: 'production', ...SECRETS }).profile).toBe('production');
  const jwks = { JWKS_URL: 'https://id.example.com/jwks.json', SUBGRAPH_SECRET: SECRETS.SUBGRAPH_SECRET };
  expect(loadConfig({ NODE_ENV: 'production', ...jwks }).tokens).toEqual({ kind: 'jwks', url: jwks.JWKS_URL });
});

test('the edge: open in development, closed in production, unless told otherwise', () => {
  const manifest = { TRUSTED_DOCUMENTS: 'manifest.json' };
  expect(loadConfig(manifest).edge).toMatchObject({
    rateLimits: false,
    trustedDocuments: { only: false },
    allowedOrigins: [],
  });
  const production = { NODE_ENV: 'production', ...SECRETS, ...manifest };
  expect(loadConfig(production).edge).toMatchObject({
    rateLimits: true,
    trustedDocuments: { path: 'manifest.json', only: true },
  });
  const told = {
    ...production,
    RATE_LIMITS: 'off',
    TRUSTED_DOCUMENTS_ONLY: 'off',
    ALLOWED_ORIGINS: 'https://a.example, http://b:1',
  };
  expect(loadConfig(told).edge).toMatchObject({
    rateLimits: false,
    trustedDocuments: { only: false },
    allowedOrigins: ['https://a.example', 'http://b:1'],
  });
  const odd = () => loadConfig({ ALLOWED_ORIGINS: '*', MAX_SOCKETS: '0', RATE_LIMITS: 'maybe' });
  for (const name of ['ALLOWED_ORIGINS', 'MAX_SOCKETS', 'RATE_LIMITS'])
    expect(odd).toThrow(new RegExp(`^${name}: `, 'm'));
  expect(loadConfig({ JWT_ISSUER: 'https://id', JWT_AUDIENCE: 'tv' }).tokens).toMatchObject({
    issuer: 'https://id',
    audience: 'tv',
  });
});

test('secrets do not show, however the configuration is printed', () => {
  const config = loadConfig({ ...SECRETS, MONGODB_URL: 'mongodb://u:hidden@h:1/d' });
  const printed = [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.subgraphSecret}`].join();
  expect(printed).not.toMatch(/jjjj|ssss|hidden/);
  expect(config.subgraphSecret.reveal()).toBe(SECRETS.SUBGRAPH_SECRET);
});

test('the README has the table of variables as it is', () => {
  expect(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')).toContain(configTable());
});
