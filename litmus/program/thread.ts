// The state of a thread: its next instruction, its registers with the reads behind their values, the tests that it depends on.
// States are values; the caller decides the effect of an access.

import type { LitmusValue } from '../syntax/ast.js';
import { computed, isTrue, registersIn } from './arithmetic.js';
import type { Access, Instruction, Pure } from './instructions.js';

/** A value, and the events of the reads that it was computed from. */
export interface Traced {
  readonly value: LitmusValue;
  readonly reads: readonly number[];
}

export interface ThreadState {
  /** Index of the next instruction. */
  readonly next: number;
  readonly registers: ReadonlyMap<string, Traced>;
  /** For each test whose arm it is in: the reads behind its condition. */
  readonly tests: readonly (readonly number[])[];
}

export const startOfThread: ThreadState = { next: 0, registers: new Map(), tests: [] };

const nothing: Traced = { value: 0, reads: [] };

/** The value of an expression; a register to which nothing was assigned is 0. Throws a LitmusFault. */
export const traced = (expression: Pure, { registers }: ThreadState): Traced => ({
  value: computed(expression, (name) => (registers.get(name) ?? nothing).value),
  reads: union(registersIn(expression).map((name) => (registers.get(name) ?? nothing).reads)),
});

/** All reads on which later events depend by control. */
export const controlling = ({ tests }: ThreadState): readonly number[] => union(tests);

const union = (lists: readonly (readonly number[])[]): readonly number[] => [...new Set(lists.flat())];

/** Executes local instructions up to an access, which is undefined at the end. Throws a LitmusFault. */
export function toAccess(
  code: readonly Instruction[],
  state: ThreadState,
): { readonly state: ThreadState; readonly access: Access | undefined } {
  let now = state;
  for (;;) {
    const instruction = code[now.next];
    switch (instruction?.kind) {
      case 'set':
        now = assigned(now, instruction.to, traced(instruction.value, now));
        break;
      case 'branch': {
        const { value, reads } = traced(instruction.condition, now);
        const next = isTrue(value) ? now.next + 1 : instruction.otherwise;
        now = { ...now, next, tests: [...now.tests, reads] };
        break;
      }
      case 'jump':
        now = { ...now, next: instruction.to };
        break;
      case 'join':
        now = { ...now, next: now.next + 1, tests: now.tests.slice(0, -1) };
        break;
      default:
        return { state: now, access: instruction };
    }
  }
}

/** The state after its next instruction, with a new value in the named register, if any. */
export function assigned(state: ThreadState, to: string | undefined, value: Traced): ThreadState {
  const next = state.next + 1;
  if (to === undefined) return { ...state, next };
  return { ...state, next, registers: new Map(state.registers).set(to, value) };
}
