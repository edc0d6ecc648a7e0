/**
 * Runs in the browser: sends one operation of GraphiQL's to the API, over HTTP or, for a subscription, over a socket of its
 * own (protocol graphql-transport-ws), so that each run uses the headers editor as it is now. GraphiQL's own fetcher would
 * go wrong for half a second after a change of tab, and keep silent about a refused token for half a minute of retries.
 */

/** The operation to run. GraphiQL names and parses operations late, so after a change of tab the name may be the last tab's. */
export function findOperation(query, operationName) {
  const operations = [...query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)].map(([, kind, name]) => ({
    kind,
    name,
  }));
  return operations.find(({ name }) => name === operationName) ?? operations[0] ?? { kind: 'query', name: '' };
}

/** A fetcher for GraphiQL, for the API at `path` on this host. */
export function createFetcher(path) {
  return async ({ query, variables, operationName }, { headers = {} } = {}) => {
    const operation = findOperation(query, operationName);
    const payload = { query, variables, operationName: operation.name || undefined };
    if (operation.kind === 'subscription') {
      const address = location.origin.replace(/^http/, 'ws') + path;
      return { subscribe: (observer) => subscribe(address, headers, payload, observer) };
    }
    const response = await fetch(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payload),
    });
    return response.json();
  };
}

function subscribe(address, connectionParams, payload, observer) {
  const socket = new WebSocket(address, 'graphql-transport-ws');
  const send = (message) => socket.send(JSON.stringify(message));
  let ended = false;
  const end = (tell) => {
    if (!ended) tell();
    ended = true;
    socket.close(1000);
  };
  const on = {
    connection_ack: () => send({ id: '1', type: 'subscribe', payload }),
    ping: () => send({ type: 'pong' }),
    next: (message) => observer.next(message.payload),
    error: (message) => end(() => observer.error(message.payload)),
    complete: () => end(() => observer.complete()),
  };
  socket.onopen = () => send({ type: 'connection_init', payload: connectionParams });
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (!ended) on[message.type]?.(message);
  };
  socket.onclose = ({ code, reason }) =>
    end(() => observer.error({ message: `The socket was closed: ${code} ${reason}`.trim() }));
  return { unsubscribe: () => end(() => undefined) };
}
