// A manifest: what is known of a model, setting by setting, so that a change of any engine or model shows. One test
// loop explores every row on every engine and compares.

import type { SettingValue } from './language/index.js';

export interface ManifestRow {
  /** The settings that differ from the model's defaults. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Distinct reachable states, the initial ones included. */
  readonly states: number;
  /** Enabled (state, step) pairs. */
  readonly transitions: number;
  /** The largest breadth-first distance, the initial states at 0. */
  readonly depth: number;
  /** What does not hold, by name, with the number of steps of its shortest counterexample; empty: all holds. */
  readonly violated: { readonly [property: string]: number };
  /** Examples that `sometimes` asks for and that do not exist. */
  readonly unreached?: readonly string[];
  /** For people: where the figures come from, if others have published them or they are derived on paper. */
  readonly source?: string;
}
export type Manifest = readonly ManifestRow[];

/** A row in one line: settings; states, transitions, depth; what does not hold, and what is not reached. */
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
