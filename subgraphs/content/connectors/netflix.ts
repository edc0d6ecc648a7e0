/** Netflix's public dumps: twelve columns in any order; `date_added` may begin with a space, newer ids are row numbers. */
import type { Connector } from './connector.ts';
import { csvConnector } from './csv-rows.ts';
import { justWatch } from './justwatch.ts';
import { twelveColumns } from './twelve-columns.ts';

export const netflix: Connector = csvConnector(twelveColumns, justWatch);
