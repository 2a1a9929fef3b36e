// The options of check and compare. A name or a value that means nothing is refused: in JavaScript, or where a type was
// cast, the search would otherwise go on without the limit that was meant.

import {
  checkNames,
  didYouMean,
  type ExploreOptions,
  engineNames,
  type MemoryModel,
  memoryModels,
  reductionChoices,
  searchNames,
  storageNames,
} from '../checker/index.js';

/** What an option accepts: one of some words, a list of them, a number from 0 up, or whatever its type says. */
type Accepts = readonly string[] | { readonly each: readonly string[] } | 'number' | 'any';

/** By the name of each option of `O`. */
export type Accepted<O> = { readonly [name in keyof Required<O>]: Accepts };

export const explorationAccepted: Accepted<ExploreOptions> = {
  engine: engineNames,
  search: searchNames,
  storage: storageNames,
  reduce: reductionChoices,
  backend: ['auto', 'wasm', 'javascript'],
  without: { each: checkNames },
  statesMax: 'number',
  depthMax: 'number',
  memoryMax: 'number',
  stuckStatesMax: 'number',
  workers: 'number',
  workersFrom: 'number',
  shortestLassos: 'any',
  coverage: 'any',
  statistics: 'any',
  snapshots: 'any',
  resume: 'any',
  onStates: 'any',
  onProgress: 'any',
  signal: 'any',
};

/** Under which memory model a model is explored. */
export interface MemoryOptions {
  readonly memory?: MemoryModel;
  /** Under x86-TSO: how many stores each buffer holds; as many as are needed if absent. */
  readonly buffer?: number;
}

export const memoryAccepted: Accepted<MemoryOptions> = { memory: memoryModels, buffer: 'number' };

/** Throws a TypeError for an option of `who` that there is not, or for a value that it does not accept. */
export function requireOptions<O extends object>(who: string, options: O, accepted: Accepted<O>): void {
  const names = Object.keys(accepted);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(accepted, name)) {
      const hint = nearestOption(name, names) || `; there are ${names.join(', ')}`;
      throw new TypeError(`${who} has no option '${name}'${hint}`);
    }
    if (value !== undefined) requireValue(`${who}: ${name}`, value, accepted[name as keyof O]);
  }
}

function requireValue(what: string, value: unknown, accepts: Accepts): void {
  if (accepts === 'any') return;
  if (accepts === 'number') {
    if (typeof value === 'number' && value >= 0) return;
    throw new TypeError(`${what} is ${String(value)}, not a number from 0 up`);
  }
  const words = 'each' in accepts ? accepts.each : accepts;
  for (const word of 'each' in accepts ? [value].flat() : [value]) {
    if (words.some((each) => each === word)) continue;
    const hint = didYouMean(String(word), words);
    throw new TypeError(`${what} is '${word}', not one of ${words.join(', ')}${hint}`);
  }
}

/** As didYouMean; `maxStates` is near to `statesMax`, and `set` to `settings`. */
function nearestOption(name: string, names: readonly string[]): string {
  const sorted = (text: string) =>
    (text.match(/[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase()).sort();
  const same = names.find((each) => sorted(each).join() === sorted(name).join());
  const longer = names.find((each) => name.length > 2 && each.startsWith(name));
  const found = same ?? longer;
  return found === undefined ? didYouMean(name, names) : `; did you mean '${found}'?`;
}
