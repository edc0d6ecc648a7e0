/** What people type: trimmed, in Unicode NFC, within a length, and free of what could deceive other readers. Pure. */
import { AppError } from '../../../schema/errors.ts';

/** Control characters and line separators; the marks that reorder text (Unicode TR 9), which make a message read as another. */
const REFUSED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
/** At least one character that can be seen: fillers count as letters, the empty Braille cell as a symbol. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\u2800\p{Default_Ignorable_Code_Point}]]/v;

/** Lengths in code points, as people count, not UTF-16 units. */
export const TEXT_LIMITS = { name: 80, text: 500, displayName: 40, contentId: 200, commandId: 100 } as const;
export type TextField = keyof typeof TEXT_LIMITS;

/** The text as it is kept. @throws AppError BAD_USER_INPUT empty, too long, or with control or bidi characters */
export function cleanText(field: TextField, raw: string): string {
  const most = TEXT_LIMITS[field];
  // 64 KB of chat is refused before it is worked on: no code point is longer than two units, no composition longer than 18.
  if (raw.length > most * 36) throw new AppError('BAD_USER_INPUT', `${field} is longer than ${most} characters.`);
  if (!raw.isWellFormed()) throw new AppError('BAD_USER_INPUT', `${field} is not well-formed Unicode.`);
  const text = raw.trim().normalize('NFC');
  if (REFUSED.test(text)) throw new AppError('BAD_USER_INPUT', `${field} has control or direction characters.`);
  if (!VISIBLE.test(text)) throw new AppError('BAD_USER_INPUT', `${field} is empty.`);
  if ([...text].length > most) throw new AppError('BAD_USER_INPUT', `${field} is longer than ${most} characters.`);
  return text;
}

/** An id of a work, as a client gave it; whether there is such a work, the content subgraph knows. @throws AppError BAD_USER_INPUT */
export const checkContentId = (raw: string): string => cleanText('contentId', raw);

/** One emoji, as Unicode recommends for interchange. @throws AppError BAD_USER_INPUT */
export function checkEmoji(raw: string): string {
  if (raw.length > 32 || !/^\p{RGI_Emoji}$/v.test(raw)) {
    throw new AppError('BAD_USER_INPUT', 'emoji is not one emoji.');
  }
  return raw;
}
