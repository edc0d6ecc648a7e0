import { expect, test } from '@jest/globals';
import { Frame, Subscriber } from '../../gateway/subscriber.ts';

const frame = (sequence: number | null) => new Frame({ data: { sequence } }, sequence);
const start = (durable: boolean, after: number | null = null) => {
  let ends = 0;
  const overflows: string[] = [];
  const onOverflow = (error: Error) => void overflows.push(error.message);
  let drops = 0;
  const onDropped = () => (drops += 1);
  const subscriber = new Subscriber({ durable, after, onEnd: () => (ends += 1), onOverflow, onDropped });
  return { subscriber, ends: () => ends, drops: () => drops, overflows };
};

test('a durable stream that is not read lets go what waits, and ends with the sequence to resume after', async () => {
  const { subscriber, ends, overflows } = start(true);
  subscriber.push(frame(1));
  expect((await subscriber.next()).value?.sequence).toBe(1);
  for (let sequence = 2; sequence <= 300; sequence += 1) subscriber.push(frame(sequence));
  expect(ends()).toBe(1);
  expect(overflows).toEqual([expect.stringContaining('256 frames were waiting. Resume after 1.')]);
  await expect(subscriber.next()).rejects.toMatchObject({ code: 'SLOW_CONSUMER' });
  expect((await subscriber.next()).done).toBe(true);
});

test('bytes are bounded as well as frames: 1 MiB', async () => {
  const large = (sequence: number | null) => new Frame({ data: { text: 'x'.repeat(300_000) } }, sequence);
  const durable = start(true);
  for (const sequence of [1, 2, 3]) durable.subscriber.push(large(sequence));
  expect(durable.ends()).toBe(0);
  durable.subscriber.push(large(4));
  expect(durable.overflows.length).toBe(1);

  const ephemeral = start(false);
  for (let n = 0; n < 5; n += 1) ephemeral.subscriber.push(large(null));
  await ephemeral.subscriber.next();
  ephemeral.subscriber.push(new Frame({ data: { text: 'small' } }, null));
  const left = [
    await ephemeral.subscriber.next(),
    await ephemeral.subscriber.next(),
    await ephemeral.subscriber.next(),
  ];
  expect(left.map(({ value }) => value?.bytes.length)).toEqual([300_020, 300_020, 25]);
  const huge = start(true);
  huge.subscriber.push(new Frame({ data: { text: 'x'.repeat(2_000_000) } }, 1));
  expect((await huge.subscriber.next()).value?.sequence).toBe(1); // one frame always fits
});

test('an ephemeral stream drops the oldest, and tells how many', async () => {
  const { subscriber, drops } = start(false);
  for (let n = 1; n <= 300; n += 1) subscriber.push(new Frame({ data: { n } }, null));
  expect((await subscriber.next()).value?.bytes.toString()).toBe('{"data":{"n":45}}');
  expect(drops()).toBe(44);
});

test('a frame goes past the queue only to a reader who waits for one; what is not taken is queued, in order', async () => {
  const taken: (number | null)[] = [];
  let open = true;
  const offer = ({ sequence }: Frame) => open && taken.push(sequence) > 0;
  const subscriber = new Subscriber({ durable: true, after: null, offer, onEnd: () => undefined });
  subscriber.push(frame(1)); // nobody reads yet
  expect((await subscriber.next()).value?.sequence).toBe(1);
  const reading = subscriber.next();
  await Promise.resolve();
  for (const sequence of [2, 2, 3]) subscriber.push(frame(sequence));
  open = false;
  subscriber.push(frame(4));
  open = true;
  subscriber.push(frame(5)); // never before 4
  expect([(await reading).value?.sequence, (await subscriber.next()).value?.sequence]).toEqual([4, 5]);
  expect(taken).toEqual([2, 3]);
});

test('live frames that the replay already had are passed over', async () => {
  const { subscriber } = start(true);
  for (const sequence of [2, 3, 4]) subscriber.push(frame(sequence));
  const replayed = [frame(1), frame(2), frame(3)].values();
  subscriber.beginWith({ next: async () => replayed.next() });
  const read = [];
  for (let n = 0; n < 4; n += 1) read.push((await subscriber.next()).value?.sequence);
  expect(read).toEqual([1, 2, 3, 4]);
});

test('what is at or before the sequence to go on after is passed over', async () => {
  const { subscriber } = start(true, 5);
  for (const sequence of [4, 5, 6]) subscriber.push(frame(sequence));
  expect((await subscriber.next()).value?.sequence).toBe(6);
});

test('returning wakes a reader, forgets what waits, and ends once', async () => {
  const { subscriber, ends } = start(true);
  const waiting = subscriber.next();
  await subscriber.return();
  expect((await waiting).done).toBe(true);
  subscriber.push(frame(1));
  await subscriber.return();
  expect((await subscriber.next()).done).toBe(true);
  expect(ends()).toBe(1);
});

test('a frame is serialized once however often it is sent', () => {
  let calls = 0;
  const counted = new Frame({ data: { toJSON: () => (calls += 1) } as never }, 1);
  expect(String(counted.bytes)).toBe('{"data":1}');
  expect(calls).toBe(1);
});
