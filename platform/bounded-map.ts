/** A map that never outgrows its bound: for what can be made again, such as parsed documents and plans. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #maxSize: number;

  constructor(maxSize: number) {
    super();
    this.#maxSize = maxSize;
  }

  /** Where a new key would pass the bound, the one that was put in first goes. */
  override set(key: K, value: V): this {
    if (this.size >= this.#maxSize && !this.has(key)) this.delete(this.keys().next().value as K);
    return super.set(key, value);
  }
}
