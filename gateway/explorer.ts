/**
 * GraphiQL at the endpoint's own address: the page, its security headers and the files it loads, all from this process.
 * GraphiQL 5 comes prebuilt in the package `ruru`; what the page itself does is in gateway/explorer/. Knows no field
 * of any schema: the tabs are an option. The page carries the tabs' headers, tokens included: development only.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import express from 'express';
import { type OperationDefinitionNode, parse } from 'graphql';
import { getStaticFile } from 'ruru/static';

export interface ExplorerTab {
  /** GraphiQL names a tab after its operation, so this must be the name of the operation in `query`. */
  readonly name: string;
  readonly query: string;
  /** JSON text. */
  readonly variables?: string;
  /** JSON text; sent with HTTP requests, and as `connectionParams` when a subscription opens its socket. */
  readonly headers?: string;
}

export interface ExplorerOptions {
  /** Of the GraphQL endpoint, for HTTP and for graphql-ws; a browser's GET on it gets the page. */
  readonly path: string;
  /** Where the page's own files are served, e.g. `/graphql/assets`. */
  readonly assetsPath: string;
  readonly tabs: readonly ExplorerTab[];
  readonly title: string;
}

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
const ownFile = (name: string, extension: keyof typeof TYPES) =>
  [
    `${name}.${extension}`,
    { type: TYPES[extension], content: readFileSync(new URL(`./explorer/${name}.${extension}`, import.meta.url)) },
  ] as const;
const OWN_FILES: ReadonlyMap<string, { readonly type: string; readonly content: Buffer }> = new Map([
  ownFile('page', 'js'),
  ownFile('fetcher', 'js'),
  ownFile('page', 'css'),
]);

/** In the address of every file, so that a browser may keep a file for ever. */
const FILES_VERSION = [
  readFileSync(
    createRequire(import.meta.url)
      .resolve('ruru/static')
      .replace(/static\.js$/, 'version.js'),
  ),
  ...[...OWN_FILES.values()].map(({ content }) => content),
]
  .reduce((hash, content) => hash.update(content), createHash('sha256'))
  .digest('hex')
  .slice(0, 16);

/** A router that answers a browser's GET on `path` with GraphiQL and passes everything else on. Mount it before the API. */
export function createExplorer({ path, assetsPath, tabs, title }: ExplorerOptions): express.Router {
  for (const tab of tabs) checkTab(tab);
  const filesPath = `${assetsPath}/${FILES_VERSION}/`;
  const html = renderPage(title, filesPath, { path, filesPath, tabs });

  const router = express.Router();
  router.get(path, (request, response, next) => {
    response.vary('Accept');
    // Without a clear wish for HTML (curl sends */*) the request is meant for the API.
    if (request.accepts(['application/json', 'text/html']) !== 'text/html') return next();
    response.set({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store', // it carries tokens, and they change
      'content-security-policy': contentSecurityPolicy(request.get('host')),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    response.send(html);
  });

  router.get(`${filesPath}:file`, async (request, response, next) => {
    const { file } = request.params;
    const found = OWN_FILES.get(file);
    // A look-up by name among the package's bundled files: no path on disk is ever made from the request.
    const bundled = found
      ? null
      : await getStaticFile({
          staticPath: filesPath,
          urlPath: `${filesPath}${file}` as never, // its type knows two of the endings it serves
          acceptEncoding: request.headers['accept-encoding'],
          disallowDevAssets: true,
        });
    if (!found && !bundled) return next();
    response.set(bundled ? bundled.headers : { 'content-type': found?.type });
    response.set({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'self'", // a worker goes by its own file's policy, not by the page's
      'x-content-type-options': 'nosniff',
    });
    response.vary('Accept-Encoding');
    response.end(bundled ? bundled.content : found?.content);
  });
  return router;
}

/** No other host, no inline script. Monaco writes style elements, hence 'unsafe-inline' there. */
function contentSecurityPolicy(host = ''): string {
  // Browsers of before 2022 do not count a socket to the same host as 'self'.
  const sockets = /^[\w.-]+(:\d+)?$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function renderPage(title: string, filesPath: string, settings: object): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escapeHtml(`${filesPath}ruru.css`)}">
<link rel="stylesheet" href="${escapeHtml(`${filesPath}page.css`)}">
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script type="module" src="${escapeHtml(`${filesPath}page.js`)}"></script>
</head>
<body class="graphiql-dark"><div id="explorer">Loading…</div></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** @throws TypeError for a tab that GraphiQL could not show as asked. */
function checkTab({ name, query, variables, headers }: ExplorerTab): void {
  const operations = parse(query).definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );
  if (operations[0]?.name?.value !== name) {
    throw new TypeError(`Explorer tab "${name}": its first operation must have that name.`);
  }
  for (const json of [variables, headers]) if (json) JSON.parse(json);
}
