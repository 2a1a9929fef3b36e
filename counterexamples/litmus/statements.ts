// The statements of a thread of a litmus test, as data. Registers are numbered by thread, and are variables of expressions
// behind those of the Program.

import type { Expr, VariableId } from '../../checker/index.js';
import type { RunIndex } from '../story/recorded_run.js';

/**
 * A location of the test: a variable or a lock of the model, or a mark, which is no variable of the model and says that
 * an actor was somewhere.
 */
export type LocationKey = `variable ${VariableId}` | `lock ${string}` | `mark ${RunIndex}`;

/** `plain`: the model says nothing of order; it is written as `once`. */
export type LoadOrder = 'plain' | 'once' | 'acquire';

export type UpdateOrder = 'full' | 'relaxed' | 'acquire' | 'release';

/** `to` is the number of a register. A modification gives the old value, `unless` whether it has added. */
export type LitmusStatement =
  | {
      readonly kind: 'read';
      readonly of: LocationKey;
      readonly to: number;
      readonly order: LoadOrder;
    }
  | {
      readonly kind: 'write';
      readonly of: LocationKey;
      readonly value: Expr;
      readonly order: 'plain' | 'once' | 'release';
      /** smp_store_mb(). */
      readonly isFenced?: boolean;
    }
  | {
      readonly kind: 'exchange';
      readonly of: LocationKey;
      readonly to: number;
      readonly value: Expr;
      readonly order: UpdateOrder;
    }
  | {
      readonly kind: 'compare';
      readonly of: LocationKey;
      readonly to: number;
      readonly expected: number;
      readonly value: Expr;
      readonly order: UpdateOrder;
    }
  | {
      readonly kind: 'add';
      readonly of: LocationKey;
      /** Absent if nobody asks for the old value. */
      readonly to: number | undefined;
      readonly amount: number;
      readonly order: UpdateOrder;
    }
  | {
      readonly kind: 'add unless';
      readonly of: LocationKey;
      readonly to: number;
      readonly amount: number;
      readonly unless: number;
    }
  | { readonly kind: 'lock' | 'unlock'; readonly of: LocationKey }
  | { readonly kind: 'is locked'; readonly of: LocationKey; readonly to: number }
  /** Without arguments: `smp_mb`, `rcu_read_lock`. */
  | { readonly kind: 'call'; readonly name: string };

/** A test of the run's own way: what follows is under it. */
export interface Branch {
  readonly index: RunIndex;
  readonly condition: Expr;
}

export interface PlacedStatement {
  readonly statement: LitmusStatement;
  /** The step that it is of. */
  readonly index: RunIndex;
  /** The conditions under which it stands, the outermost first. */
  readonly under: readonly Branch[];
}

/** A register, and what it has in the run. */
export interface TestRegister {
  readonly index: RunIndex;
  readonly of: LocationKey;
  readonly value: number;
}

export interface TestThread {
  /** Of the actor, or what it looks at. */
  readonly name: string;
  readonly statements: readonly PlacedStatement[];
  readonly registers: readonly TestRegister[];
}
