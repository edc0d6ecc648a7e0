/** A broker of its own is restarted while everything runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { KafkaEventLog } from '../../../platform/adapters/kafka-event-log.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import { eventually } from '../../support/eventually.ts';
import { describeReal } from '../../support/real-services.ts';

const logger = pino({ level: 'silent' });

describeReal('when a Kafka broker restarts', ['SERVICES_DIR'], ({ SERVICES_DIR }) => {
  const run = promisify(execFile);
  const service = async (command: string, ...options: string[]): Promise<string> => {
    const { stdout } = await run(join(SERVICES_DIR, command), [...options, '--port-offset', '300'], {
      timeout: 90_000,
    });
    return stdout;
  };
  let log: EventLog;

  beforeAll(async () => {
    const exported = await service('up', '--kafka');
    const [, brokers] = /KAFKA_BROKERS=['"]?([^'"\s;]+)/.exec(exported) ?? [];
    log = await KafkaEventLog.open({ brokers: String(brokers).split(','), clientId: 'restart-test', logger });
  }, 100_000);
  afterAll(async () => {
    await log?.close();
    await service('down', '--kafka', '--wipe');
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
    await service('restart-kafka');
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
