// Every model of this repository, by name, with what is known of it: for those who want them all. registry.ts lists
// them.

import { loadEntry, modelNames, type RegisteredModel } from './registry.js';

export const models: ReadonlyMap<string, RegisteredModel> = new Map(
  await Promise.all(modelNames.map(async (name) => [name, (await loadEntry(name))!] as const)),
);
