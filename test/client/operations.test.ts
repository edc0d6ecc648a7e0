/** Everything the library asks is in the published schema. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import * as operations from '../../client/operations.ts';

const schema = buildSchema(await readFile('schema/supergraph.graphql', 'utf8'), { assumeValidSDL: true });
const { commandOperation, ...fixed } = operations;
const commands = ['play', 'pause', 'seek', 'setPlaybackRate', 'setContent', 'updateQueue', 'sendMessage'] as const;
const all = [...Object.values(fixed), ...commands.map(commandOperation)];

test.each(all)('$name is valid', ({ name, document }) => {
  const parsed = parse(document);
  expect(validate(schema, parsed).map(({ message }) => message)).toEqual([]);
  expect(parsed.definitions).toMatchObject([{ name: { value: name } }]);
});
