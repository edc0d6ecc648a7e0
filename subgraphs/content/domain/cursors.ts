/** Relay cursors: the sort key and id of the last work seen, so that a page goes on in its place whatever came or went. Pure. */
import { AppError } from '../../../schema/errors.ts';

export interface Position<K extends string | number> {
  readonly key: K;
  readonly id: string;
}

/** `list` names the order and the question: a cursor of another list is refused. */
export function encodeCursor(list: string, { key, id }: Position<string | number>): string {
  return Buffer.from(JSON.stringify([list, key, id])).toString('base64url');
}

/** @throws AppError CURSOR_INVALID for anything that `encodeCursor` did not give for this very list */
export function decodeCursor<K extends string | number>(
  list: string,
  kind: 'string' | 'number',
  cursor: string,
): Position<K> {
  let parts: unknown = null;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: refused below as any other wrong value.
  }
  const [ofList, key, id] = Array.isArray(parts) && parts.length === 3 ? parts : [];
  if (ofList !== list || typeof key !== kind || typeof id !== 'string') {
    throw new AppError('CURSOR_INVALID', 'Start without `after`, or give the endCursor of the same list.');
  }
  return { key: key as K, id };
}
