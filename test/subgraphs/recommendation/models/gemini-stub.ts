/** A server of our own that speaks Gemini's REST shape: what it was sent, and whatever it is to answer. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly contents: { parts: { text: string }[] }[] };
}

/** A model's words in Gemini's shape. */
export const answer =
  (text: string, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] }),
    );
  };

export interface GeminiStub {
  readonly baseUrl: string;
  readonly received: Received[];
  /** What the next requests get; may look at the data of the prompt. */
  respond: (response: ServerResponse, data: PromptData) => void;
  close(): Promise<void>;
}

export interface PromptData {
  readonly recommended?: { readonly title: string };
  readonly because?: { readonly title: string } | null;
}

/** The data in a prompt: its last line. */
export function dataOf({ body }: Received): PromptData {
  const prompt = body.contents[0]?.parts[0]?.text ?? '';
  return JSON.parse(prompt.slice(prompt.lastIndexOf('\n') + 1));
}

export async function startGeminiStub(): Promise<GeminiStub> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { url: request.url, headers: request.headers, body: JSON.parse(String(Buffer.concat(chunks))) };
    received.push(one);
    stub.respond(response, dataOf(one));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub: GeminiStub = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    respond: answer('{}'),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}
