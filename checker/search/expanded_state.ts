// A state with its steps, as exports of graphs read it.

import type { StepId } from '../ir/program.js';

/** States are numbered in breadth-first order. Valid until the next one is asked for. */
export interface ExpandedState {
  readonly number: number;
  readonly isInitial: boolean;
  /** The location of each thread, then the value of each variable. */
  readonly columns: readonly number[];
  /** In the order of the steps. `to` is absent where the step has a fault. */
  readonly transitions: readonly { readonly step: StepId; readonly to?: number }[];
}
