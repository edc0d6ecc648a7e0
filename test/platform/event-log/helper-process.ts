/**
 * A process of its own on an event log, for tests that kill processes or need several. Run by `startHelper`; its argument is a
 * `HelperTask` as JSON, and it says what happens by messages to its parent. A message from the parent ends it in order.
 */
import type { LoggedEvent } from '../../../platform/ports/event-log.ts';
import { type HelperEvent, type HelperMessage, type HelperTask, openLog } from './helper-tasks.ts';

const say = (message: HelperMessage): void => {
  if (process.connected) process.send?.(message);
};

const told = ({ partition, offset, key, value }: LoggedEvent): HelperEvent => ({
  partition,
  offset,
  key,
  value: value?.toString() ?? null,
});

async function run({ log: address, topic, role }: HelperTask): Promise<void> {
  const log = await openLog(address);
  let isClosing = false;
  process.once('message', () => {
    isClosing = true;
    void log.close().then(() => process.disconnect());
  });
  switch (role.do) {
    case 'tail': {
      const reader = await log.tail({ topic, from: role.from }, (event) =>
        say({ say: 'events', events: [told(event)] }),
      );
      say({ say: 'ready' });
      await reader.caughtUp;
      say({ say: 'caught up' });
      return;
    }
    case 'consume':
      await log.consume({ topic, group: role.group }, async (batch) => {
        say({ say: 'events', events: batch.map(told) });
        if (role.hang) await new Promise(() => undefined);
      });
      say({ say: 'ready' });
      return;
    case 'publish':
      say({ say: 'ready' });
      for (let value = 0; !isClosing; value += 1) {
        await log.publish(topic, [{ key: 'abcde'[value % 5] as string, value: String(value) }]);
        say({ say: 'acknowledged', value });
      }
      return;
    case 'use-and-close':
      await log.publish(topic, [{ key: 'a', value: '1' }]);
      await log.consume({ topic, group: 'use-and-close' }, async () => undefined);
      await (await log.tail({ topic, from: 'start' }, () => undefined)).caughtUp;
      for await (const event of log.read({ topic, partition: 0, fromOffset: 0 }))
        say({ say: 'events', events: [told(event)] });
      await log.progress('use-and-close', topic);
      process.disconnect();
      await log.close();
      await log.close();
  }
}

await run(JSON.parse(process.argv[2] ?? '') as HelperTask);
