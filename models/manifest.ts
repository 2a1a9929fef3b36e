// A manifest: the known results of a model, setting by setting, so that any change of an engine or the model shows. One
// test explores every row on every engine and compares.

import type { SettingValue } from './language/index.js';

export interface ManifestRow {
  /** The settings that differ from the model's defaults. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Explored under this memory model; every access is seen at once by all if absent. */
  readonly memory?: 'tso';
  /** Under x86-TSO: how many stores a buffer holds, which must be enough to be exact. As many as are needed if absent. */
  readonly buffer?: number;
  /** Distinct reachable states, the initial ones included. */
  readonly states: number;
  /** Enabled (state, step) pairs. */
  readonly transitions: number;
  /** The largest breadth-first distance, the initial states at 0. */
  readonly depth: number;
  /** The checks that do not hold, by name, with the number of steps of the shortest counterexample; empty: all hold. */
  readonly violated: { readonly [property: string]: number };
  /** `sometimes` properties that are never reached. */
  readonly unreached?: readonly string[];
  /** For people: the source of the figures, if they are published or derived on paper. */
  readonly source?: string;
}
export type Manifest = readonly ManifestRow[];

/** A row in one line: settings; states, transitions, depth; violated checks, and unreached ones. */
export const row = (
  settings: ManifestRow['settings'],
  [states, transitions, depth]: readonly [states: number, transitions: number, depth: number],
  violated: ManifestRow['violated'] = {},
  unreached: readonly string[] = [],
): ManifestRow => ({
  settings,
  states,
  transitions,
  depth,
  violated,
  unreached,
});

/** What `lower` needs to know of a row beside its settings. */
export const loweringOf = ({
  memory,
  buffer = 1,
}: Pick<ManifestRow, 'memory' | 'buffer'>): { readonly bufferSlots?: number } =>
  memory === 'tso' ? { bufferSlots: buffer } : {};
