/** The optional models through the whole subgraph: a list asked for through GraphQL, with a Gemini of our own behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { loadConfig } from '../../../../platform/config.ts';
import { ANONYMOUS } from '../../../../platform/identity.ts';
import type { Subgraph } from '../../../../platform/subgraph.ts';
import { GeminiWriter } from '../../../../subgraphs/recommendation/models/gemini.ts';
import { openModels } from '../../../../subgraphs/recommendation/models/open-models.ts';
import type { TextEmbedder } from '../../../../subgraphs/recommendation/models/text-embedder.ts';
import {
  createRecommendationSubgraph,
  type RecommendationOptions,
} from '../../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../../support/ports.ts';
import { added, aWork, NOW, someWorks } from '../works.ts';
import { answer, dataOf, type GeminiStub, startGeminiStub } from './gemini-stub.ts';

const USER = 'ada-secret-id';
const WORKS = [
  ...someWorks(['comedy', 'crime'], 12),
  aWork('court', { title: 'Night Court', genres: ['mystery'], description: 'lawyers' }),
  aWork('bar', { title: 'At the Bar', genres: ['western'], description: 'attorneys' }),
];
const LIST =
  '{ recommendations(first: 12) { content { id } similarityScore reason reasons { kind text } parts { weights } } }';
interface Listed {
  content: { id: string };
  similarityScore: number;
  reason: string;
  reasons: { kind: string; text: string }[];
  parts: { weights: number[] };
}

let ports: TestPorts;
let stub: GeminiStub;
let subgraph: Subgraph;

beforeEach(async () => {
  ports = await openTestPorts();
  stub = await startGeminiStub();
  await ports.log.publish('content_changes', WORKS.map(added));
});
afterEach(async () => {
  await subgraph?.stop();
  await stub.close();
  await ports.close();
});

/** A subgraph with these models, and a user who has watched some crime, or what is said. */
async function start(options: RecommendationOptions, watched = ['crime-0', 'crime-1', 'crime-2']): Promise<void> {
  subgraph = createRecommendationSubgraph(ports, options);
  await subgraph.start();
  const events = watched.map((content_id, day) => ({
    user_id: USER,
    event_type: 'complete',
    content_id,
    timestamp: new Date(NOW - day * 86_400_000).toISOString(),
  }));
  await ports.log.publish(
    'user_events',
    events.map((event) => ({ key: USER, value: JSON.stringify(event) })),
  );
  await eventually(async () => {
    const progress = await ports.log.progress('recommendation.learn', 'user_events');
    return progress.every(({ committed, end }) => committed >= end);
  });
}

async function ask(source = LIST): Promise<Listed[]> {
  const contextValue = subgraph.createContext({ ...ANONYMOUS, userId: USER });
  const { data, errors } = await graphql({ schema: subgraph.schema, source, contextValue });
  expect(errors).toBeUndefined();
  return (data as unknown as { recommendations: Listed[] }).recommendations;
}

const gemini = (timeoutMs = 5_000, requestsPerHour = 100): RecommendationOptions => ({
  writer: new GeminiWriter({
    apiKey: 'key-1',
    model: 'gemini-2.5-flash',
    baseUrl: stub.baseUrl,
    timeoutMs,
    requestsPerHour,
    clock: ports.clock,
    logger: ports.logger,
  }),
});

test('the words of the model are the reason, and only titles and genres were told', async () => {
  stub.respond = (response, { because }) =>
    answer(JSON.stringify({ reason: `Rich words, after ${because?.title ?? 'all'}.` }))(response);
  await start(gemini());
  const page = await ask();
  const worded = page.filter(({ reason }) => reason.startsWith('Rich words'));
  expect(worded.length).toBeGreaterThan(0);
  for (const { reason, reasons } of worded) {
    expect(reasons[0]).toMatchObject({ kind: expect.stringMatching(/^(SIMILAR_TITLE|TASTE)$/), text: reason });
  }
  const known = new Set(WORKS.map(({ title }) => title));
  for (const received of stub.received) {
    const { recommended, because, ...more } = dataOf(received);
    expect(more).toEqual({});
    for (const facts of [recommended, because ?? recommended]) {
      expect(Object.keys(facts ?? {}).sort()).toEqual(['genres', 'title']);
      expect(known).toContain(facts?.title);
    }
    expect(JSON.stringify(received)).not.toContain(USER);
  }
  const asked = stub.received.length;
  expect(asked).toBe(worded.length);
  expect(await ask()).toEqual(page);
  expect(stub.received).toHaveLength(asked); // from the cache
});

test.each([
  ['fails', 5_000, answer('{}', 500)],
  ['does not answer in time', 50, () => undefined],
])('where it %s the page is as without it', async (_, timeoutMs, respond) => {
  stub.respond = respond;
  await start({});
  const plain = await ask();
  await subgraph.stop();
  await start(gemini(timeoutMs));
  expect(await ask()).toEqual(plain);
  const asked = stub.received.length;
  expect(asked).toBeGreaterThan(0);
  expect(await ask()).toEqual(plain);
  expect(stub.received).toHaveLength(asked); // it is left in peace for a while
});

test('the budget bounds what is asked, however many pages there are', async () => {
  stub.respond = answer('no JSON');
  await start(gemini(5_000, 2));
  for (let i = 0; i < 3; i += 1) await ask();
  expect(stub.received).toHaveLength(2);
});

test('without a key nothing is made and nobody is asked; the weights are those of the configuration', async () => {
  const env = { GEMINI_BASE_URL: stub.baseUrl, RECOMMENDATION_WEIGHTS: '0.5,0.3,0.2' };
  const models = await openModels(loadConfig(env).recommendation, ports);
  expect(models).toEqual({ weights: [0.5, 0.3, 0.2] });
  await start(models);
  expect((await ask())[0]?.parts.weights).toEqual([0.5, 0.3, 0.2]);
  expect(stub.received).toHaveLength(0);
});

test('with a key the configuration makes the writer', async () => {
  stub.respond = (response, { because }) =>
    answer(JSON.stringify({ reason: `Rich words, after ${because?.title ?? 'all'}.` }))(response);
  const env = { GEMINI_API_KEY: 'key-2', GEMINI_BASE_URL: stub.baseUrl, GEMINI_MODEL: 'gemini-x' };
  await start(await openModels(loadConfig(env).recommendation, ports));
  expect((await ask()).some(({ reason }) => reason.startsWith('Rich words'))).toBe(true);
  expect(stub.received[0]).toMatchObject({ url: '/v1beta/models/gemini-x:generateContent' });
  expect(stub.received[0]?.headers['x-goog-api-key']).toBe('key-2');
});

/** Knows that lawyers are attorneys; all else is one and the same to it. */
const embedder: TextEmbedder = {
  embed: async (texts) => texts.map((text) => Float32Array.from(/lawyers|attorneys/.test(text) ? [1, 0] : [0, 1])),
};

test('embeddings decide what is alike, in the same place of the score', async () => {
  await start({}, ['court']);
  const alike = (page: readonly Listed[]) => page.find(({ similarityScore }) => similarityScore === 1)?.content.id;
  const all = LIST.replace('12', '100');
  const byWords = (await ask(all)).find(({ content }) => content.id === 'bar')?.similarityScore;
  await subgraph.stop();
  await start({ embedder }, ['court']);
  await eventually(async () => alike(await ask(all)) === 'bar');
  const rest = (await ask(all)).filter(({ content }) => content.id !== 'bar');
  expect(new Set(rest.map(({ similarityScore }) => similarityScore))).toEqual(new Set([0]));
  expect(byWords).toBe(0);
});

test('an embedder that fails leaves words to decide', async () => {
  await start({}, ['court']);
  const plain = await ask();
  await subgraph.stop();
  await start({ embedder: { embed: () => Promise.reject(new Error('no memory')) } }, ['court']);
  expect(await ask()).toEqual(plain);
});

test('a model directory without a model is said at the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'));
  const { recommendation } = loadConfig({ EMBEDDING_MODEL_DIR: folder });
  await expect(openModels(recommendation, ports)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await rm(folder, { recursive: true });
  await start({});
});
