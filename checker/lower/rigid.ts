// What stands for sizes that are left open, and for indices below them: variables that no step writes.

import type { SourceLocation } from '../../models/language/index.js';
import type { Expr, ThreadId, VariableId } from '../ir/program.js';

/** What a rigid variable stands for. */
export type Rigid =
  /** The value of a setting that is left open. */
  | { readonly kind: 'size'; readonly setting: string; readonly least: number }
  /** An index below that value. */
  | {
      readonly kind: 'index';
      readonly setting: string;
      /** The number of a copy of an actor, the index of a loop of an actor, or one that a quantifier or forAll() binds. */
      readonly role: 'copy' | 'loop' | 'quantified' | 'every';
      /** For a copy and a loop: whose. */
      readonly thread?: ThreadId;
    };

/** For each index of a place: the setting that is the length of its array, if it is left open. */
export type Sorts = readonly (string | undefined)[];

/** A comparison that has one value whatever the sizes and indices in it are, as far as small ones show. */
export interface SettledComparison {
  readonly x: Expr;
  readonly value: boolean;
  /** By setting: from which value on. */
  readonly least: ReadonlyMap<string, number>;
  readonly at: SourceLocation | undefined;
}

/** Elements whose first values a function gives: so many of them were compared, and start alike. */
export interface SampledElements {
  readonly name: string;
  readonly setting: string;
  readonly elements: number;
}

/** A property that is no part of a proof for any number. */
export interface LeftOutProperty {
  readonly name: string;
  readonly why: string;
  /** Where the reason is written. */
  readonly at?: SourceLocation | undefined;
  /** Is it a lemma, which a proof may use, and not a property that is asked? */
  readonly isLemma?: true;
}

/** What lowering for any number finds beside the Program. */
export interface OpenSizes {
  /** By setting: the least value that it may have. */
  readonly least: ReadonlyMap<string, number>;
  readonly settled: readonly SettledComparison[];
  readonly rigid: ReadonlyMap<VariableId, Rigid>;
  /** Properties that cannot be stated for every size, each with the reason. */
  readonly leftOut: readonly LeftOutProperty[];
  readonly sampled: readonly SampledElements[];
  /** By variable: a first value that depends on sizes. */
  readonly firstValues: ReadonlyMap<VariableId, Expr>;
  readonly sorts: ReadonlyMap<VariableId, Sorts>;
}
