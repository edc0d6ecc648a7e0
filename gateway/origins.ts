/**
 * Which web pages may call: those of the gateway's own host, and a list. A browser asks before a cross-origin request (CORS) but
 * not before a socket, so the socket checks the header itself. Apps that are not pages send no Origin and are not held up.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host && host !== '';
  } catch {
    return false; // `null`, of a sandboxed frame or a file
  }
}

/** Answers preflights, and lets pages of the list read answers. */
export function cors(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { origin, host } = request.headers;
    response.vary('Origin');
    if (origin === undefined) return next();
    const may = isAllowedOrigin(origin, host, allowed);
    if (may) response.set('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') return next();
    if (!may) {
      const message = 'Pages of this origin may not call: see ALLOWED_ORIGINS.';
      response.status(403).json({ errors: [{ message, extensions: { code: 'FORBIDDEN' } }] });
      return undefined;
    }
    response.set({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, apollo-require-preflight, x-apollo-operation-name',
      'access-control-max-age': '600',
    });
    response.status(204).end();
    return undefined;
  };
}

/** The address of the client: of the connection, or what the last `proxies` proxies of our own say in X-Forwarded-For. */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const own = request.socket.remoteAddress ?? '';
  if (proxies === 0) return own;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return forwarded.at(-proxies)?.slice(0, 64) ?? own;
}
