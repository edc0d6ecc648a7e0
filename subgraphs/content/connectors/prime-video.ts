/** Prime Video's public dump: Netflix's twelve columns; editions and dubs are rows of their own, ids are row numbers. */
import type { Connector } from './connector.ts';
import { csvRows } from './csv-rows.ts';
import { TWELVE_COLUMNS, twelveColumns } from './twelve-columns.ts';

export const primeVideo: Connector = { read: (file) => csvRows(file, TWELVE_COLUMNS, twelveColumns) };
