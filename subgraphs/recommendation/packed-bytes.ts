/** Numbers one after another as bytes, little-endian, carried as base64. A reader must ask for what the writer wrote, in its order. */

const FIRST_SIZE_BYTES = 4_096;

/** Cheap to use again: `clear` keeps what was allocated. */
export class PackedWriter {
  #bytes = Buffer.alloc(FIRST_SIZE_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  clear(): void {
    this.#at = 0;
  }

  /** Whole, 0..255. */
  byte(value: number): void {
    const at = this.#next(1); // which may change the view
    this.#view.setUint8(at, value);
  }

  /** Whole, 0..65,535. */
  short(value: number): void {
    const at = this.#next(2);
    this.#view.setUint16(at, value, true);
  }

  /** Whole, within 32 bits with sign. */
  int(value: number): void {
    const at = this.#next(4);
    this.#view.setInt32(at, value, true);
  }

  double(value: number): void {
    const at = this.#next(8);
    this.#view.setFloat64(at, value, true);
  }

  toString(): string {
    return this.#bytes.toString('base64', 0, this.#at);
  }

  /** Where so many bytes go. */
  #next(sizeBytes: number): number {
    const at = this.#at;
    this.#at += sizeBytes;
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.alloc(2 * this.#bytes.length);
      this.#bytes.copy(larger);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

export class PackedReader {
  readonly #view: DataView;
  #at = 0;

  constructor(text: string) {
    const bytes = Buffer.from(text, 'base64');
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1));
  }

  short(): number {
    return this.#view.getUint16(this.#next(2), true);
  }

  int(): number {
    return this.#view.getInt32(this.#next(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#next(8), true);
  }

  #next(sizeBytes: number): number {
    this.#at += sizeBytes;
    return this.#at - sizeBytes;
  }
}
