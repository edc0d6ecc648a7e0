/** What of a platform's title names the edition ("4K UHD", "Hindi") and what names the work. Pure. */

const LANGUAGES =
  'hindi|tamil|telugu|telegu|malayalam|kannada|bengali|bangla|marathi|gujarati|punjabi|odia|bhojpuri|urdu|english|spanish|' +
  'french|german|italian|portuguese|japanese|korean|chinese|mandarin|cantonese|arabic|turkish|russian|thai|filipino|polish';

/** The whole of a bracket that names an edition; anything else in brackets belongs to the title. */
const EDITION = new RegExp(
  [
    `(?:original )?(?:us |latin american? )?(?:${LANGUAGES})(?:[ -](?:ver(?:sion)?|audio|language|dub|dubbed|sub|subbed|subtitled|subtitles|title|with english subtitles))?`,
    '(?:4k )?u?hd|4k(?: uhd)?',
    'dub|dubbed|sub|subbed|subtitled|silent|no dialog|non-english dialog',
    "extended(?: edition| cut| version)?|director'?s cut|unrated|uncut|edited|(?:digitally )?(?:re)?mastered(?: version)?|restored",
    'black & white(?: version)?|in color|plus bonus (?:features|content)|theatrical(?: version)?',
  ]
    .map((alternative) => `^(?:${alternative})$`)
    .join('|'),
  'i',
);
const LANGUAGE_LIST = new RegExp(`^[a-z ]*(?:${LANGUAGES})(?:,.*(?:${LANGUAGES}).*|, no subtitles)$`, 'i');
const LAST_BRACKET = /\s*[([]\s*([^()[\]]*?)\s*[)\]]\s*$/;
const DASHED = new RegExp(
  `\\s+[-–]\\s+((?:digitally )?remastered|4k uhd|director'?s cut|extended (?:cut|edition)|uncut|(?:${LANGUAGES})(?: version| dub(?:bed)?)?)\\s*$`,
  'i',
);

export interface TitleParts {
  /** Never empty. */
  readonly title: string;
  /** Several are joined by ", ". */
  readonly edition: string | null;
}

/** Takes edition suffixes off a title: `RRR (Hindi) [4K UHD]` is `RRR` in the edition `Hindi, 4K UHD`. */
export function splitEdition(platformTitle: string): TitleParts {
  let title = platformTitle.trim();
  const editions: string[] = [];
  for (;;) {
    const bracket = LAST_BRACKET.exec(title);
    const name = bracket?.[1] ?? '';
    const isEdition = EDITION.test(name) || LANGUAGE_LIST.test(name);
    const found = bracket && isEdition ? bracket : DASHED.exec(title);
    if (!found || found.index === 0) break;
    editions.unshift(found[1] ?? '');
    title = title.slice(0, found.index);
  }
  return { title, edition: editions.length > 0 ? editions.join(', ').slice(0, 100) : null };
}

/** The year in brackets that ends a title, such as 1963 in `The Nutty Professor (1963)`. */
export function yearInTitle(title: string): number | null {
  const year = /[([]((?:19|20)\d\d)[)\]]\s*$/.exec(title)?.[1];
  return year ? Number(year) : null;
}

/** A title without what tells releases, countries and seasons apart, for matching only. */
export function withoutMarkers(title: string, type: 'movie' | 'series'): string {
  let bare = splitEdition(title).title.replace(
    /\s*[([](?:(?:19|20)\d\d|(?:the |original |bbc )?series|the movie|tv special|short|new)[)\]]\s*$/i,
    '',
  );
  if (type === 'series') {
    bare = bare
      .replace(/\s*\((?:us|uk|u\.s\.|u\.k\.)\)\s*$/i, '')
      .replace(/[\s:,-]+the series$/i, '')
      .replace(/[\s:,-]+(?:s|season |series )\d{1,2}$/i, '');
  }
  return bare.trim() === '' ? title : bare;
}
