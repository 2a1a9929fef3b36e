// What the conformance run is about: every row of every manifest that is small enough, and random Programs.

import { type EngineName, type Lowered, lower } from '../checker/index.js';
import { models } from '../models/index.js';
import { loweringOf } from '../models/manifest.js';
import { properties } from '../properties/index.js';
import { randomCase } from './random_program.js';

export interface ConformanceCase extends Lowered {
  readonly name: string;
  /** The group in the summary: its model, and its candidate if the model compares some. */
  readonly group: string;
  /** The engine that is judged: the one that defines the meaning, where it is fast enough. */
  readonly engine: EngineName;
  /** How many runs each judge gets after those for counts, covers and claims: for what is found, and for the depth. */
  readonly aloneMax: number;
}

const referenceStatesMax = 20_000;

/** The rows of the manifests with at most so many states, and the names of those that have more. */
export function modelCases(statesMax: number, aloneMax: number, only?: string) {
  const cases: ConformanceCase[] = [];
  const leftOut: string[] = [];
  for (const { model, manifest } of models.values()) {
    if (only !== undefined && model.name !== only) continue;
    for (const { settings, states, ...row } of manifest) {
      const values = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
      const name = [model.name, ...values, ...(row.memory === undefined ? [] : [row.memory])].join(' ');
      if (states > statesMax) {
        leftOut.push(`${name} (${states} states)`);
        continue;
      }
      const engine = states <= referenceStatesMax ? 'reference' : 'compiled';
      const lowered = lower(model, settings, properties.get(model.name), loweringOf(row));
      const { fix } = lowered.program.settings;
      const group = fix === undefined ? model.name : `${model.name} fix=${fix}`;
      cases.push({ name, group, engine, aloneMax, ...lowered });
    }
  }
  return { cases, leftOut };
}

/** Random Programs, from the first seed on. */
export const randomCases = (count: number, aloneMax: number, firstSeed = 0): readonly ConformanceCase[] =>
  Array.from({ length: count }, (_, i): ConformanceCase => {
    const seed = firstSeed + i;
    const name = `random ${seed}`;
    return { name, group: 'random Programs', engine: 'reference', aloneMax, ...randomCase(seed) };
  });
