/** Gemini's REST shape spoken by a server of our own: what is sent, what is made of answers, and every way to fail. */
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type GeminiOptions, GeminiWriter } from '../../../../subgraphs/recommendation/models/gemini.ts';
import { templateWriter } from '../../../../subgraphs/recommendation/models/reason-writer.ts';
import { FakeClock } from '../../../support/ports.ts';
import { answer, dataOf, type GeminiStub, type Received, startGeminiStub } from './gemini-stub.ts';

let stub: GeminiStub;
const clock = new FakeClock(Date.UTC(2026, 5, 24));

beforeEach(async () => {
  stub = await startGeminiStub();
});
afterEach(() => stub.close());

const writer = (given: Partial<GeminiOptions> = {}): GeminiWriter =>
  new GeminiWriter({
    apiKey: 'key-1',
    model: 'gemini-2.5-flash',
    baseUrl: stub.baseUrl,
    timeoutMs: 2_000,
    requestsPerHour: 100,
    clock,
    logger: pino({ level: 'silent' }),
    ...given,
  });

const REQUEST = {
  recommended: { title: 'Brooklyn Nine-Nine', genres: ['Comedy', 'Crime'] },
  because: { title: 'The Office', genres: ['Comedy'] },
  template: 'Because you watched The Office',
};
const GOOD = 'If The Office made you laugh, this precinct will too.';

test('asks with titles and genres only, and uses the words', async () => {
  stub.respond = answer(JSON.stringify({ reason: GOOD }));
  expect(await writer().reason(REQUEST)).toBe(GOOD);
  expect(stub.received).toHaveLength(1);
  const [request] = stub.received as [Received];
  const { url, headers } = request;
  expect(url).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
  expect(headers['x-goog-api-key']).toBe('key-1');
  expect(dataOf(request)).toEqual({ recommended: REQUEST.recommended, because: REQUEST.because });
});

test('a question is asked once, whether its answer is there or under way', async () => {
  stub.respond = answer(JSON.stringify({ reason: GOOD }));
  const gemini = writer();
  await Promise.all([gemini.reason(REQUEST), gemini.reason(REQUEST)]);
  expect(await gemini.reason({ ...REQUEST, template: 'other' })).toBe(GOOD);
  expect(stub.received).toHaveLength(1);
});

test.each([
  ['an error', answer('{}', 500)],
  ['a refused key', answer('{}', 403)],
  ['too many requests', answer('{}', 429)],
  ['no JSON', (response: ServerResponse) => void response.end('<html>')],
  ['a blocked prompt', (response: ServerResponse) => void response.end('{"promptFeedback":{"blockReason":"SAFETY"}}')],
  ['a broken connection', (response: ServerResponse) => void response.destroy()],
  ['a flood', (response: ServerResponse) => void response.end('x'.repeat(1_000_000))],
  ['words that are no JSON', answer('Sure! Here you go')],
  ['words that do not name what was watched', answer('{"reason":"You will love it."}')],
  ['an address', answer('{"reason":"The Office fans: https://example.com"}')],
  ['too many words', answer(JSON.stringify({ reason: `The Office ${'very '.repeat(50)}` }))],
])('on %s the template is used', async (_, response) => {
  stub.respond = response;
  expect(await writer().reason(REQUEST)).toBe(REQUEST.template);
  expect(stub.received).toHaveLength(1);
});

test('a server that does not answer costs its time-out once, then nobody asks for a while', async () => {
  stub.respond = () => undefined;
  const gemini = writer({ timeoutMs: 50 });
  expect(await gemini.reason(REQUEST)).toBe(REQUEST.template);
  expect(await gemini.reason({ ...REQUEST, because: null })).toBe(REQUEST.template);
  expect(stub.received).toHaveLength(1);
  clock.advance(60_000);
  stub.respond = answer(JSON.stringify({ reason: GOOD }));
  expect(await gemini.reason(REQUEST)).toBe(GOOD);
});

test('no more than the budget is asked in an hour', async () => {
  stub.respond = answer('{"moods":["warm"]}');
  const gemini = writer({ requestsPerHour: 2 });
  const moods = async (title: string) => gemini.moodTags({ title, genres: [] });
  expect([await moods('A'), await moods('B'), await moods('C')]).toEqual([['warm'], ['warm'], []]);
  expect(gemini.requests).toBe(2);
  clock.advance(3_600_000);
  expect(await moods('C')).toEqual(['warm']);
  expect(stub.received).toHaveLength(3);
});

test('moods are single words, five at most', async () => {
  stub.respond = answer(
    '{"moods":["Warm","warm","very long story of moods","<b>","cosy","dark","bright","calm","wild"]}',
  );
  expect(await writer().moodTags({ title: 'A', genres: ['Drama'] })).toEqual([
    'warm',
    'cosy',
    'dark',
    'bright',
    'calm',
  ]);
});

test('without a key nothing is made, and templates ask nobody', async () => {
  expect(() => writer({ apiKey: '' })).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  expect(await templateWriter.reason(REQUEST)).toBe(REQUEST.template);
  expect(await templateWriter.moodTags(REQUEST.recommended)).toEqual([]);
  expect(stub.received).toHaveLength(0);
});
