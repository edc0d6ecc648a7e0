/** The works that can be recommended, as `content_changes` tells them. In memory; knows nothing of how it is fed. */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { labelId } from './genres.ts';

export class Catalogue {
  readonly #works = new Map<string, WorkSummary>();
  /** `platform:platformId` to work id: how outside producers name titles. */
  readonly #byOffer = new Map<string, string>();
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
    this.#works.set(work.id, work);
    for (const { platform, platformId } of work.offers) this.#byOffer.set(`${platform}:${platformId}`, work.id);
    this.#revision += 1;
  }

  remove(id: string): void {
    this.#forgetOffers(id);
    if (this.#works.delete(id)) this.#revision += 1;
  }

  /** A work by its id, or by `platform:platformId`. */
  find(id: string): WorkSummary | undefined {
    return this.#works.get(id) ?? this.#works.get(this.#byOffer.get(id) ?? '');
  }

  /** The id under which a producer's title is kept: the work's, or `platform:platformId` while there is no such work. */
  resolve(contentId: string, platform: string | undefined): string {
    if (this.#works.has(contentId)) return contentId;
    const offer = platform ? `${labelId(platform)}:${contentId}` : contentId;
    return this.#byOffer.get(offer) ?? offer;
  }

  #forgetOffers(id: string): void {
    for (const { platform, platformId } of this.#works.get(id)?.offers ?? []) {
      const offer = `${platform}:${platformId}`;
      if (this.#byOffer.get(offer) === id) this.#byOffer.delete(offer);
    }
  }
}
