// The properties of every model, by the model's name: for programs that need all of them. registry.ts lists them.

import type { Properties } from './language/index.js';
import { loadProperties, statedNames } from './registry.js';

export const properties: ReadonlyMap<string, Properties> = new Map(
  await Promise.all(statedNames.map(async (name) => [name, await loadProperties(name)] as const)),
);
