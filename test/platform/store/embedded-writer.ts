/**
 * A process that writes to an embedded store, for tests of several processes; not a test itself.
 * Arguments: the file, then `increment N` (N compare-and-set increments of one document) or `insert` (until it is killed; each
 * acknowledged id is a line on stdout).
 */
import { writeSync } from 'node:fs';
import { EmbeddedStore } from '../../../platform/adapters/embedded-store.ts';
import type { StoredDocument } from '../../../platform/ports/store.ts';

interface Counter extends StoredDocument {
  revision: number;
}

const [path, task, times] = process.argv.slice(2);
const store = EmbeddedStore.open({ path: path! });

if (task === 'increment') {
  const counters = store.collection<Counter>('counters');
  for (let done = 0; done < Number(times); ) {
    const { revision } = (await counters.findOne({ _id: 'shared' }))!;
    const { modifiedCount } = await counters.updateOne({ _id: 'shared', revision }, { $inc: { revision: 1 } });
    done += modifiedCount;
  }
  await store.close();
} else {
  const written = store.collection<Counter>('written');
  for (let revision = 0; ; revision++) {
    await written.insertOne({ _id: `n${revision}`, revision });
    writeSync(1, `n${revision}\n`);
  }
}
