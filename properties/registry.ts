// The properties of the models, by the model's name. They are loaded when they are needed, together with their model.

import { barrierFiles, raceFiles } from '../models/registry.js';
import type { Properties } from './language/index.js';

type PropertiesLoader = () => Promise<Properties>;

/** Properties in one file, which exports them under the model's name. */
const example = <N extends string>(
  name: N,
  load: () => Promise<{ readonly [K in N]: Properties }>,
): readonly [name: string, PropertiesLoader] => [name, async () => (await load())[name]];

const loads: ReadonlyMap<string, PropertiesLoader> = new Map([
  ['thp_truncate', thp_truncate],
  example('alur_taubenfeld', () => import('./examples/alur_taubenfeld.js')),
  example('anderson', () => import('./examples/anderson.js')),
  example('atomic_commitment', () => import('./examples/atomic_commitment.js')),
  example('bakery', () => import('./examples/bakery.js')),
  example('barrier', () => import('./examples/barrier.js')),
  example('coffee_can', () => import('./examples/coffee_can.js')),
  example('dekker', () => import('./examples/dekker.js')),
  example('die_hard', () => import('./examples/die_hard.js')),
  example('dining_monitor', () => import('./examples/dining_monitor.js')),
  example('elevator', () => import('./examples/elevator.js')),
  example('filter_lock', () => import('./examples/filter_lock.js')),
  example('fischer', () => import('./examples/fischer.js')),
  example('increment', () => import('./examples/increment.js')),
  example('lamport_fast', () => import('./examples/lamport_fast.js')),
  example('leader_election', () => import('./examples/leader_election.js')),
  example('mcs_lock', () => import('./examples/mcs_lock.js')),
  example('peterson', () => import('./examples/peterson.js')),
  example('peterson_pair', () => import('./examples/peterson_pair.js')),
  example('philosophers', () => import('./examples/philosophers.js')),
  example('readers_writers', () => import('./examples/readers_writers.js')),
  example('szymanski', () => import('./examples/szymanski.js')),
  example('termination_detection', () => import('./examples/termination_detection.js')),
  example('test_and_set', () => import('./examples/test_and_set.js')),
  example('ticket_lock', () => import('./examples/ticket_lock.js')),
  example('token_ring', () => import('./examples/token_ring.js')),
  example('two_phase_commit', () => import('./examples/two_phase_commit.js')),
  ...Object.entries({ ...raceFiles, ...barrierFiles }).map(
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
