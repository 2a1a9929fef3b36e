// A suite: models under settings, what is expected of each, and the results. All of it is plain data, so that rows can
// be run in other processes, kept in a cache and written as reports.

import type { CheckKind, CheckName, MemoryModel, Verdict } from '../checker/index.js';
import type { Trace } from '../counterexamples/trace/trace.js';
import type { SettingValue } from '../models/language/index.js';

/** One model under some settings. */
export interface Row {
  /** A model's name, or the path of its file as it is shown: relative to where the command runs. */
  readonly model: string;
  /** The settings that differ from the model's defaults. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Built-in checks that are switched off. */
  readonly without: readonly CheckName[];
  /** Explored under this memory model; every access is seen at once by all if absent. */
  readonly memory?: MemoryModel;
  /** Under x86-TSO: how many stores a buffer holds; as many as are needed if absent. */
  readonly buffer?: number;
  readonly expected: Expected;
  /** The row's `about` and `source`, for readers: they stay when the row is rewritten. */
  readonly kept?: { readonly [name: string]: unknown };
  /** Where the row is written. */
  readonly origin: RowOrigin;
}

/** `rows[3]` of the list of a file: of a project file, or of the `manifest` of a model's file. */
export interface RowOrigin {
  /** A path; absent for a model that comes with the package. */
  readonly file?: string;
  /** Which entry of `models`; absent for a manifest. */
  readonly entry?: number;
  readonly row: number;
}

/** A field that is absent is not compared. */
export interface Expected {
  readonly verdict?: Verdict;
  /** All properties that are violated, by name, with the steps of the counterexample where that is compared. */
  readonly violated?: { readonly [property: string]: number | undefined };
  /** All examples that are never reached. */
  readonly unreached?: readonly string[];
  readonly states?: number;
  readonly transitions?: number;
  readonly depth?: number;
}

/** What exploring a row found, as far as a row can expect it. */
export interface RowFacts {
  readonly verdict: Verdict;
  /** Why it is incomplete. */
  readonly limit?: string;
  /** By name, with the number of steps of the counterexample; of a lasso, its stem and one round. */
  readonly violated: { readonly [property: string]: number };
  readonly unreached: readonly string[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** The result of running a row. */
export interface RowFound {
  readonly facts: RowFacts;
  readonly properties: readonly FoundProperty[];
  /** The counterexample of the decisive violation, if something is violated. */
  readonly trace?: Trace;
  /** Where the model is written: `race.ts:12`. */
  readonly source?: string;
}

export interface FoundProperty {
  readonly name: string;
  readonly kind: CheckKind;
  readonly about?: string;
  /** `race.ts:40`. */
  readonly source?: string;
}

/** One field in which a row is not as expected. */
export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** The outcome of a row. */
export type RowOutcome =
  | { readonly kind: 'expected'; readonly found: RowFound }
  | { readonly kind: 'unexpected'; readonly found: RowFound; readonly differences: readonly Difference[] }
  /** The model is wrong under these settings, and the message names the place; or raceproof itself has a bug. */
  | { readonly kind: 'error'; readonly message: string; readonly isInternal?: true }
  /** The suite was stopped before the row was run. */
  | { readonly kind: 'not run' };

export interface Result {
  readonly row: Row;
  readonly outcome: RowOutcome;
}

/** A whole run of a suite, in the order of its rows. */
export interface SuiteReport {
  readonly results: readonly Result[];
  /** What stopped it, if it was stopped: '60 seconds'. */
  readonly stopped?: string;
  /** The path from the root of the repository to the folder that paths are relative to; absent at the root. */
  readonly folder?: string;
}

/** The number of rows by outcome. */
export type RowCounts = { readonly [kind in RowOutcome['kind']]: number };

export function countsOf({ results }: SuiteReport): RowCounts {
  const count = (kind: RowOutcome['kind']) => results.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    expected: count('expected'),
    unexpected: count('unexpected'),
    error: count('error'),
    'not run': count('not run'),
  };
}

/** `increment NR_ACTORS=2`. */
export const titleOf = (row: Omit<Row, 'expected' | 'origin'>): string =>
  [
    row.model,
    ...Object.entries(row.settings).map(([name, value]) => `${name}=${value}`),
    ...optionsOf(row),
  ].join(' ');

/** The command that runs a row alone, for a shell. */
export const commandOf = (row: Row): string =>
  [
    `raceproof check ${shellWord(row.model)}`,
    ...Object.entries(row.settings).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`),
    ...optionsOf(row),
  ].join(' ');

const optionsOf = ({ without, memory, buffer }: Pick<Row, 'without' | 'memory' | 'buffer'>) => [
  ...without.map((name) => `--without=${name}`),
  ...(memory === undefined ? [] : [`--memory=${memory}`]),
  ...(buffer === undefined ? [] : [`--buffer=${buffer}`]),
];

/** As one word of a POSIX shell. */
const shellWord = (text: string): string =>
  /^[\w./=:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
