/** Opens the adapters that the configuration chose. Called by `main.ts` files only. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { ALL_TOPICS } from '../../schema/events/topics.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../logger.ts';
import { observed } from '../observed-event-log.ts';
import { systemClock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Store } from '../ports/store.ts';
import type { Ports } from '../subgraph.ts';
import { EmbeddedEventLog } from './embedded-event-log.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { KafkaEventLog } from './kafka-event-log.ts';
import { MongoStore } from './mongo-store.ts';

export type OpenPorts = Ports & { close(): Promise<void> };

/** @throws AppError UNAVAILABLE naming the server that does not answer */
export async function openPorts(config: Config, service: string): Promise<OpenPorts> {
  const logger = createLogger(service, config.logLevel);
  const store = await openStore(config, logger);
  let log: EventLog;
  try {
    log = await openEventLog(config, service, logger);
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    log,
    store,
    clock: systemClock,
    logger,
    async close() {
      await log.close();
      await store.close();
    },
  };
}

/** The store alone. @throws AppError UNAVAILABLE naming the server that does not answer */
export async function openStore({ store }: Config, logger: Logger): Promise<Store> {
  if (store.kind === 'mongodb') return MongoStore.open({ url: store.url.reveal(), database: store.database, logger });
  await mkdir(dirname(store.path), { recursive: true });
  return EmbeddedStore.open({ path: store.path });
}

/** The event log alone, with its topics made. @throws AppError UNAVAILABLE naming the brokers */
export async function openEventLog(config: Config, service: string, logger: Logger): Promise<EventLog> {
  const log = await connectEventLog(config, service, logger);
  try {
    await log.createTopics(ALL_TOPICS);
    return observed(log, logger);
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function connectEventLog({ eventLog }: Config, clientId: string, logger: Logger): Promise<EventLog> {
  if (eventLog.kind === 'kafka') {
    const { brokers, topicPrefix, ssl, sasl } = eventLog;
    const signIn = sasl && { ...sasl, password: sasl.password.reveal() };
    return KafkaEventLog.open({ brokers, topicPrefix, ssl, sasl: signIn, clientId, logger });
  }
  await mkdir(dirname(eventLog.path), { recursive: true });
  return EmbeddedEventLog.open({ path: eventLog.path, logger });
}
