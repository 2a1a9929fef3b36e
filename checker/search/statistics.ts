// Figures of a whole search beyond its counts; checker/coverage/statistics.ts computes them.

import type { Source } from '../ir/program.js';

export interface LabelStatistics {
  /** `procedure.label`. */
  readonly label: string;
  readonly source: Source;
  /** In how many states some actor stands there; undefined if the search kept no states. */
  readonly states: number | undefined;
  /** How many transitions leave it. Steps without a value are none. */
  readonly transitions: number;
  /** By the label that they lead to, or the message that they report. */
  readonly ways: readonly { readonly to: string; readonly transitions: number }[];
}

export interface VariableStatistics {
  readonly name: string;
  /** The values that it takes in some state, as text, with the number of states; ascending. */
  readonly values: readonly { readonly value: string; readonly states: number }[];
  /** How many values its domain has. */
  readonly possible: number;
}

export interface Statistics {
  /** How many states have n transitions, by n. */
  readonly outDegrees: readonly number[];
  /** In the order of the model. */
  readonly labels: readonly LabelStatistics[];
  /** Undefined if the search kept no states. */
  readonly variables: readonly VariableStatistics[] | undefined;
}
