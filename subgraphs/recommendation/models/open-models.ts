/** From configuration to what the subgraph may use beside its ports: nothing but the weights unless somebody asked for more. */
import type { Config } from '../../../platform/config.ts';
import type { Ports } from '../../../platform/subgraph.ts';
import type { RecommendationOptions } from '../subgraph.ts';
import { GeminiWriter } from './gemini.ts';
import { openTextEmbedder } from './text-embedder.ts';

/** How long a page waits for words. */
const TIMEOUT_MS = 1_500;

/** @throws AppError UNAVAILABLE where an embedding model is configured and cannot be loaded; it says what to do */
export async function openModels(
  { weights, gemini, embeddingModelDir }: Config['recommendation'],
  { clock, logger }: Pick<Ports, 'clock' | 'logger'>,
): Promise<RecommendationOptions> {
  return {
    weights,
    ...(gemini && {
      writer: new GeminiWriter({ ...gemini, apiKey: gemini.apiKey.reveal(), timeoutMs: TIMEOUT_MS, clock, logger }),
    }),
    ...(embeddingModelDir !== null && { embedder: await openTextEmbedder(embeddingModelDir) }),
  };
}
