/** One process on a real Kafka and a MongoDB-wire server: the adapters change, nothing else does. */
import { afterAll } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';
import { describeReal } from '../support/real-services.ts';
import { endToEndSuite } from './suite.ts';

describeReal('one process on real services', ['KAFKA_BROKERS', 'MONGODB_URL'], ({ KAFKA_BROKERS, MONGODB_URL }) => {
  const unique = `one${process.pid}x${Date.now()}`;
  let started: StartedProcess;

  endToEndSuite(async () => {
    const port = await freePort();
    started = startProcess(['node', 'gateway/main.ts'], {
      PORT: String(port),
      KAFKA_BROKERS,
      KAFKA_TOPIC_PREFIX: `${unique}.`,
      MONGODB_URL: `${MONGODB_URL}/${unique}`,
      LOG_LEVEL: 'warn',
    });
    await started.saw('Fire TV backend is up.', 90_000);
    return { url: `http://127.0.0.1:${port}/graphql`, stop: async () => void (await started.stop()) };
  });

  afterAll(async () => {
    const client = await MongoClient.connect(MONGODB_URL);
    await client.db(unique).dropDatabase();
    await client.close();
  });
});
