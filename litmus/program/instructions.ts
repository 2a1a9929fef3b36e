// The instructions of a thread: accesses, fences, computations between registers, branches.
// Expressions of instructions read registers only; an access has a register for what it reads.

import type { CBinaryOperator, CUnaryOperator, Position } from '../syntax/ast.js';
import type { FenceKind, Modification, Order } from './primitives.js';

export type Pure =
  | { readonly kind: 'value'; readonly value: number | string }
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: CUnaryOperator; readonly operand: Pure }
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

/** Instructions that become events. */
export type Access = Placed &
  (
    | { readonly kind: 'read'; readonly order: Order; readonly address: Pure; readonly to: string }
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
    | { readonly kind: 'lock' | 'unlock'; readonly address: Pure }
    | { readonly kind: 'trylock' | 'is locked'; readonly address: Pure; readonly to: string }
  );

export type Instruction =
  | Access
  | (Placed & { readonly kind: 'set'; readonly to: string; readonly value: Pure })
  /** Goes on with the next one if the condition is true, else with the one at `otherwise`; until the matching join, later instructions depend on it. */
  | (Placed & { readonly kind: 'branch'; readonly condition: Pure; readonly otherwise: number })
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'join' };

/** All threads of a test, and the locations that they name. */
export interface LitmusProgram {
  readonly threads: readonly (readonly Instruction[])[];
  /** By thread: the names that are declared or assigned to. */
  readonly registers: readonly ReadonlySet<string>[];
  /** Names, sorted. */
  readonly locations: readonly string[];
}
