import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerErrorsAsJson, createHttpServer, type HttpServer } from '../../platform/http-server.ts';
import { readJsonBody } from '../../platform/json-body.ts';

const MAX_BYTES = 40;
let http: HttpServer;
let url: string;

beforeAll(async () => {
  http = createHttpServer(async () => undefined);
  http.app.use('/', readJsonBody(MAX_BYTES), (request, response) => {
    response.json({ body: request.body ?? null });
  });
  answerErrorsAsJson(http.app);
  url = `http://127.0.0.1:${await http.listen(0, '127.0.0.1', 'PORT')}/`;
});
afterAll(() => http.stop());

const JSON_TYPE = { 'content-type': 'application/json' };

async function send(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Record<string, string> = JSON_TYPE,
): Promise<[number, unknown]> {
  const response = await fetch(url, { method: 'POST', headers, body, ...({ duplex: 'half' } as object) });
  expect(response.headers.get('content-type')).toContain('application/json');
  return [response.status, await response.json()];
}

const inParts = (...parts: readonly Uint8Array[]): ReadableStream => ReadableStream.from(parts);

test('a body is read as it came, however it was cut', async () => {
  expect(await send('{"a":"ü"}')).toEqual([200, { body: { a: 'ü' } }]);
  const bytes = Buffer.from('{"a":"ü"}');
  expect(await send(inParts(bytes.subarray(0, 7), bytes.subarray(7)))).toEqual([200, { body: { a: 'ü' } }]);
  expect(await send('[1]', { 'content-type': 'Application/JSON; Charset="UTF-8"' })).toEqual([200, { body: [1] }]);
});

test('without a body, or with one of another type, there is nothing', async () => {
  expect(await send(null)).toEqual([200, { body: null }]);
  expect(await send('{"a":1}', { 'content-type': 'text/plain' })).toEqual([200, { body: null }]);
});

test('what is larger than the limit gets 413, announced or not', async () => {
  const large = Buffer.from(JSON.stringify('x'.repeat(MAX_BYTES)));
  const refused = [413, { errors: [expect.objectContaining({ message: expect.stringContaining('40 bytes') })] }];
  expect(await send(large)).toEqual(refused);
  expect(await send(inParts(large.subarray(0, 20), large.subarray(20)))).toEqual(refused);
  expect((await send('"x"'))[0]).toBe(200);
});

test.each([
  ['no JSON', '{', JSON_TYPE, 400],
  ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16le' }, 415],
  ['a compressed one', gzipSync('{}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415],
] as const)('%s is refused', async (_what, body, headers, status) => {
  expect((await send(body, headers))[0]).toBe(status);
});
