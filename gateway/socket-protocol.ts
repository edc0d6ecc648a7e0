/**
 * Puts a socket under the graphql-transport-ws protocol: messages in and out, and pings that find out half-open connections. Does
 * what graphql-ws/use/ws does, but prints nothing that any stranger can bring about, and closes with no word of an exception.
 */
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

export function speak<E extends { socket: WebSocket; request: IncomingMessage }>(
  protocol: Server<E>,
  socket: WebSocket,
  request: IncomingMessage,
  pingMs: number,
  onUnforeseen: (error: unknown) => void,
): void {
  socket.on('error', () => undefined); // a frame too large or malformed: ws is closing already, with the code for it
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const keepAlive = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingMs);

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', async (data) => {
          try {
            await handle(String(data));
          } catch (error) {
            if (socket.readyState !== socket.OPEN) return; // it went while it was being answered
            const misuse = error instanceof Error && error.message.startsWith('Unexpected message of type');
            if (!misuse) onUnforeseen(error);
            if (misuse) socket.close(CloseCode.BadRequest, 'Invalid message received');
            else socket.close(CloseCode.InternalServerError, 'Internal server error');
          }
        }),
    },
    { socket, request } as E,
  );
  socket.once('close', (code, reason) => {
    clearInterval(keepAlive);
    closed(code, String(reason)).catch(onUnforeseen);
  });
}
