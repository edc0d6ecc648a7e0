/** A map of bounded size: the key set longest ago goes first. For what can be read again from where it came. */
export class RecentMap<V> {
  readonly #values = new Map<string, V>();
  readonly #maxKeys: number;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.#maxKeys && !oldest.done) this.#values.delete(oldest.value);
  }
}
