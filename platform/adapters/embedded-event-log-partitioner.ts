/** Which partition a key belongs to: Kafka's own hash, so that both event logs place a key alike. Pure. */

const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;

/** MurmurHash2, 32 bits, as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils). Signed. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const byte = (at: number): number => bytes[at] ?? 0;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const left = length - at;
  if (left > 0) {
    if (left === 3) hash ^= byte(at + 2) << 16;
    if (left >= 2) hash ^= byte(at + 1) << 8;
    hash = Math.imul(hash ^ byte(at), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** In [0, partitions). */
export function partitionOf(key: string, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}
