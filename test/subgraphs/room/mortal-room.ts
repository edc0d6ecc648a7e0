/**
 * A room process for crash.test.ts: sends messages to a room over embedded files, prints each that was acknowledged, and at a
 * chosen point of a chosen message kills itself as `kill -9` does. Arguments: folder, room id, user, how many messages, point.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { EmbeddedEventLog } from '../../../platform/adapters/embedded-event-log.ts';
import { EmbeddedStore } from '../../../platform/adapters/embedded-store.ts';
import { ANONYMOUS } from '../../../platform/identity.ts';
import { systemClock } from '../../../platform/ports/clock.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import type { Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { contextOf, HARDLY_LIMITED } from './rooms.ts';

const [directory = '', roomId = '', userId = '', count = '0', point = ''] = process.argv.slice(2);
let armed = false;

/** Lets the call through, then dies, if this is the point. */
const dying = <T extends object>(target: T, points: Readonly<Record<string, string>>): T =>
  new Proxy(target, {
    get(of, name) {
      const method = Reflect.get(of, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        const result = method.apply(of, args);
        if (!armed || points[String(name)] !== point) return result;
        return Promise.resolve(result).then(() => process.kill(process.pid, 'SIGKILL'));
      };
    },
  });

const POINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  room_events: { insertOne: 'appended' },
  rooms: { updateOne: 'saved' },
};
const store = EmbeddedStore.open({ path: join(directory, 'store.db') });
const log: EventLog = EmbeddedEventLog.open({ path: join(directory, 'events.db') });
const mortalStore: Store = {
  ping: () => store.ping(),
  close: () => store.close(),
  collection: <T extends StoredDocument>(name: string): Collection<T> =>
    dying(store.collection<T>(name), POINTS[name] ?? {}),
};
const ports = {
  store: mortalStore,
  log: dying(log, { publish: 'published' }),
  clock: systemClock,
  logger: pino({ level: 'silent' }),
};
const subgraph = createRoomSubgraph(ports, HARDLY_LIMITED);
const identity = { ...ANONYMOUS, userId };
const { rooms } = contextOf(subgraph, identity);
for (let index = 1; index <= Number(count); index += 1) {
  armed = index === Number(count);
  const commandId = `${userId}-${index}`;
  const { outcome, revision } = await rooms.sendMessage(identity, { roomId, commandId, text: commandId });
  writeSync(1, `ACK ${commandId} ${outcome} ${revision}\n`);
}
