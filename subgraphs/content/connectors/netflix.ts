/** Netflix's public dump: twelve columns; `date_added` may begin with a space, ids are row numbers in the newer ones. */
import type { Connector } from './connector.ts';
import { csvRows } from './csv-rows.ts';
import { TWELVE_COLUMNS, twelveColumns } from './twelve-columns.ts';

export const netflix: Connector = { read: (file) => csvRows(file, TWELVE_COLUMNS, twelveColumns) };
