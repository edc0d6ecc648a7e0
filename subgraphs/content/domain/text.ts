/** How text is compared: folding away case, accents and punctuation, numbers in words, names. Pure. */

const LIGATURES: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
};

const NUMBER_WORDS: readonly string[] = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...['eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty'],
];

/** Without I and X, which are as often words: `I, Robot`, `Malcolm X`. */
const ROMAN_NUMBERS: Readonly<Record<string, string>> = {
  ...{ ii: '2', iii: '3', iv: '4', v: '5', vi: '6', vii: '7', viii: '8', ix: '9' },
  ...{ xi: '11', xii: '12', xiii: '13' },
};
const ABBREVIATED: Readonly<Record<string, string>> = { volume: 'vol', pt: 'part' };

/** Lower case, no accents, apostrophes dropped, `&` as "and", any other punctuation one space. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[æœøßđðłıþ]/g, (letter) => LIGATURES[letter] ?? letter)
    .replace(/['’‘ʼ`´]/g, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The words of a text, folded. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded === '' ? [] : folded.split(' ');
}

/** A title to sort by: folded, without a leading article. */
export function sortKey(title: string): string {
  return fold(title).replace(/^(?:the|an?) (?=.)/, '');
}

/** A title without spaces, articles and "and": `Taxi No. 9211` and `Taxi No. 9 2 11` are equal, `Rocky II` and `Rocky 2`, too. */
export function compactKey(title: string): string {
  const words = sortKey(title)
    .split(' ')
    .filter((word) => word !== 'and')
    .map((word, at) => (at > 0 ? (ROMAN_NUMBERS[word] ?? ABBREVIATED[word] ?? word) : word));
  const compact = words.join('');
  return compact === '' ? title.trim().toLowerCase() : compact;
}

/** A compact title by sound, for words of Indian languages in Latin letters: `Kyaa`/`Kya`, `Pyaar`/`Pyar`, `Veerey`/`Viray`. */
export function soundKey(title: string): string {
  return compactKey(title)
    .replace(/ee|ey|y/g, 'i')
    .replace(/oo/g, 'u')
    .replace(/w/g, 'v')
    .replace(/([bcdgkpt])h/g, '$1')
    .replace(/(\P{N})\1+/gu, '$1')
    .replace(/ai/g, 'e');
}

/** The numbers of a title in their order: they tell sequels apart. */
export function numbersIn(title: string): string {
  return (compactKey(withDigits(wordsOf(title)) ?? title).match(/\d+/g) ?? []).join(' ');
}

/** Digits for runs of number words: ["brooklyn","nine","nine"] gives "brooklyn 99"; null where there is no number word. */
function withDigits(words: readonly string[]): string | null {
  let text = '';
  let afterNumber = false;
  let found = false;
  for (const word of words) {
    const number = NUMBER_WORDS.indexOf(word);
    text += number >= 0 && afterNumber ? String(number) : ` ${number >= 0 ? number : word}`;
    afterNumber = number >= 0;
    found ||= afterNumber;
  }
  return found ? text.trim() : null;
}

/** Other ways to type a title: letters for signs (`P!nk`), digits for number words, all as one word (`meatloaf`). */
export function spellingVariants(title: string): string[] {
  const words = wordsOf(title);
  const variants = [withDigits(words) ?? ''];
  if (/\p{L}[!$@0]\p{L}/u.test(title)) {
    variants.push(fold(title.replace(/!/g, 'i').replace(/\$/g, 's').replace(/@/g, 'a').replace(/0/g, 'o')));
  }
  if (words.length > 1 && words.length <= 4) variants.push(words.join(''));
  return variants.filter((variant) => variant !== '');
}
