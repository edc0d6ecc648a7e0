/** A broker of its own is restarted while everything runs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { KafkaEventLog } from '../../../platform/adapters/kafka-event-log.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import { eventually } from '../../support/eventually.ts';
import { OwnService } from '../../support/own-services.ts';
import { describeReal } from '../../support/real-services.ts';

const logger = pino({ level: 'silent' });

describeReal('when a Kafka broker restarts', ['SERVICES_DIR'], ({ SERVICES_DIR }) => {
  const kafka = new OwnService(SERVICES_DIR, 'kafka', 300);
  let log: EventLog;

  beforeAll(async () => {
    await kafka.start();
    log = await KafkaEventLog.open({ brokers: [kafka.address], clientId: 'restart-test', logger });
  }, 130_000);
  afterAll(async () => {
    await log?.close();
    await kafka.remove();
  }, 100_000);

  test('a consumer, a tail and a publisher go on, and nothing acknowledged is lost', async () => {
    await log.createTopics([{ name: 'restart', partitions: 3, cleanup: 'delete' }]);
    const consumed = new Set<number>();
    const tailed: number[] = [];
    await log.consume({ topic: 'restart', group: 'g' }, async (batch) => {
      for (const { value } of batch) consumed.add(Number(value));
    });
    await log.tail({ topic: 'restart', from: 'now' }, ({ value }) => tailed.push(Number(value)));

    const acknowledged: number[] = [];
    let isPublishing = true;
    const publisher = (async () => {
      for (let value = 0; isPublishing; value += 1) {
        const sent = log.publish('restart', [{ key: `k${value % 7}`, value: String(value) }]);
        await sent.then(
          () => acknowledged.push(value),
          () => undefined, // told that it failed: whoever publishes would try again
        );
      }
    })();
    await eventually(() => acknowledged.length > 20 && consumed.size > 20 && tailed.length > 20, 20_000);
    await kafka.restart();
    const before = acknowledged.length;
    await eventually(() => acknowledged.length > before + 20, 30_000);
    isPublishing = false;
    await publisher;
    await eventually(() => {
      const seen = new Set(tailed);
      return acknowledged.every((value) => consumed.has(value) && seen.has(value));
    }, 30_000);
    expect(acknowledged.length).toBeGreaterThan(before);
    expect(tailed.length).toBe(new Set(tailed).size); // a tail goes on exactly where it was
  }, 90_000);
});
