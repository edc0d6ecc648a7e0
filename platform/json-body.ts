/** The JSON that a request carries, read straight off its stream: bounded in size, UTF-8, not compressed. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

/** What the client sent cannot be read; `status` is the answer's. */
class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Puts it into `request.body`; a body of another type is left alone. Fails with a status: 400 no JSON, 413 too large, 415. */
export function readJsonBody(maxBytes: number): RequestHandler {
  return async (request, _response, next) => {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
    if (/^application\/json\s*(;|$)/i.test(type)) {
      const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type) ?? [];
      if (charset.toLowerCase() !== 'utf-8') throw new UnreadableBody(415, 'JSON is read as UTF-8 only.');
      if (encoding.toLowerCase() !== 'identity') throw new UnreadableBody(415, 'Send the body uncompressed.');
      const text = await readText(request, maxBytes);
      // Through a promise, and so on behalf of the request: the events of its stream are not.
      if (text !== '') request.body = parseJson(text);
    }
    next();
  };
}

/** Does not resolve where the client goes away: there is nobody to answer. */
function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new UnreadableBody(413, `The body is larger than ${maxBytes} bytes.`));
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBytes) chunks.push(chunk);
      else tooLarge(); // the rest is read and dropped
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableBody(400, (cause as Error).message, { cause });
  }
}
