/** Embeddings over a stand-in of the package, and what is said where package or model is missing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openTextEmbedder, type Transformers } from '../../../../subgraphs/recommendation/models/text-embedder.ts';

let folder: string;
let model: string;
let asked: string[][];

beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'model-'));
  model = join(folder, 'tiny');
  await mkdir(model);
  await writeFile(join(model, 'config.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

/** Vectors of two numbers: the text's length, and 1. */
function standIn(given: Partial<Transformers> = {}): Transformers {
  return {
    env: { allowRemoteModels: true, allowLocalModels: false, localModelPath: '' },
    pipeline: async () => async (texts) => {
      asked.push(texts);
      return { data: Float32Array.from(texts.flatMap((text) => [text.length, 1])), dims: [texts.length, 2] };
    },
    ...given,
  };
}

test('a vector per text, in order, each text once, nothing from outside', async () => {
  const transformers = standIn();
  const embedder = await openTextEmbedder(model, async () => transformers);
  const vectors = await embedder.embed(['a', 'four', 'a']);
  expect(vectors.map((vector) => [...vector])).toEqual([
    [1, 1],
    [4, 1],
    [1, 1],
  ]);
  await embedder.embed(['four', 'a', 'new']);
  expect(asked).toEqual([['a', 'four'], ['new']]);
  expect(transformers.env).toEqual({ allowRemoteModels: false, allowLocalModels: true, localModelPath: folder });
});

test('many texts go to the model in batches', async () => {
  const embedder = await openTextEmbedder(model, async () => standIn());
  const vectors = await embedder.embed(Array.from({ length: 70 }, (_, i) => `text ${i}`));
  expect(vectors).toHaveLength(70);
  expect(asked.map(({ length }) => length)).toEqual([32, 32, 6]);
});

test('the package is not installed: the error says how', async () => {
  const missing = expect.objectContaining({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('npm install @huggingface/transformers'),
  });
  const absent = async (): Promise<Transformers> => {
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  await expect(openTextEmbedder(model, absent)).rejects.toEqual(missing);
});

test('no model there, or a broken one: the error names the directory', async () => {
  const named = (part: string) =>
    expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining(part) });
  await expect(openTextEmbedder(join(folder, 'none'), async () => standIn())).rejects.toEqual(named('none'));
  const broken = standIn({ pipeline: async () => Promise.reject(new Error('bad protobuf')) });
  await expect(openTextEmbedder(model, async () => broken)).rejects.toEqual(named('bad protobuf'));
});
