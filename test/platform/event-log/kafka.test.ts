/** Against a real broker: the contract, and what Kafka adds to it. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import { KafkaConnection } from '../../../platform/adapters/kafka-connection.ts';
import { KafkaConsumer } from '../../../platform/adapters/kafka-consumer.ts';
import { KafkaEventLog } from '../../../platform/adapters/kafka-event-log.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import { eventually } from '../../support/eventually.ts';
import { describeReal } from '../../support/real-services.ts';
import { describeContract } from './contract.ts';

const logger = pino({ level: 'silent' });

describeReal('on a real Kafka', ['KAFKA_BROKERS'], ({ KAFKA_BROKERS }) => {
  const brokers = KAFKA_BROKERS.split(',');
  const topicPrefix = `event-log-test.${randomUUID()}.`;

  const withAdmin = async <T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const admin = new Kafka({ brokers, clientId: 'event-log-test', logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  };
  const ownGroups = (): Promise<string[]> =>
    withAdmin(async (admin) => {
      const { groups } = await admin.listGroups();
      return groups.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(topicPrefix));
    });

  afterAll(async () => {
    const groups = await ownGroups();
    await withAdmin(async (admin) => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
      await admin.deleteTopics({ topics });
      await admin.deleteGroups(groups).catch(() => undefined); // those of killed processes end by themselves
    });
  });

  describeContract('the Kafka event log', {
    address: async () => ({ kind: 'kafka', brokers, topicPrefix }),
    cleanUp: async () => undefined,
    takeoverMs: 6_000,
  });

  describe('the Kafka event log alone', () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await KafkaEventLog.open({
        brokers,
        topicPrefix: `${topicPrefix}alone.`,
        clientId: 'event-log-test',
        logger,
      });
    });
    afterAll(() => log.close());

    test('a reader outlasts a broker that has not yet heard of its topic', async () => {
      const connection = new KafkaConnection({ brokers, topicPrefix, clientId: 'event-log-test', logger });
      const consumer = new KafkaConsumer(connection, { groupId: connection.name('early') });
      let asked = 0;
      consumer.consumer.on('consumer.network.request', ({ payload }) => {
        if (payload.apiName === 'Metadata') asked += 1;
      });
      try {
        const subscribed = consumer.subscribe(connection.name('late'));
        const created = eventually(() => asked >= 3).then(() =>
          connection.createTopics([{ name: 'late', partitions: 2, cleanup: 'delete' }]),
        );
        await expect(Promise.all([subscribed, created])).resolves.toBeDefined();
      } finally {
        await consumer.close();
        await connection.close();
      }
    });

    test('leaves no group of a tail or a read behind', async () => {
      await log.publish('groups', [{ key: 'a', value: '1' }]);
      const before = await ownGroups();
      const tail = await log.tail({ topic: 'groups', from: 'start' }, () => undefined);
      await tail.caughtUp;
      for await (const event of log.read({ topic: 'groups', partition: 0, fromOffset: 0 })) expect(event.key).toBe('a');
      expect((await ownGroups()).length).toBeGreaterThan(before.length);
      await tail.close();
      expect(await ownGroups()).toEqual(before);
    });

    test('tails one topic twice in one process, each time all of it', async () => {
      const seen: string[][] = [[], []];
      await log.publish('twice', [{ key: 'a', value: '1' }]);
      const tails = await Promise.all(
        seen.map((values) => log.tail({ topic: 'twice', from: 'start' }, ({ value }) => values.push(String(value)))),
      );
      await log.publish('twice', [{ key: 'a', value: '2' }]);
      await eventually(() => seen.every(({ length }) => length === 2));
      await Promise.all(tails.map((tail) => tail.close()));
      expect(seen).toEqual([
        ['1', '2'],
        ['1', '2'],
      ]);
    });

    test('publishes more than one request holds, from many at once', async () => {
      const value = Buffer.alloc(300, 'x');
      const publishes = Array.from({ length: 50 }, (_, index) =>
        log.publish(
          'many',
          Array.from({ length: 200 }, () => ({ key: `k${index}`, value })),
        ),
      );
      await Promise.all(publishes);
      expect(await log.progress('nobody', 'many')).toEqual([{ partition: 0, committed: 0, end: 10_000 }]);
    });
  });
});

describe('without a broker', () => {
  test('says within some seconds which brokers do not answer and what to do', async () => {
    const silent = createServer(); // accepts and never says a word
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const refusing = '127.0.0.1:1';
    const opens = [refusing, `127.0.0.1:${port}`].map((broker) =>
      expect(KafkaEventLog.open({ brokers: [broker], clientId: 'test', logger })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(`Kafka at ${broker} cannot be reached.*KAFKA_BROKERS`),
      }),
    );
    await Promise.all(opens);
    silent.close();
  });
});
