/**
 * Bytes of CSV in, rows of cells out (RFC 4180): one pass, constant memory, bounded time. Damage stays where it is: a row whose
 * quoting runs away over several lines costs its first line only, and reading goes on with the second; a line of any length is
 * passed over. Text after a closing quote belongs to the cell up to the next comma, so damage shows as too many cells.
 */
import { isUtf8 } from 'node:buffer';

/** A row longer than this is damage: the longest real one has 8 kB. */
const MAX_ROW_BYTES = 1_000_000;
/** As is one of more lines; it bounds how often a byte is looked at. */
const MAX_ROW_LINES = 100;
/** So much of a damaged row is kept. */
const MAX_RAW_BYTES = 100_000;
const CHUNK_BYTES = 65_536;
const TOO_LONG = `a row longer than ${MAX_ROW_BYTES.toLocaleString('en')} bytes`;

const [QUOTE, COMMA, LF, CR] = [0x22, 0x2c, 0x0a, 0x0d];
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export interface ParsedRow {
  readonly cells: readonly string[];
  /** The row's bytes, line end included; of an over-long row its beginning. */
  readonly raw: Buffer;
  /** Why it is no row, whatever its cells; null: it is one. */
  readonly damage: string | null;
  /** The file ends within it. */
  readonly isCut: boolean;
}

interface Scan {
  /** Where the next row begins. */
  readonly end: number;
  readonly cells: readonly string[];
  readonly lines: number;
  /** The bytes end before the row does. */
  readonly isOpen: boolean;
  readonly isInQuotes: boolean;
}

/** All rows but empty lines, the header among them; its number of cells is what the others are measured by. */
export async function* parseCsv(file: AsyncIterable<Uint8Array>): AsyncGenerator<ParsedRow> {
  let held: Buffer = Buffer.alloc(0);
  let isFirst = true;
  let expected = 0;
  let overlong: { kept: Buffer; sizeBytes: number } | null = null;
  for await (const { bytes, isLast } of chunksOf(file)) {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    if (isFirst && held.subarray(0, 3).equals(BOM)) held = held.subarray(3);
    isFirst = false;
    let at = 0;
    while (at < held.length) {
      if (overlong) {
        const lineEnd = held.indexOf(LF, at);
        const next = lineEnd < 0 ? held.length : lineEnd + 1;
        overlong.sizeBytes += next - at;
        at = next;
        if (lineEnd < 0) break;
        yield passedOver(overlong, false);
        overlong = null;
        continue;
      }
      const scan = scanRow(held, at);
      const isTooLong = scan.end - at > MAX_ROW_BYTES || scan.lines > MAX_ROW_LINES;
      if (scan.isOpen && !isLast && !isTooLong) break;
      const firstLineEnd = held.indexOf(LF, at) + 1;
      const hasMoreLines = firstLineEnd > 0 && firstLineEnd < scan.end;
      if (isTooLong && !(hasMoreLines && firstLineEnd - at <= MAX_ROW_BYTES)) {
        const next = firstLineEnd > 0 ? firstLineEnd : held.length;
        overlong = { kept: Buffer.from(held.subarray(at, Math.min(next, at + MAX_RAW_BYTES))), sizeBytes: next - at };
        at = next;
        if (firstLineEnd > 0) {
          yield passedOver(overlong, false);
          overlong = null;
        }
        continue;
      }
      const isWrong = scan.isInQuotes || isTooLong || (expected > 0 && scan.cells.length !== expected);
      const end = hasMoreLines && isWrong ? firstLineEnd : scan.end;
      const raw = held.subarray(at, end);
      at = end;
      if (isBlank(raw)) continue;
      if (expected === 0) expected = scan.cells.length;
      const isCut = scan.isOpen && end === held.length && (scan.isInQuotes || scan.cells.length < expected);
      yield {
        cells: scan.cells,
        raw: isWrong ? keptOf(raw) : raw,
        damage: damageOf(scan, raw, expected, isCut),
        isCut,
      };
    }
    held = held.subarray(at);
  }
  if (overlong) yield passedOver(overlong, true);
}

function scanRow(bytes: Buffer, from: number): Scan {
  const cells: string[] = [];
  let lines = 1;
  let at = from;
  for (;;) {
    const start = at;
    let value: string | null = null;
    if (bytes[at] === QUOTE) {
      let hasEscapes = false;
      at += 1;
      for (;;) {
        const close = bytes.indexOf(QUOTE, at);
        // What stands between is looked at for line ends only as far as a row may go.
        const until = Math.min(close < 0 ? bytes.length : close, from + MAX_ROW_BYTES + 1);
        for (let lf = bytes.indexOf(LF, at); lf >= 0 && lf < until; lf = bytes.indexOf(LF, lf + 1)) {
          lines += 1;
          if (lines > MAX_ROW_LINES) return { end: lf + 1, cells, lines, isOpen: true, isInQuotes: true };
        }
        if (close < 0 || close - from > MAX_ROW_BYTES) {
          return { end: bytes.length, cells, lines, isOpen: true, isInQuotes: true };
        }
        at = close + 1;
        if (bytes[at] !== QUOTE) break;
        hasEscapes = true;
        at += 1;
      }
      if (isEndOfCell(bytes, at)) {
        const text = bytes.toString('utf8', start + 1, at - 1);
        value = hasEscapes ? text.replaceAll('""', '"') : text;
      }
    }
    while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== LF) at += 1;
    if (value === null) {
      const end = bytes[at] !== COMMA && bytes[at - 1] === CR && at > start ? at - 1 : at;
      value = bytes.toString('utf8', start, end);
    }
    cells.push(value);
    if (at >= bytes.length) return { end: at, cells, lines, isOpen: true, isInQuotes: false };
    at += 1;
    if (bytes[at - 1] === LF) return { end: at, cells, lines, isOpen: false, isInQuotes: false };
    if (at - from > MAX_ROW_BYTES) return { end: at, cells, lines, isOpen: true, isInQuotes: false };
  }
}

function isEndOfCell(bytes: Buffer, at: number): boolean {
  const next = bytes[at];
  if (next === CR) return bytes[at + 1] === LF || at + 1 === bytes.length;
  return next === undefined || next === COMMA || next === LF;
}

function damageOf(scan: Scan, raw: Buffer, expected: number, isCut: boolean): string | null {
  if (isCut) return scan.isInQuotes ? 'the file ends inside a quoted cell' : 'the file ends in the middle of a row';
  if (scan.lines > MAX_ROW_LINES || scan.isInQuotes) return 'a quoted cell that does not end';
  if (scan.cells.length !== expected) return `${scan.cells.length} cells instead of ${expected}`;
  if (raw.length > MAX_ROW_BYTES) return TOO_LONG;
  if (raw.includes(0)) return 'NUL bytes';
  if (!isUtf8(raw)) return 'characters that are not UTF-8';
  return null;
}

function passedOver({ kept, sizeBytes }: { kept: Buffer; sizeBytes: number }, isCut: boolean): ParsedRow {
  return {
    cells: [],
    raw: kept,
    damage: sizeBytes > MAX_ROW_BYTES ? TOO_LONG : 'a quoted cell that does not end',
    isCut,
  };
}

/** A copy, so that it does not keep the chunk it is part of. */
const keptOf = (raw: Buffer): Buffer => Buffer.from(raw.subarray(0, MAX_RAW_BYTES));

function isBlank(raw: Buffer): boolean {
  for (const byte of raw) if (byte !== LF && byte !== CR) return false;
  return true;
}

/** Bytes in pieces of a good size, whatever the source's; what came before a failure is handed over first. */
async function* chunksOf(file: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const part of file) {
      parts.push(Buffer.from(part.buffer, part.byteOffset, part.length));
      sizeBytes += part.length;
      if (sizeBytes < CHUNK_BYTES) continue;
      yield { bytes: joined(parts), isLast: false };
      parts = [];
      sizeBytes = 0;
    }
  } catch (error) {
    failure = { error };
  }
  // After a failure the last row is not whole, however it looks.
  yield { bytes: joined(parts), isLast: failure === null };
  if (failure) throw failure.error;
}

/** One part is not copied. */
function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return first && parts.length === 1 ? first : Buffer.concat(parts);
}
