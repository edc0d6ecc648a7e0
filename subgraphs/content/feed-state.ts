/** What is remembered of a platform's feed between two imports, in `content_feeds`: what was taken in last, and what was held back. */
import { createHash } from 'node:crypto';
import type { Collection, Store } from '../../platform/ports/store.ts';
import type { PlatformName } from '../../schema/events/content-sync.ts';

/** A feed that was not taken in as a whole. Times: ms since the epoch. */
export interface HeldFeed {
  readonly at: number;
  readonly reason: string;
}

interface FeedDocument {
  /** The platform. */
  _id: string;
  /** Digest of the address and of how it was taken; the address itself may hold a secret. */
  readonly feed: string | null;
  readonly etag: string | null;
  readonly takenAt: number | null;
  readonly held: HeldFeed | null;
}

export class FeedState {
  readonly #feeds: Collection<FeedDocument>;

  constructor(store: Store) {
    this.#feeds = store.collection<FeedDocument>('content_feeds');
  }

  /** The ETag of what is here, where this feed, taken in this way, was the platform's last. */
  async etagOf(platform: PlatformName, address: string, isSnapshot: boolean): Promise<string | null> {
    const known = await this.#feeds.findOne({ _id: platform });
    return known && known.feed === digestOf(address, isSnapshot) ? known.etag : null;
  }

  /** A feed was read to its end. */
  async taken(
    platform: PlatformName,
    address: string,
    isSnapshot: boolean,
    etag: string | null,
    at: number,
  ): Promise<void> {
    const document = { feed: digestOf(address, isSnapshot), etag, takenAt: at, held: null };
    await this.#feeds.replaceOne({ _id: platform }, document, { upsert: true });
  }

  /** A feed was not, or must not replace what is there: next time it is read whatever its ETag. */
  async held(platform: PlatformName, held: HeldFeed): Promise<void> {
    const known = await this.#feeds.findOne({ _id: platform });
    const document = { feed: null, etag: null, takenAt: known?.takenAt ?? null, held };
    await this.#feeds.replaceOne({ _id: platform }, document, { upsert: true });
  }

  async heldOf(platform: PlatformName): Promise<HeldFeed | null> {
    return (await this.#feeds.findOne({ _id: platform }))?.held ?? null;
  }
}

const digestOf = (address: string, isSnapshot: boolean): string =>
  createHash('sha256')
    .update(`${isSnapshot ? 'snapshot' : 'rows'} ${address}`)
    .digest('base64url');
