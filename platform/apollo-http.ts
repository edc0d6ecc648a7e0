/** Apollo Server behind a request handler, as its Express integration has it, without what costs time on every request. */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Request, RequestHandler } from 'express';
import type { FormattedExecutionResult } from 'graphql';

/** Answers what a body parser has read. `context` is made once for each request. */
export function serveApollo<Context extends object>(
  apollo: ApolloServer<Context>,
  context: (request: Request) => Promise<Context>,
): RequestHandler {
  return async (request, response) => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const { method, url } = request;
    const query = url.indexOf('?');
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search: query < 0 ? '' : url.slice(query), body: request.body },
      context: () => context(request),
    });
    if (answer.body.kind !== 'complete') throw new Error('Answers in parts are not served.');
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers)).end(answer.body.string);
  };
}

/** Texts of answers by their data: an answer that several requests share is written once. */
const texts = new WeakMap<object, string>();

/** JSON, for Apollo Server. The data of an answer is never changed once it is there. */
export function stringifyAnswer(answer: FormattedExecutionResult): string {
  const { data, errors, extensions } = answer;
  if (!data || errors || extensions) return `${JSON.stringify(answer)}\n`;
  let text = texts.get(data);
  if (text === undefined) {
    text = `${JSON.stringify(answer)}\n`;
    texts.set(data, text);
  }
  return text;
}
