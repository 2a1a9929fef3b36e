// Every model of this repository, by name, with what is known of it: for those who want them all. registry.ts lists
// them.

import { type Entry, loadEntry, modelNames } from './registry.js';

export const models: ReadonlyMap<string, Entry> = new Map(
  await Promise.all(modelNames.map(async (name) => [name, (await loadEntry(name))!] as const)),
);
