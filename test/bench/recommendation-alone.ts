/** A thread of the learning benchmark: neither log nor store, what is left is the learning itself, of every so many-th partition. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import { systemClock } from '../../platform/ports/clock.ts';
import type { EventLog, LoggedEvent } from '../../platform/ports/event-log.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { Catalogue } from '../../subgraphs/recommendation/domain/catalogue.ts';
import type { Interaction } from '../../subgraphs/recommendation/domain/interaction.ts';
import { Learner } from '../../subgraphs/recommendation/learner.ts';
import type { Profiles } from '../../subgraphs/recommendation/profiles.ts';
import { readInteraction } from '../../subgraphs/recommendation/user-events.ts';
import { events, take, work } from './recommendation-events.ts';
import { EVENTS, USERS, WORKS } from './recommendation-figures.ts';

/** What one fetch brings of a partition: about 1 MB. */
const BATCH = 2_400;
const PARTITIONS = USER_EVENTS.partitions;

const { thread, threads } = workerData as { thread: number; threads: number };

/** The bytes of events by partition, in batches as a log hands them over. */
function batches(): LoggedEvent[][] {
  const partitions: LoggedEvent[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const { key, value } of take(events(USERS, WORKS, EVENTS), EVENTS)) {
    const partition = Number(key.slice('user-'.length)) % PARTITIONS;
    const logged = partitions[partition] as LoggedEvent[];
    const at = { topic: USER_EVENTS.name, partition, offset: logged.length, timestamp: Date.now() };
    logged.push({ ...at, key, value: Buffer.from(String(value)), headers: {} });
  }
  const mine = partitions.filter((_, partition) => partition % threads === thread);
  const longest = Math.max(...mine.map(({ length }) => length));
  const all: LoggedEvent[][] = [];
  for (let from = 0; from < longest; from += BATCH) {
    for (const logged of mine) if (logged.length > from) all.push(logged.slice(from, from + BATCH));
  }
  return all;
}

const all = batches();
const catalogue = new Catalogue();
for (let i = 0; i < WORKS; i += 1) catalogue.put(work(i));
const silent = { publish: async () => undefined } as Partial<EventLog> as EventLog;
const nowhere: Partial<Profiles> = {
  findByIds: async () => new Map(),
  save: async () => undefined,
  claim: async () => new Map(),
};
const learner = new Learner(silent, systemClock, nowhere as Profiles, catalogue);
const now = Date.now();
const read = (logged: LoggedEvent): ValidatedEvent<Interaction> => ({
  event: readInteraction(JSON.parse(String(logged.value)), catalogue, now),
  logged,
});

parentPort?.once('message', async () => {
  for (const batch of all) await learner.learn(batch.map(read));
  parentPort?.postMessage('learned');
  parentPort?.close();
});
parentPort?.postMessage('ready');
