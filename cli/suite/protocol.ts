// What the process that runs a suite asks of those that run its rows, and what they answer: a message each, over
// Node's channel between processes. All code of users, that of project files included, runs in those others, where it can be ended.

import type { Row, RowFound } from '../../suite/index.js';

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
export type RowAsked = Pick<Row, 'model' | 'settings' | 'without'>;

export type RowQuestion =
  /** What a project file exports by default. */
  | { readonly kind: 'project'; readonly file: string }
  /** What a model's file exports as `manifest`, or the manifest of a model that comes with the package. */
  | { readonly kind: 'manifest'; readonly model: string }
  | { readonly kind: 'row'; readonly row: RowAsked; readonly options: RowOptions };

/** What each kind of question brings. */
export interface Answers {
  readonly project: unknown;
  readonly manifest: unknown;
  readonly row: { readonly found: RowFound; readonly isCached: boolean };
}

export type Answer =
  | { readonly value: unknown }
  /** The message that the command would end with. */
  | { readonly error: string };
