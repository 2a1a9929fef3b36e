// All states that a search has found, for those who look at them afterwards.

/** States in the order in which they were found. */
export interface StoredStates {
  readonly count: number;
  /** The threads' locations first, in their order, then the variables' values. */
  readonly columns: number;
  /** What state `state` has in column `column`. */
  value(state: number, column: number): number;
}
