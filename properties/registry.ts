// The properties of the models, by the model's name. They are loaded when they are needed, together with their model.

import { barrierFiles, exampleFiles, raceFiles } from '../models/registry.js';
import type { Properties } from './language/index.js';

type PropertiesLoader = () => Promise<Properties>;

const loads: ReadonlyMap<string, PropertiesLoader> = new Map([
  ['thp_truncate', thp_truncate],
  ...Object.entries({ ...exampleFiles, ...raceFiles, ...barrierFiles }).map(
    ([name, load]) => [name, async () => (await load()).properties] as const,
  ),
] as const);

async function thp_truncate(): Promise<Properties> {
  const [{ thp_truncate }, { thp_truncate_liveness }] = await Promise.all([
    import('./thp_truncate.js'),
    import('./thp_truncate_liveness.js'),
  ]);
  return { ...thp_truncate, ...thp_truncate_liveness };
}

/** The names of all models that have properties. */
export const statedNames: readonly string[] = [...loads.keys()];

/** Loads the properties of a model; undefined if there are none. */
export const loadProperties = async (name: string): Promise<Properties> => (await loads.get(name)?.()) ?? {};
