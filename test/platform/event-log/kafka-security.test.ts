/** What a broker sees first of a client: TLS where it is asked for, Kafka's own protocol where not. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { KafkaEventLog } from '../../../platform/adapters/kafka-event-log.ts';

const TLS_HANDSHAKE = 0x16;
/** The first byte of a request's length, which is small. */
const KAFKA_REQUEST = 0x00;

test.each([
  [true, TLS_HANDSHAKE],
  [false, KAFKA_REQUEST],
])(
  'ssl %p: the first byte is %i',
  async (ssl, expected) => {
    const first: (number | undefined)[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes: Buffer) => {
        first.push(bytes[0]);
        socket.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = KafkaEventLog.open({
      brokers: [`127.0.0.1:${port}`],
      clientId: 'test',
      ssl,
      sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'hidden' },
      logger: pino({ level: 'silent' }),
    });
    await expect(open).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.not.stringContaining('hidden') });
    expect(new Set(first)).toEqual(new Set([expected]));
    server.close();
    await once(server, 'close');
  },
  20_000,
);
