// What a command asks of the processes that explore for it, and what they answer: a message each, over Node's channel
// between processes. `raceproof test` runs all code of users there, that of project files included, so that it can be
// ended; `raceproof compare` explores several cells at once.

import type {
  CheckName,
  Explored,
  FinalValues,
  LimitReached,
  MemoryModel,
  Report,
} from '../../checker/index.js';
import type { Trace } from '../../counterexamples/trace/trace.js';
import type { Row, RowFound } from '../../suite/index.js';
import type { ExplorationValues } from '../arguments/options.js';
import type { ExitStatus } from '../exit_status.js';

/** How rows are explored. */
export interface RowOptions {
  readonly engine: 'compiled' | 'reference';
  readonly statesMax?: number;
  /** In megabytes. */
  readonly memoryMax?: number;
  /** Where results are kept; nowhere if absent. */
  readonly cache?: string;
}

/** What of a row its process needs: not what is expected of it. */
export type RowAsked = Pick<Row, 'model' | 'settings' | 'without' | 'memory' | 'buffer'>;

/** A model under some settings, as the command line names them. */
export interface ModelAsked {
  /** A name, or the path of a file. */
  readonly model: string;
  readonly settings: { readonly [name: string]: unknown };
  readonly without: readonly CheckName[];
  readonly memory: MemoryModel;
  /** Under x86-TSO: how many stores a buffer holds; as many as are needed if absent. */
  readonly buffer?: number;
}

export type ProcessQuestion =
  /** What a project file exports by default. */
  | { readonly kind: 'project'; readonly file: string }
  /** What a model's file exports as `manifest`, or the manifest of a model that comes with the package. */
  | { readonly kind: 'manifest'; readonly model: string }
  | { readonly kind: 'row'; readonly row: RowAsked; readonly options: RowOptions }
  /** A cell of a comparison. */
  | {
      readonly kind: 'cell';
      readonly asked: ModelAsked;
      readonly options: ExplorationValues;
      readonly coverage: boolean;
    }
  /** The values of a variable where runs end. */
  | {
      readonly kind: 'ends';
      readonly asked: ModelAsked;
      readonly options: ExplorationValues;
      readonly variable: string;
    };

/** What each kind of question brings. */
export interface Answers {
  readonly project: unknown;
  readonly manifest: unknown;
  readonly row: { readonly found: RowFound; readonly isCached: boolean };
  readonly cell: CellFound;
  readonly ends: FinalValues;
}

/** A report, and the traces of some of its results, each by the place of the result among `properties`. */
export interface CellFound {
  readonly report: Report<Explored>;
  readonly traces: readonly (readonly [number, Trace])[];
}

export type Answer =
  | { readonly value: unknown }
  /** The message and the exit status that the command would end with. */
  | { readonly error: string; readonly status: ExitStatus };

/** Sent while a question is open: its search stops, and what it has found so far is the answer. */
export interface Halt {
  readonly kind: 'halt';
  readonly limit: LimitReached;
}
