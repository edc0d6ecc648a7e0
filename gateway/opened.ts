/** Opening several things one after the other, of which none must stay open when one fails. */
import type { Stop } from '../platform/run-main.ts';

/** What has been opened so far, closed in the opposite order. */
export class Opened {
  readonly #closes: Stop[] = [];

  add(close: Stop): void {
    this.#closes.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closes.splice(0)) await close();
  }

  /** @returns what closes it all */
  async unlessItFails(start: () => Promise<void>): Promise<Stop> {
    try {
      await start();
    } catch (error) {
      await this.close();
      throw error;
    }
    return () => this.close();
  }
}
