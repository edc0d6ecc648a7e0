/** Counts what could not be used, by platform, from the dead letters of `content_sync`. The same row or record counts once. */
import type { EventLog, LoggedEvent, TailReader } from '../../platform/ports/event-log.ts';
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import { CONTENT_SYNC, deadLettersOf } from '../../schema/events/topics.ts';

/** Keys remembered per platform; beyond, the count stands still. */
const MOST_KEYS = 100_000;

export class Quarantine {
  readonly #keys = new Map<PlatformName, Set<string>>(PLATFORMS.map((platform) => [platform, new Set()]));
  #tail: TailReader | null = null;

  async start(log: EventLog): Promise<void> {
    this.#tail = await log.tail({ topic: deadLettersOf(CONTENT_SYNC.name), from: 'start' }, (event) =>
      this.#count(event),
    );
    await this.#tail.caughtUp;
  }

  async stop(): Promise<void> {
    await this.#tail?.close();
  }

  countOf(platform: PlatformName): number {
    return this.#keys.get(platform)?.size ?? 0;
  }

  /** Keys begin with the platform: `platform:platformId` of events, `platform:FILE#ROW` of rows. */
  #count({ key, partition, offset }: LoggedEvent): void {
    const platform = key?.slice(0, key.indexOf(':'));
    const keys = this.#keys.get(platform as PlatformName);
    if (keys && keys.size < MOST_KEYS) keys.add(key ?? `${partition}:${offset}`);
  }
}
