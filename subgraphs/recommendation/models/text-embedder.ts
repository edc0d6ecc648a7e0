/**
 * Sentence embeddings by @huggingface/transformers, from a model directory on this machine: off unless one is configured, and
 * nothing is ever fetched. The package is large and not among our dependencies, so it is loaded only when wanted.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../../schema/errors.ts';

const PACKAGE = '@huggingface/transformers';
/** Texts given to the model at once. */
const BATCH = 32;
/** About as many characters as small models look at. */
const MAX_CHARACTERS = 2_000;
const MAX_CACHED = 50_000;

/** Texts as vectors of length 1: their dot product is the cosine. */
export interface TextEmbedder {
  /** In the order of the texts. The latest vectors are kept: a text is not embedded twice. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
}

/** The part of the package that we use. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string };
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { readonly local_files_only: boolean },
  ): Promise<
    (
      texts: string[],
      options: { readonly pooling: 'mean'; readonly normalize: boolean },
    ) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>
  >;
}

/** Not a literal, so that neither compiler nor bundler looks for what need not be there. */
const loadPackage = async (name: string): Promise<Transformers> => (await import(name)) as Transformers;

/** @throws AppError UNAVAILABLE when the directory holds no model, or the package is not installed; it says what to do */
export async function openTextEmbedder(
  modelDirectory: string,
  load: (name: string) => Promise<Transformers> = loadPackage,
): Promise<TextEmbedder> {
  const directory = resolve(modelDirectory);
  const config = await stat(join(directory, 'config.json')).catch(() => null);
  if (!config?.isFile()) {
    throw new AppError(
      'UNAVAILABLE',
      `EMBEDDING_MODEL_DIR "${modelDirectory}" holds no model: config.json is missing. Put a sentence-embedding model in ONNX form there, or unset it.`,
    );
  }
  let transformers: Transformers;
  try {
    transformers = await load(PACKAGE);
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      `Embeddings need a package: npm install ${PACKAGE}@4 (or unset EMBEDDING_MODEL_DIR).`,
      {
        cause,
      },
    );
  }
  transformers.env.allowRemoteModels = false;
  transformers.env.allowLocalModels = true;
  transformers.env.localModelPath = dirname(directory);
  try {
    const extract = await transformers.pipeline('feature-extraction', basename(directory), { local_files_only: true });
    return new CachedEmbedder(async (texts) => {
      const { data, dims } = await extract([...texts], { pooling: 'mean', normalize: true });
      const width = dims.at(-1) ?? 0;
      if (data.length !== texts.length * width) throw new Error(`${data.length} numbers for ${texts.length} texts`);
      return texts.map((_, row) => data.slice(row * width, (row + 1) * width));
    });
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      `The model in "${modelDirectory}" cannot be loaded: ${(cause as Error).message}.`,
      {
        cause,
      },
    );
  }
}

class CachedEmbedder implements TextEmbedder {
  readonly #extract: (texts: readonly string[]) => Promise<Float32Array[]>;
  readonly #cache = new Map<string, Float32Array>();

  constructor(extract: (texts: readonly string[]) => Promise<Float32Array[]>) {
    this.#extract = extract;
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    const wanted = texts.map((text) => text.slice(0, MAX_CHARACTERS));
    const found = new Map<string, Float32Array>();
    for (const text of wanted) {
      const known = this.#cache.get(text);
      if (known !== undefined) found.set(text, known);
    }
    const missing = [...new Set(wanted)].filter((text) => !found.has(text));
    for (let at = 0; at < missing.length; at += BATCH) {
      const batch = missing.slice(at, at + BATCH);
      const vectors = await this.#extract(batch);
      for (const [i, text] of batch.entries()) {
        found.set(text, vectors[i] as Float32Array);
        this.#cache.set(text, vectors[i] as Float32Array);
      }
    }
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= MAX_CACHED) break;
      this.#cache.delete(oldest);
    }
    return wanted.map((text) => found.get(text) as Float32Array);
  }
}
