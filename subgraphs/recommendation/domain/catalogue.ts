/** The works that can be recommended, as `content_changes` tells them. In memory; knows nothing of how it is fed. */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { labelId } from './genres.ts';

/** One after another that a work can have gone through. */
const MAX_MERGES = 16;

export class Catalogue {
  readonly #works = new Map<string, WorkSummary>();
  /** `platform:platformId` to work id: how outside producers name titles. */
  readonly #byOffer = new Map<string, string>();
  /** Of a work that turned out to be another: which. As many as were merged. */
  readonly #mergedInto = new Map<string, string>();
  #revision = 0;

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#works.size;
  }

  works(): IterableIterator<WorkSummary> {
    return this.#works.values();
  }

  put(work: WorkSummary): void {
    this.#forgetOffers(work.id);
    this.#mergedInto.delete(work.id);
    this.#works.set(work.id, work);
    for (const { platform, platformId } of work.offers) this.#byOffer.set(`${platform}:${platformId}`, work.id);
    this.#revision += 1;
  }

  /** `mergedInto`: the work it turned out to be, by which it is found from now on. */
  remove(id: string, mergedInto?: string): void {
    this.#forgetOffers(id);
    if (mergedInto === undefined) this.#mergedInto.delete(id);
    else this.#mergedInto.set(id, mergedInto);
    if (this.#works.delete(id) || mergedInto !== undefined) this.#revision += 1;
  }

  /** A work by its id or one that it had before, or by `platform:platformId`. */
  find(id: string): WorkSummary | undefined {
    return this.#works.get(id) ?? this.#works.get(this.#byOffer.get(id) ?? this.#latestId(id));
  }

  /** The id under which a producer's title is kept: the work's, or `platform:platformId` while there is no such work. */
  resolve(contentId: string, platform: string | undefined): string {
    if (this.#works.has(contentId)) return contentId;
    const offer = platform ? `${labelId(platform)}:${contentId}` : contentId;
    return this.#byOffer.get(offer) ?? this.find(contentId)?.id ?? offer;
  }

  #latestId(id: string): string {
    let latest = id;
    // A chain of merges has an end; the count is for one that a lost event has made a circle.
    for (let steps = 0; steps < MAX_MERGES; steps += 1) {
      const next = this.#mergedInto.get(latest);
      if (next === undefined) break;
      latest = next;
    }
    return latest;
  }

  #forgetOffers(id: string): void {
    for (const { platform, platformId } of this.#works.get(id)?.offers ?? []) {
      const offer = `${platform}:${platformId}`;
      if (this.#byOffer.get(offer) === id) this.#byOffer.delete(offer);
    }
  }
}
