// A breadth-first search between two of its sweeps, as data: with the Program and the checks, another process goes on
// with it, and comes to the same result. The table of seen states is not part of it: it follows from the states.

/** The numbers of states and checks are those of the search. */
export interface Snapshot {
  readonly states: number;
  /** The first state that is not expanded, and the first number after its level. */
  readonly head: number;
  readonly levelEnd: number;
  readonly transitions: number;
  /** How many states are new at each distance, the level of `head` included. */
  readonly levels: readonly number[];
  /** What was found, by the number of the check, in the order in which it was found. */
  readonly found: readonly (readonly [number, SnapshotPlace])[];
  /** The checks whose condition has no value in some state. */
  readonly undecided: readonly number[];
  /** Are states left out that lie beyond a limit of the depth? */
  readonly isCut: boolean;
  /** 32-bit numbers of a record: the packed words of a state, and the number of its parent, -1 if it is initial. */
  readonly stride: number;
  /** The records of all states in the order of their numbers, in pieces of whole records that are valid until the next. */
  records(): Iterable<Int32Array>;
}

/** Where a check was decided: in a state, or by a step from it. */
export interface SnapshotPlace {
  readonly number: number;
  readonly step?: number;
  readonly fault?: string;
}
