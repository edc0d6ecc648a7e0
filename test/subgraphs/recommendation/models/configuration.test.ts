import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../../platform/config.ts';

const PRODUCTION = { NODE_ENV: 'production', JWT_SECRET: 'a'.repeat(32), SUBGRAPH_SECRET: 'b'.repeat(32) };

test('no model is used unless it is asked for', () => {
  expect(loadConfig({}).recommendation).toEqual({
    weights: [0.4, 0.35, 0.25],
    learningThreads: 1,
    gemini: null,
    embeddingModelDir: null,
  });
});

test('the key does not show in print', () => {
  const { recommendation } = loadConfig({ GEMINI_API_KEY: 'very-secret', GEMINI_REQUESTS_PER_HOUR: '7' });
  expect(JSON.stringify(recommendation)).not.toContain('very-secret');
  expect(recommendation.gemini).toMatchObject({
    model: 'gemini-2.5-flash',
    baseUrl: 'https://generativelanguage.googleapis.com',
    requestsPerHour: 7,
  });
});

test('in production the key goes by https only', () => {
  const env = { ...PRODUCTION, GEMINI_API_KEY: 'k', GEMINI_BASE_URL: 'http://proxy.example.com' };
  expect(() => loadConfig(env)).toThrow('GEMINI_BASE_URL');
  expect(loadConfig({ ...env, GEMINI_BASE_URL: 'https://proxy.example.com' }).recommendation.gemini).not.toBeNull();
  expect(loadConfig({ ...env, GEMINI_API_KEY: '' }).recommendation.gemini).toBeNull();
});

test.each(['1,1,1', '0.5,0.5', 'a,b,c', '1.2,-0.1,-0.1', '0.4,0.3,0.2,0.1'])('weights of %s are refused', (weights) => {
  expect(() => loadConfig({ RECOMMENDATION_WEIGHTS: weights })).toThrow(
    'RECOMMENDATION_WEIGHTS: must be three numbers',
  );
});
