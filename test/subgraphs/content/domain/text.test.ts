import { expect, test } from '@jest/globals';
import { compactKey, fold, sortKey, soundKey, spellingVariants } from '../../../../subgraphs/content/domain/text.ts';

test.each([
  ['Les Misérables', 'les miserables'],
  ['Thomas & Friends', 'thomas and friends'],
  ["Horton's “Who”", 'hortons who'],
  ['WALL·E', 'wall e'],
  ['Æon Flux', 'aeon flux'],
])('folds %p', (text, folded) => expect(fold(text)).toBe(folded));

test('a compact title has no spaces, articles or "and"', () => {
  expect(compactKey('Taxi No. 9211')).toBe(compactKey('Taxi No. 9 2 11'));
  expect(compactKey('The White Tiger')).toBe(compactKey('White Tiger'));
  expect(compactKey('Thomas and Friends')).toBe(compactKey('Thomas & Friends'));
  expect(sortKey('The')).toBe('the');
});

test.each([
  ['Kyaa Kool Hai Hum', 'Kya Kool Hai Hum'],
  ['Gori Tere Pyaar Mein', 'Gori Tere Pyar Mein'],
  ['Naa Bangaaru Talli', 'Naa Bangaru Talli'],
])('%p sounds like %p', (a, b) => expect(soundKey(a)).toBe(soundKey(b)));

test('a title is found by other ways to type it', () => {
  expect(spellingVariants('Brooklyn Nine-Nine')).toContain('brooklyn 99');
  expect(spellingVariants('P!nk: All I Know So Far')).toContain('pink all i know so far');
  expect(spellingVariants('Meat Loaf')).toContain('meatloaf');
});
