import { expect, test } from '@jest/globals';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { buildTitleIndex } from '../../../../subgraphs/recommendation/domain/title-index.ts';
import { TitleNumbers } from '../../../../subgraphs/recommendation/domain/title-numbers.ts';
import { Vocabulary } from '../../../../subgraphs/recommendation/domain/vocabulary.ts';
import { aWork } from '../works.ts';

test('a title keeps its number, and has the row of the work that it stands for in each index', () => {
  const catalogue = new Catalogue();
  const indexNow = () => buildTitleIndex(catalogue.works(), new Vocabulary());
  const numbers = new TitleNumbers();
  expect(['b', 'netflix:n-a', 'gone', 'b'].map((id) => numbers.intern(id))).toEqual([0, 1, 2, 0]);
  catalogue.put(aWork('a'));
  catalogue.put(aWork('b'));
  const first = indexNow();
  expect([...numbers.rowsIn(first, catalogue)]).toEqual([1, 0, -1]);

  numbers.intern('a');
  expect([...numbers.rowsIn(first, catalogue)]).toEqual([1, 0, -1, 0]);

  catalogue.remove('a');
  catalogue.put(aWork('gone'));
  expect([...numbers.rowsIn(indexNow(), catalogue)]).toEqual([0, -1, 1, -1]);
  expect(numbers.numberOf('gone')).toBe(2);
  expect(numbers.numberOf('never heard of')).toBeUndefined();
});

test('there are 200,000 numbers; who comes later has none', () => {
  const numbers = new TitleNumbers();
  for (let i = 0; i < 200_000; i += 1) numbers.intern(`t${i}`);
  expect(numbers.intern('one more')).toBe(-1);
  expect(numbers.intern('t199999')).toBe(199_999);
});
