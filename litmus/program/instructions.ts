// The instructions of a thread: accesses, fences, computations between registers, branches.
// Expressions of instructions read registers only; an access has a register for what it reads.

import type { CBinaryOperator, CUnaryOperator, Position } from '../syntax/ast.js';
import type { FenceKind, Modification, Order } from './primitives.js';

export type Pure =
  | { readonly kind: 'value'; readonly value: number | string }
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: CUnaryOperator; readonly operand: Pure }
  /** Only the side that is taken has to have a value. */
  | { readonly kind: 'if'; readonly condition: Pure; readonly then: Pure; readonly otherwise: Pure }
  /** One of several, by its number. `name`: of all of them, for messages. */
  | {
      readonly kind: 'element';
      readonly of: readonly (number | string)[];
      readonly index: Pure;
      readonly name: string;
    }
  /** The value of `of`, which must be in a range. `name`: of what it is stored in. */
  | {
      readonly kind: 'within';
      readonly of: Pure;
      readonly min: number;
      readonly max: number;
      readonly name: string;
    }
  | {
      readonly kind: 'binary';
      readonly operator: CBinaryOperator;
      readonly left: Pure;
      readonly right: Pure;
    };

/** Where it stands, and the statement that it comes from. */
interface Placed {
  readonly at: Position;
  readonly text: string;
}

/** Conditions and values may read the register that has what was read. */
export interface UpdateOutcome {
  readonly condition: Pure;
  /** What is written; undefined: nothing. */
  readonly value: Pure | undefined;
}

/** Instructions that become events. */
export type Access = Placed &
  (
    | {
        readonly kind: 'read';
        readonly order: Order;
        readonly address: Pure;
        readonly to: string;
        /** It reads what stays there for ever. */
        readonly isLast?: true;
      }
    | { readonly kind: 'write'; readonly order: Order; readonly address: Pure; readonly value: Pure }
    | {
        readonly kind: 'modify';
        readonly primitive: Modification;
        readonly address: Pure;
        readonly operand: Pure;
        readonly expected: Pure;
        readonly to: string | undefined;
      }
    | { readonly kind: 'fence'; readonly fence: FenceKind }
    /** A read-modify-write with several outcomes: of those whose condition is true of what is read, each is an execution. */
    | {
        readonly kind: 'update';
        readonly order: Order;
        readonly address: Pure;
        readonly to: string;
        /** Receives the number of the outcome. */
        readonly outcome: string;
        readonly outcomes: readonly UpdateOutcome[];
      }
    | { readonly kind: 'lock' | 'unlock'; readonly address: Pure }
    | {
        readonly kind: 'trylock' | 'is locked';
        readonly address: Pure;
        readonly to: string;
        readonly isLast?: true;
      }
  );

export type Instruction =
  | Access
  | (Placed & { readonly kind: 'set'; readonly to: string; readonly value: Pure })
  /** Goes on with the next one if the condition is true, else with the one at `otherwise`; until the join, later instructions depend on it. */
  | (Placed & {
      readonly kind: 'branch';
      readonly condition: Pure;
      readonly otherwise: number;
      readonly join: number;
    })
  /** Where the condition is false, this is no execution; until the join, if any, later instructions depend on it. */
  | (Placed & {
      readonly kind: 'assume';
      readonly condition: Pure;
      /** undefined: all later instructions depend on it; 'none': none does. */
      readonly join: number | 'none' | undefined;
    })
  /** Goes on at any of these. */
  | { readonly kind: 'choose'; readonly ways: readonly number[] }
  | { readonly kind: 'jump'; readonly to: number }
  /** Ends what depends on the branches and assumptions with this number. */
  | { readonly kind: 'join'; readonly id: number };

/** All threads of a test, and the locations that they name. */
export interface LitmusProgram {
  readonly threads: readonly (readonly Instruction[])[];
  /** By thread: the names that are declared or assigned to. */
  readonly registers: readonly ReadonlySet<string>[];
  /** Names, sorted. */
  readonly locations: readonly string[];
}
