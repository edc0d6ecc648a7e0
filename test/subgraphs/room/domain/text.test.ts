import { expect, test } from '@jest/globals';
import { codeFromBytes, parseCode } from '../../../../subgraphs/room/domain/invite-code.ts';
import { checkEmoji, cleanText } from '../../../../subgraphs/room/domain/text.ts';

const bad = expect.objectContaining({ code: 'BAD_USER_INPUT' });

test.each([
  ['control', 'a\u0007b'],
  ['line break', 'a\nb'],
  ['right-to-left override', 'safe\u202Egpj.exe'],
  ['isolate', 'a\u2066b'],
  ['nothing', ''],
  ['blank', ' \u00a0 '],
  ['only joiners', '\u200d\u200d'],
  ['half a surrogate pair', 'a\ud83d'],
  ['501 characters', 'x'.repeat(501)],
  ['501 emoji', '😀'.repeat(501)],
  ['64 KB', 'x'.repeat(65_536)],
])('refuses a message with %s', (_, text) => {
  expect(() => cleanText('text', text)).toThrow(bad);
});

test.each([
  ['  hi  ', 'hi'],
  ['e\u0301', 'é'],
  ['नमस्ते', 'नमस्ते'],
  ['שלום', 'שלום'],
  ['👨‍👩‍👧', '👨‍👩‍👧'],
  ['😀'.repeat(500), '😀'.repeat(500)],
])('keeps %p as %p', (text, kept) => {
  expect(cleanText('text', text)).toBe(kept);
});

test.each(['❤️', '👍🏽', '👨‍👩‍👧', '🇮🇳'])('takes %s as an emoji', (emoji) => {
  expect(checkEmoji(emoji)).toBe(emoji);
});
test.each(['', 'a', '👍👍', '1', '👍'.repeat(100)])('does not take %p as an emoji', (text) => {
  expect(() => checkEmoji(text)).toThrow(bad);
});

test('codes have no letter that is mistaken for a digit', () => {
  const codes = Array.from({ length: 32 }, (_, start) =>
    codeFromBytes(Uint8Array.from({ length: 8 }, (_, i) => start + i)),
  );
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
});
test.each([
  ['abcd-efgh', 'ABCDEFGH'],
  [' 0o1iLxyz ', '00111XYZ'],
  ['ABCDEFG', null],
  ['ABCDEFGU', null],
  ['A'.repeat(10_000), null],
])('reads %p as %p', (typed, code) => {
  expect(parseCode(typed)).toBe(code);
});
