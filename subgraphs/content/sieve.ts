/**
 * Which documents have all the words of a query, and how well: one word after another, each keeping only what the ones before
 * it kept. Arrays by document number, used again by the next query: a word of ten thousand documents makes no garbage.
 */
const FIRST_CAPACITY = 1_024;

/** Takes a document that has the current word. A document may come several times; its best score and all its fields count. */
export type Note = (document: number, score: number, fields: number) => void;

export class Sieve {
  /** Number of the last word that a document had; words are numbered through all queries. */
  #word = new Float64Array(FIRST_CAPACITY);
  #wordScore = new Float64Array(FIRST_CAPACITY);
  #sum = new Float64Array(FIRST_CAPACITY);
  #fields = new Uint8Array(FIRST_CAPACITY);
  #kept: number[] = [];
  #now = 0;
  #isFirst = true;

  /** Before a query. `documents`: above any document number. */
  begin(documents: number): void {
    if (documents > this.#word.length) {
      const capacity = documents * 2;
      this.#word = new Float64Array(capacity);
      this.#wordScore = new Float64Array(capacity);
      this.#sum = new Float64Array(capacity);
      this.#fields = new Uint8Array(capacity);
    }
    this.#now += 2; // none of the query before had this word
    this.#isFirst = true;
    this.#kept = [];
  }

  readonly note: Note = (document, score, fields) => {
    const word = this.#word[document];
    if (word === this.#now) {
      if (score > (this.#wordScore[document] ?? 0)) this.#wordScore[document] = score;
      this.#fields[document] = (this.#fields[document] ?? 0) | fields;
      return;
    }
    if (this.#isFirst) {
      this.#sum[document] = 0;
      this.#fields[document] = fields;
    } else if (word === this.#now - 1) {
      this.#fields[document] = (this.#fields[document] ?? 0) | fields;
    } else {
      return;
    }
    this.#word[document] = this.#now;
    this.#wordScore[document] = score;
    this.#kept.push(document);
  };

  /** After each word; gives how many documents have it and all before it. */
  endWord(): number {
    for (const document of this.#kept) {
      this.#sum[document] = (this.#sum[document] ?? 0) + (this.#wordScore[document] ?? 0);
    }
    this.#last = this.#kept;
    this.#kept = [];
    this.#now += 1;
    this.#isFirst = false;
    return this.#last.length;
  }

  #last: readonly number[] = [];

  /** After the last word; null leaves a document out. */
  found<T>(make: (document: number, score: number, fields: number) => T | null): T[] {
    const all: T[] = [];
    for (const document of this.#last) {
      const each = make(document, this.#sum[document] ?? 0, this.#fields[document] ?? 0);
      if (each !== null) all.push(each);
    }
    return all;
  }
}
