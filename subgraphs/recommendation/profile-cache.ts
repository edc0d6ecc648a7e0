/**
 * Profiles that were written last, so that learning more of the same users needs no read. One taken out is the taker's alone
 * until it is put back; whoever finds none reads the store. An outdated one does no harm: its write is refused. Bounded, by bytes.
 */
import type { ProfileDocument } from './profiles.ts';

/** In memory, as `npm run bench:recommendation` measures: of a profile's counts, and of each of its titles. */
const COUNTS_BYTES = 9_900;
const TITLE_BYTES = 240;
const MAX_BYTES = 64 * 1024 * 1024;

/** About what a profile takes in memory. */
export const sizeBytesOf = ({ titles }: ProfileDocument): number => COUNTS_BYTES + TITLE_BYTES * titles.length;

export class ProfileCache {
  /** Each with its size when it was put in. */
  readonly #profiles = new Map<string, { readonly profile: ProfileDocument; readonly sizeBytes: number }>();
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  take(userId: string): ProfileDocument | undefined {
    const found = this.#profiles.get(userId);
    if (found === undefined) return undefined;
    this.#profiles.delete(userId);
    this.#sizeBytes -= found.sizeBytes;
    return found.profile;
  }

  /** Those put back longest ago go first. */
  put(profile: ProfileDocument): void {
    this.take(profile._id);
    const sizeBytes = sizeBytesOf(profile);
    this.#profiles.set(profile._id, { profile, sizeBytes });
    this.#sizeBytes += sizeBytes;
    for (const userId of this.#profiles.keys()) {
      if (this.#sizeBytes <= MAX_BYTES) return;
      this.take(userId);
    }
  }
}
