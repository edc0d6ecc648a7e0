/** Reads a stretch of one partition on Kafka, from an exact offset to the end as it is now, by a group that nobody else has. */
import { randomUUID } from 'node:crypto';
import { AssignerProtocol, type EachBatchPayload, type PartitionAssigner } from 'kafkajs';
import type { LoggedEvent, ReadOptions } from '../ports/event-log.ts';
import { type KafkaConnection, toLogged } from './kafka-connection.ts';
import { deleteGroup, HEARTBEAT_MS, KafkaConsumer } from './kafka-consumer.ts';

/** Without a batch for this long the read fails. */
const STALLED_MS = 15_000;

/** A batch that came, waiting for the caller to ask for more; `done`: the end is reached. */
interface Arrival {
  readonly events: readonly LoggedEvent[];
  readonly done: boolean;
  release(): void;
}

/** @throws AppError UNAVAILABLE */
export async function* readPartition(
  connection: KafkaConnection,
  { topic, partition, fromOffset }: ReadOptions,
): AsyncGenerator<LoggedEvent> {
  const brokerTopic = connection.name(topic);
  const offsets = await connection.admin('tell the end of a topic', (admin) => admin.fetchTopicOffsets(brokerTopic));
  const bounds = offsets.find((row) => row.partition === partition);
  const end = Number(bounds?.high ?? 0);
  const start = Math.max(fromOffset, Number(bounds?.low ?? 0));
  if (start >= end) return;

  const groupId = connection.name(`read.${topic}.${connection.clientId}.${randomUUID()}`);
  const consumer = new KafkaConsumer(connection, { groupId, partitionAssigners: [onlyPartition(partition)] });
  let next = start;
  const arrivals = new Rendezvous(connection);
  consumer.consumer.on('consumer.group_join', () => {
    consumer.consumer.seek({ topic: brokerTopic, partition, offset: String(next) });
  });
  consumer.consumer.on('consumer.end_batch_process', ({ payload }) => {
    if (next >= end || Number(payload.lastOffset) + 1 < end) return;
    next = end; // the last of it was nothing for us: control records, or removed by compaction
    void arrivals.offer([], true, async () => undefined);
  });
  try {
    await consumer.subscribe(brokerTopic);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat }: EachBatchPayload) => {
        const events = batch.messages
          .map((message) => toLogged(topic, partition, message))
          .filter(({ offset }) => offset >= next && offset < end);
        next = Number(batch.lastOffset()) + 1;
        await arrivals.offer(events, next >= end, heartbeat);
        resolveOffset(batch.lastOffset());
      },
    });
    for (;;) {
      const { events, done, release } = await arrivals.take();
      yield* events;
      if (done) return;
      release();
    }
  } finally {
    arrivals.close();
    await consumer.close();
    await deleteGroup(connection, groupId);
  }
}

/** One batch at a time from the consumer to the caller: no more is fetched than is asked for. */
class Rendezvous {
  readonly #connection: KafkaConnection;
  #arrival = Promise.withResolvers<Arrival>();
  #waiting: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** Resolves when the caller has had all of them. */
  async offer(events: readonly LoggedEvent[], done: boolean, heartbeat: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return;
    const waiting = Promise.withResolvers<void>();
    this.#waiting = waiting;
    const beat = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
    this.#arrival.resolve({ events, done, release: waiting.resolve });
    await waiting.promise;
    clearInterval(beat);
  }

  async take(): Promise<Arrival> {
    const stalled = setTimeout(
      () => this.#arrival.reject(this.#connection.unavailable('stopped in the middle of a read.')),
      STALLED_MS,
    );
    try {
      return await this.#arrival.promise;
    } finally {
      clearTimeout(stalled);
      this.#arrival = Promise.withResolvers();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting?.resolve();
  }
}

/** Of all the topic's partitions only one is of interest, and there is only one member to have it. */
function onlyPartition(partition: number): PartitionAssigner {
  return () => ({
    name: 'only',
    version: 0,
    assign: async ({ members, topics }) =>
      members.map(({ memberId }) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment: Object.fromEntries(topics.map((topic) => [topic, [partition]])),
          userData: Buffer.alloc(0),
        }),
      })),
    protocol: ({ topics }) => ({
      name: 'only',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    }),
  });
}
