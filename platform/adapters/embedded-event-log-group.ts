/**
 * One member of a consumer group on the embedded event log. Members of all processes meet in the log's file: each renews a
 * short lease, works out the same assignment of partitions, and claims its own when whoever had them has let go or died.
 * A commit counts only while the claim it was made under still stands. Times: ms since the epoch.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { LoggedEvent, Reader } from '../ports/event-log.ts';
import type { EventTables, PartitionRow, TopicRow } from './embedded-event-log-tables.ts';
import { pauseUnless, type WakeUps } from './embedded-event-log-wake-ups.ts';

const HEARTBEAT_MS = 250;
/** A member not heard of for this long is dead: its partitions go to others. */
const LEASE_MS = 3_000;
/** Pause before a failed batch is tried again; doubles up to the second. */
const RETRY_MS = [100, 5_000] as const;

export type BatchHandler = (batch: readonly LoggedEvent[]) => Promise<void>;

export interface GroupOptions {
  readonly topic: TopicRow;
  readonly group: string;
  readonly maxBatch: number;
  readonly handler: BatchHandler;
}

/** A partition held: `epoch` grows with each claim, so that a late commit of an old one is refused. */
interface Claim {
  readonly row: PartitionRow;
  readonly epoch: number;
  readonly committed: number | null;
  readonly ending: AbortController;
  work: Promise<void>;
}

interface Position {
  readonly owner: string | null;
  readonly epoch: number;
}

export class GroupMember implements Reader {
  readonly #tables: EventTables;
  readonly #wakeUps: WakeUps;
  readonly #logger: Logger;
  readonly #options: GroupOptions;
  readonly #name = randomUUID();
  /** By partition. A claim stays here until its last batch is done, lost or not. */
  readonly #claims = new Map<number, Claim>();
  #leaseUntil = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(tables: EventTables, wakeUps: WakeUps, logger: Logger, options: GroupOptions) {
    this.#tables = tables;
    this.#wakeUps = wakeUps;
    this.#options = options;
    this.#logger = logger.child({ group: options.group, topic: options.topic.name });
  }

  /** Joins the group and begins with what is free. */
  start(): this {
    this.#beat();
    this.#wakeUps.enter();
    this.#heartbeat = setInterval(() => this.#tryToBeat(), HEARTBEAT_MS);
    return this;
  }

  close(): Promise<void> {
    this.#closed ??= this.#leave();
    return this.#closed;
  }

  async #leave(): Promise<void> {
    const claims = [...this.#claims.values()];
    for (const { ending } of claims) ending.abort();
    await Promise.all(claims.map(({ work }) => work)); // the lease is renewed meanwhile
    clearInterval(this.#heartbeat);
    this.#wakeUps.leave();
    try {
      this.#tables.prepare('DELETE FROM members WHERE member = ?').run(this.#name);
    } catch (error) {
      this.#logger.warn({ err: error }, 'left the group without saying so: its lease will end');
    }
  }

  #tryToBeat(): void {
    try {
      this.#beat();
    } catch (error) {
      this.#logger.warn({ err: error }, 'heartbeat failed');
    }
  }

  /** Renews the lease, claims what is this member's and free, begins to give back what is another's. */
  #beat(): void {
    const { group, topic } = this.#options;
    const now = Date.now();
    const held = [...this.#claims.values()];
    const claimed = this.#tables.write(() => {
      const members = this.#renewLease(now);
      const isMine = (row: PartitionRow): boolean =>
        !this.#closed && members[row.partition % members.length] === this.#name;
      const positions = new Map(topic.partitions.map((row) => [row.id, this.#position(row)]));
      for (const { row, epoch, ending } of held) {
        const position = positions.get(row.id);
        if (!isMine(row) || position?.owner !== this.#name || position.epoch !== epoch) ending.abort();
      }
      return topic.partitions.flatMap((row) => {
        const owner = positions.get(row.id)?.owner;
        const isFree = !owner || owner === this.#name || !members.includes(owner);
        return isMine(row) && isFree && !this.#claims.has(row.partition) ? [this.#claim(row)] : [];
      });
    });
    this.#leaseUntil = now + LEASE_MS;
    for (const claim of claimed) {
      this.#claims.set(claim.row.partition, claim);
      claim.work = this.#work(claim);
      this.#logger.debug({ partition: claim.row.partition, group }, 'partition claimed');
    }
  }

  /** The living members, in the order they joined: the same list in every process. */
  #renewLease(now: number): string[] {
    const { group, topic } = this.#options;
    this.#tables.prepare('DELETE FROM members WHERE lease_until < ? AND member <> ?').run(now, this.#name);
    this.#tables
      .prepare(
        `INSERT INTO members (grp, topic, member, lease_until) VALUES (?, ?, ?, ?)
         ON CONFLICT (member) DO UPDATE SET lease_until = excluded.lease_until`,
      )
      .run(group, topic.name, this.#name, now + LEASE_MS);
    return this.#tables
      .prepare('SELECT member FROM members WHERE grp = ? AND topic = ? ORDER BY joined')
      .all(group, topic.name)
      .map(({ member }) => member as string);
  }

  #position(row: PartitionRow): Position | undefined {
    return this.#tables.get(
      'SELECT owner, epoch FROM positions WHERE grp = ? AND partition_id = ?',
      this.#options.group,
      row.id,
    ) as Position | undefined;
  }

  #claim(row: PartitionRow): Claim {
    const { epoch, committed } = this.#tables.get(
      `INSERT INTO positions (grp, partition_id, owner) VALUES (?, ?, ?)
       ON CONFLICT (grp, partition_id) DO UPDATE SET owner = excluded.owner, epoch = epoch + 1
       RETURNING epoch, committed`,
      this.#options.group,
      row.id,
      this.#name,
    ) as { epoch: number; committed: number | null };
    return { row, epoch, committed, ending: new AbortController(), work: Promise.resolve() };
  }

  /** Hands over the partition's batches until the claim ends. Never rejects. */
  async #work(claim: Claim): Promise<void> {
    const { signal } = claim.ending;
    let from = claim.committed ?? 0;
    let failures = 0;
    await nextTurn(); // never inside `consume` or a heartbeat
    while (!signal.aborted) {
      try {
        const next = await this.#nextBatch(claim, from);
        failures = 0;
        if (next === undefined) break;
        from = next;
      } catch (error) {
        const retryMs = Math.min(RETRY_MS[0] * 2 ** failures, RETRY_MS[1]);
        failures += 1;
        this.#logger.warn({ err: error, partition: claim.row.partition, fromOffset: from, retryMs }, 'batch failed');
        await pauseUnless(signal, retryMs);
      }
    }
    this.#release(claim);
  }

  /** Where to go on from; undefined when the claim was lost. @throws whatever the handler or the file throws */
  async #nextBatch(claim: Claim, from: number): Promise<number | undefined> {
    const { topic, maxBatch, handler } = this.#options;
    const { signal } = claim.ending;
    if (Date.now() >= this.#leaseUntil) this.#beat(); // the process was held up: is the claim still good?
    if (signal.aborted) return undefined;
    const { events, nextOffset } = this.#tables.page(topic.name, claim.row, from, maxBatch);
    if (events.length === 0) {
      await this.#wakeUps.sleep(topic.name, signal);
      return nextOffset;
    }
    await handler(events);
    if (!this.#commit(claim, nextOffset)) return undefined;
    await nextTurn(); // a handler that never really waits must not starve timers and sockets
    return nextOffset;
  }

  #commit({ row, epoch }: Claim, offset: number): boolean {
    const { changes } = this.#tables
      .prepare('UPDATE positions SET committed = ? WHERE grp = ? AND partition_id = ? AND owner = ? AND epoch = ?')
      .run(offset, this.#options.group, row.id, this.#name, epoch);
    return changes === 1;
  }

  #release({ row, epoch }: Claim): void {
    this.#claims.delete(row.partition);
    try {
      this.#tables
        .prepare('UPDATE positions SET owner = NULL WHERE grp = ? AND partition_id = ? AND owner = ? AND epoch = ?')
        .run(this.#options.group, row.id, this.#name, epoch);
    } catch (error) {
      this.#logger.warn({ err: error, partition: row.partition }, 'claim not released: its lease will end');
    }
  }
}
