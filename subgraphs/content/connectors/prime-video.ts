/** Prime Video's public dump: Netflix's twelve columns; editions and dubs are rows of their own, ids are row numbers. */
import type { Connector } from './connector.ts';
import { csvConnector } from './csv-rows.ts';
import { justWatch } from './justwatch.ts';
import { twelveColumns } from './twelve-columns.ts';

export const primeVideo: Connector = csvConnector(twelveColumns, justWatch);
