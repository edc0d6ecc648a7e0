/**
 * Profiles that were written last, so that learning more of the same users needs no read. One taken out is the taker's alone
 * until it is put back; whoever finds none reads the store. An outdated one does no harm: its write is refused. Bounded.
 */
import type { ProfileDocument } from './profiles.ts';

/** About 250 bytes of memory each. */
const MAX_TITLES = 150_000;
const MAX_PROFILES = 20_000;

export class ProfileCache {
  readonly #profiles = new Map<string, ProfileDocument>();
  #titles = 0;

  take(userId: string): ProfileDocument | undefined {
    const profile = this.#profiles.get(userId);
    if (profile === undefined) return undefined;
    this.#profiles.delete(userId);
    this.#titles -= profile.titles.length;
    return profile;
  }

  /** Those put back longest ago go first. */
  put(profile: ProfileDocument): void {
    this.take(profile._id);
    this.#profiles.set(profile._id, profile);
    this.#titles += profile.titles.length;
    for (const userId of this.#profiles.keys()) {
      if (this.#titles <= MAX_TITLES && this.#profiles.size <= MAX_PROFILES) return;
      this.take(userId);
    }
  }
}
