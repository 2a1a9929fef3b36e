// Every model of this repository, by name, with its manifest: for programs that need all of them. registry.ts lists
// them.

import { loadEntry, modelNames, type RegisteredModel } from './registry.js';

export const models: ReadonlyMap<string, RegisteredModel> = new Map(
  await Promise.all(modelNames.map(async (name) => [name, (await loadEntry(name))!] as const)),
);
