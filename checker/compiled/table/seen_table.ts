// The interface of a set of seen states, for all storages.

export interface SeenTable {
  /**
   * Appends the new states of the batch up to the limit; returns the index that it reached. `firstHashes`
   * are those of `WordCode`, for each record of the batch, where they are known.
   */
  insert(length: number, countMax: number, firstHashes?: Int32Array): number;
  /** Bytes at present. */
  readonly bytes: number;
  /** How many bytes more it takes while it grows the next time, at most. */
  readonly growthBytes: number;
  /** The probability that it took a new state for a seen one; undefined if it cannot. */
  missProbability(): number | undefined;
}
