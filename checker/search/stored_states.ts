// All states that a search has found, for later use.

/** States in the order in which they were found. */
export interface StoredStates {
  readonly count: number;
  /** The threads' locations first, in their order, then the variables' values. */
  readonly columns: number;
  /** The value of column `column` in state `state`. */
  value(state: number, column: number): number;
}
