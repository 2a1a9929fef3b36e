// A Program for any number of members: what a Program has once for each copy of an actor stands here once. A member is
// a copy of an actor with its locals, its shares of locks and its elements of arrays; the rest is shared.
//
//   Program   resource[0], resource[1], resource[2]; rm[0], rm[1], rm[2]       guard heard[0] && heard[1] && heard[2]
//   Schema    class rm { resource }                                            guard all(rm i: i.heard)
//
// Slots are members by number: the one that acts, its partners, and those that quantifiers range over. A quantifier
// ranges over all members of its class that no slot around it is. A reference is a value that names a member or a thread.

import type { Location, LocationInfo, ReportKind, Source } from '../ir/program.js';

export type SchemaExpr =
  | { readonly op: 'const'; readonly value: number }
  /** How many members a class has, and so many more. */
  | { readonly op: 'size'; readonly class: number; readonly plus: number }
  /** The reference to no thread. */
  | { readonly op: 'nobody' }
  /** The reference to a thread that is no member. */
  | { readonly op: 'thread'; readonly thread: number }
  /** The reference to the member in a slot. */
  | { readonly op: 'member'; readonly slot: number }
  | { readonly op: 'read'; readonly cell: SchemaCell }
  | { readonly op: 'at'; readonly slot: number; readonly locations: readonly Location[] }
  | { readonly op: 'thread at'; readonly thread: number; readonly locations: readonly Location[] }
  | { readonly op: 'not'; readonly x: SchemaExpr }
  | { readonly op: 'and' | 'or' | 'add'; readonly all: readonly SchemaExpr[] }
  | { readonly op: 'eq' | 'lt' | 'le'; readonly x: SchemaExpr; readonly y: SchemaExpr }
  | { readonly op: 'sub' | 'mul' | 'div' | 'mod'; readonly x: SchemaExpr; readonly y: SchemaExpr }
  | { readonly op: 'if'; readonly x: SchemaExpr; readonly then: SchemaExpr; readonly else: SchemaExpr }
  /** The slot that it binds is the number of slots around it. */
  | { readonly op: SchemaQuantifier; readonly class: number; readonly x: SchemaExpr };

export type SchemaQuantifier = 'every' | 'some' | 'sum';

export type SchemaCell =
  | { readonly of: 'all'; readonly variable: number }
  | { readonly of: 'member'; readonly slot: number; readonly variable: number }
  /** Of the member that a reference names. */
  | { readonly of: 'named'; readonly class: number; readonly by: SchemaExpr; readonly variable: number }
  /** One of several by index, shared or of one member. */
  | {
      readonly of: 'array';
      readonly slot?: number;
      readonly variables: readonly number[];
      readonly index: SchemaExpr;
    };

export interface SchemaVariable {
  readonly name: string;
  /** Its values are references. */
  readonly refers: boolean;
  readonly min: number;
  readonly max: number;
  /** The words of an enum. */
  readonly words?: readonly string[];
  /** A reference is coded as in configurations. */
  readonly initial: number;
}

export interface SchemaThread {
  readonly name: string;
  readonly locations: readonly LocationInfo[];
  readonly start: Location;
}

/** Members that are alike: copies of one actor. */
export interface SchemaClass extends SchemaThread {
  /** The setting that says how many there are. */
  readonly setting: string;
  readonly variables: readonly SchemaVariable[];
}

export interface SchemaAssignment {
  /** Of each member of this class that no slot is: the slot is the number of slots around it. */
  readonly each?: number;
  readonly target: SchemaCell;
  readonly value: SchemaExpr;
}

export interface SchemaStep {
  readonly label: string;
  readonly source: Source;
  /** Who acts: a thread, or a member of a class, which is slot 0 then. */
  readonly by: { readonly thread: number } | { readonly class: number };
  /** The classes of the members in the next slots: any that are no other slot. */
  readonly partners: readonly number[];
  readonly from: Location;
  readonly to: Location;
  readonly guard: SchemaExpr;
  readonly assignments: readonly SchemaAssignment[];
  readonly reports?: { readonly kind: ReportKind; readonly message: string };
}

/** A condition that must never be true, whoever is in its slots. */
export interface SchemaCondition {
  readonly name: string;
  readonly partners: readonly number[];
  readonly bad: SchemaExpr;
}

export interface Schema {
  readonly name: string;
  readonly classes: readonly SchemaClass[];
  readonly threads: readonly SchemaThread[];
  readonly variables: readonly SchemaVariable[];
  readonly steps: readonly SchemaStep[];
  readonly conditions: readonly SchemaCondition[];
}

/** The slots that the members of a step or a condition take, by their classes. */
export const slotsOf = (of: SchemaStep | SchemaCondition): readonly number[] =>
  'by' in of && 'class' in of.by ? [of.by.class, ...of.partners] : of.partners;

/** A model that this method cannot take: why, and where. */
export class NotUniform extends Error {
  override readonly name = 'NotUniform';
  readonly at: Source['model'];

  constructor(why: string, at?: Source['model']) {
    super(why);
    this.at = at;
  }
}
