/** Which titles belong together as a series or franchise, as far as their names tell: no source says it otherwise. Pure. */

/** A part's number at the end: `2`, `II`, `Part 3`, `Season 2`, `Vol. 2`, `(2013)`. */
const PART = /[\s,–-]+(?:\(\d{4}\)|(?:part|chapter|season|volume|vol\.?|episode)\s+\w+|\d{1,2}|[ivx]{1,4})$/iu;
/** What comes after the name: `: The Last Chapter`, ` - Reloaded`. */
const SUBTITLE = /\s*(?::|\s[–-]\s).*$/u;
/** A shorter name says too little: `It`, `Up`. */
const MIN_CHARACTERS = 4;

/** The same for all parts: `Dhoom`, `Dhoom 2` and `Dhoom: 3`; for a title of its own kind, itself. */
export function seriesOf(title: string): string {
  const whole = title.trim().toLowerCase();
  let name = whole.replace(SUBTITLE, '');
  for (let before = ''; before !== name; ) {
    before = name;
    name = name.replace(PART, '');
  }
  return name.length >= MIN_CHARACTERS ? name : whole;
}

/** Keeps the order; of each series the first `most`, the others after all else, so that a page is full even of one series. */
export function spreadSeries(
  rows: readonly number[],
  titleOf: (row: number) => string,
  most: number,
): {
  readonly within: number[];
  readonly beyond: number[];
} {
  const counts = new Map<string, number>();
  const [within, beyond]: [number[], number[]] = [[], []];
  for (const row of rows) {
    const series = seriesOf(titleOf(row));
    const count = (counts.get(series) ?? 0) + 1;
    counts.set(series, count);
    (count <= most ? within : beyond).push(row);
  }
  return { within, beyond };
}
