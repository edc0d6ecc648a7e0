import { expect, test } from '@jest/globals';
import { splitEdition, withoutMarkers, yearInTitle } from '../../../../subgraphs/content/domain/editions.ts';

test.each([
  ['Jab We Met (Hindi)', 'Jab We Met', 'Hindi'],
  ['The World is Not Enough (4K UHD)', 'The World is Not Enough', '4K UHD'],
  ['Re:CREATORS [English Subtitled]', 'Re:CREATORS', 'English Subtitled'],
  ['RRR (Telugu) [4K UHD]', 'RRR', 'Telugu, 4K UHD'],
  ['Baahubali: The Beginning (Malayalam Version)', 'Baahubali: The Beginning', 'Malayalam Version'],
  ["Blade Runner (Director's Cut)", 'Blade Runner', "Director's Cut"],
  ['Paradise Canyon - Digitally Remastered', 'Paradise Canyon', 'Digitally Remastered'],
])('takes the edition off %p', (platformTitle, title, edition) => {
  expect(splitEdition(platformTitle)).toEqual({ title, edition });
});

test.each([
  'MCA (Middle Class Abbayi)',
  'The Office (U.S.)',
  'Happy Go Lucky (1936)',
  '(Hindi)',
  'English',
  'Hindi Medium',
])('leaves %p whole', (title) => expect(splitEdition(title)).toEqual({ title, edition: null }));

test('a season and a country are no part of what is matched, nor is a year in brackets', () => {
  expect(withoutMarkers('Thomas & Friends S22 (US)', 'series')).toBe('Thomas & Friends');
  expect(withoutMarkers('Horseland Season 1', 'series')).toBe('Horseland');
  expect(withoutMarkers('Ninja Robots Season 1', 'movie')).toBe('Ninja Robots Season 1');
  expect(withoutMarkers('The Nutty Professor (1963)', 'movie')).toBe('The Nutty Professor');
  expect(yearInTitle('The Nutty Professor (1963)')).toBe(1963);
  expect(yearInTitle('Blade Runner 2049')).toBeNull();
});
