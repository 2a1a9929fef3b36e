// The properties of every model, by the model's name.

import { increment } from './examples/increment.js';
import type { Properties } from './language/index.js';

export const properties: ReadonlyMap<string, Properties> = new Map([['increment', increment]]);
