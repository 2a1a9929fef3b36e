// The properties of every model, by the model's name.

import { increment } from './examples/increment.js';
import type { Properties } from './language/index.js';
import { thp_truncate } from './thp_truncate.js';

export const properties: ReadonlyMap<string, Properties> = new Map([
  ['thp_truncate', thp_truncate],
  ['increment', increment],
]);
