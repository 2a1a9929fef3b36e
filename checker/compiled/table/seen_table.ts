// What a search asks of a set of seen states, however it remembers them.

export interface SeenTable {
  /**
   * Appends the new states of the batch; stops before a state too many, and returns how far it came. `firstHashes` are
   * those of `WordCode`, for each record of the batch, where they are known.
   */
  insert(length: number, countMax: number, firstHashes?: Int32Array): number;
  /** What the table takes now. */
  readonly bytes: number;
  /** What it takes more while it grows the next time, at most. */
  readonly growthBytes: number;
  /** How likely it took some new state for one it had seen; undefined if it cannot. */
  missProbability(): number | undefined;
}
