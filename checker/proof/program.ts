// A parameterised Program: a model for any number of actors and elements. State is a set of functions from indices; a
// step of one member of a family of actors reads and writes them at the indices that it names.
//
//   pc.munmap : NR_MUNMAP -> place      vma.pmd : NR_MMS -> word      vma.ptl : NR_MMS -> actor or nobody

import type { Domain, Location, Lock, Source, ThreadId } from '../ir/program.js';
import type { LeftOutProperty } from '../lower/rigid.js';

export type { LeftOutProperty };

/** The name of a setting that is left open: the sort of the indices below it. */
export type Sort = string;

export interface BoundIndex {
  readonly name: string;
  readonly sort: Sort;
}

export type StateTerm =
  | { readonly op: 'const'; readonly value: number; readonly type: 'bool' | 'int' | readonly string[] }
  /** The index 0, which there is for every size. */
  | { readonly op: 'first'; readonly sort: Sort }
  | { readonly op: 'var'; readonly name: string; readonly sort: Sort }
  /** One index, in an instance whose size is above it. */
  | { readonly op: 'element'; readonly sort: Sort; readonly index: number }
  /** An index modulo another size: any function, for all that is proved. */
  | { readonly op: 'modulo'; readonly from: Sort; readonly sort: Sort; readonly x: StateTerm }
  | { readonly op: 'size'; readonly sort: Sort }
  | { readonly op: 'read'; readonly fun: Fun; readonly args: readonly StateTerm[] }
  | {
      readonly op: 'at';
      readonly family: Family;
      readonly member?: StateTerm;
      readonly locations: readonly Location[];
    }
  | { readonly op: 'nobody' }
  | { readonly op: 'actor'; readonly family: Family; readonly member?: StateTerm }
  | { readonly op: 'not'; readonly x: StateTerm }
  | { readonly op: 'and' | 'or'; readonly xs: readonly StateTerm[] }
  | { readonly op: 'eq' | 'lt' | 'le' | 'add' | 'sub' | 'mul'; readonly x: StateTerm; readonly y: StateTerm }
  | { readonly op: 'if'; readonly x: StateTerm; readonly then: StateTerm; readonly else: StateTerm }
  | { readonly op: 'all' | 'any'; readonly bound: BoundIndex; readonly x: StateTerm }
  /** For how many indices a condition is true. */
  | { readonly op: 'sum'; readonly bound: BoundIndex; readonly x: StateTerm };

/** A part of the state. */
export interface Fun {
  readonly name: string;
  /** The sorts of its indices; of what belongs to the members of a family, theirs comes last. */
  readonly args: readonly Sort[];
  readonly range: Domain | { readonly kind: 'index'; readonly sort: Sort };
  readonly kind: 'shared' | 'share' | 'local' | 'loop index' | 'to do';
  /** Whose it is, but for what is shared. */
  readonly family?: Family;
  readonly first: StateTerm | 'any';
  readonly lock?: Lock;
  /** Its place in the model; the numbers in it are indices, of which those with a sort are its arguments. */
  readonly place: readonly (string | number)[];
  readonly sorts: readonly (Sort | undefined)[];
  /** It grows with a size, so its domain is no bound. */
  readonly isCounter?: true;
}

/** An actor: any number of members below a size, or just one. */
export interface Family {
  readonly thread: ThreadId;
  /** Without an index. */
  readonly name: string;
  readonly sort?: Sort;
  readonly locations: readonly { readonly label: string; readonly path: string }[];
  readonly start: Location;
  readonly done: Location;
  readonly dead?: Location;
}

/** Sets a function where its arguments are these; for all values of the variables in `every`. */
export interface Update {
  readonly fun: Fun;
  readonly args: readonly StateTerm[];
  readonly every: readonly BoundIndex[];
  readonly value: StateTerm;
}

export interface Rule {
  readonly name: string;
  readonly family: Family;
  readonly from: Location;
  readonly to: Location;
  readonly label: string;
  readonly caption: string;
  readonly source: Source;
  readonly guard: StateTerm;
  readonly updates: readonly Update[];
  /** Indices that it chooses: the next ones of loops. */
  readonly picks: readonly BoundIndex[];
  readonly locks: readonly LockChanged[];
  /** What taking it violates. */
  readonly reports?: string;
}

export interface LockChanged {
  readonly way: 'take' | 'drop';
  readonly fun: Fun;
  readonly args: readonly StateTerm[];
}

export interface StateClaim {
  readonly name: string;
  /** True in every state, if it holds. */
  readonly condition: StateTerm;
  readonly about?: string;
  readonly isLemma?: true;
}

export interface Parameterised {
  readonly name: string;
  /** By sort: the least size. */
  readonly sizes: ReadonlyMap<Sort, number>;
  readonly families: readonly Family[];
  readonly funs: readonly Fun[];
  readonly rules: readonly Rule[];
  readonly claims: readonly StateClaim[];
  /** What the user claims for the proof, and nobody asks. */
  readonly lemmas: readonly StateClaim[];
  /** Of the model's properties, those that are not about single states, each with the reason. */
  readonly leftOut: readonly LeftOutProperty[];
  /** What is taken to be true and cannot be known for every number, for people. */
  readonly assumed: readonly string[];
}

/** The member of a family that takes a step. */
export const self = (family: Family): StateTerm | undefined =>
  family.sort === undefined ? undefined : { op: 'var', name: 'self', sort: family.sort };
