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
  /** For each test whose arm it is in: the reads behind its condition, and the number of the join at which the arm ends. */
  readonly tests: readonly { readonly reads: readonly number[]; readonly join: number | undefined }[];
}

export const startOfThread: ThreadState = { next: 0, registers: new Map(), tests: [] };

const nothing: Traced = { value: 0, reads: [] };

/** The value of an expression; a register to which nothing was assigned is 0. Throws a LitmusFault. */
export const traced = (expression: Pure, { registers }: ThreadState): Traced => ({
  value: computed(expression, (name) => (registers.get(name) ?? nothing).value),
  reads: union(registersIn(expression).map((name) => (registers.get(name) ?? nothing).reads)),
});

/** All reads on which later events depend by control. */
export const controlling = ({ tests }: ThreadState): readonly number[] =>
  union(tests.map(({ reads }) => reads));

const union = (lists: readonly (readonly number[])[]): readonly number[] => [...new Set(lists.flat())];

/** Where a thread has come: to an access, to several ways to go on, to its end, or to what is no execution. */
export type ThreadReached =
  | { readonly kind: 'access'; readonly state: ThreadState; readonly access: Access }
  | { readonly kind: 'ways'; readonly states: readonly ThreadState[] }
  | { readonly kind: 'end'; readonly state: ThreadState }
  | { readonly kind: 'impossible' };

/** Executes local instructions as far as there are no others. Throws a LitmusFault. */
export function reached(code: readonly Instruction[], state: ThreadState): ThreadReached {
  let now = state;
  for (;;) {
    const instruction = code[now.next];
    if (instruction === undefined) return { kind: 'end', state: now };
    switch (instruction.kind) {
      case 'set':
        now = assigned(now, instruction.to, traced(instruction.value, now));
        break;
      case 'branch': {
        const { value, reads } = traced(instruction.condition, now);
        const next = isTrue(value) ? now.next + 1 : instruction.otherwise;
        now = { ...now, next, tests: [...now.tests, { reads, join: instruction.join }] };
        break;
      }
      case 'assume': {
        const { value, reads } = traced(instruction.condition, now);
        if (!isTrue(value)) return { kind: 'impossible' };
        const { join } = instruction;
        const tests = join === 'none' ? now.tests : [...now.tests, { reads, join }];
        now = { ...now, next: now.next + 1, tests };
        break;
      }
      case 'choose': {
        const before = now;
        return { kind: 'ways', states: instruction.ways.map((next) => ({ ...before, next })) };
      }
      case 'jump':
        now = { ...now, next: instruction.to };
        break;
      case 'join':
        now = { ...now, next: now.next + 1, tests: now.tests.filter(({ join }) => join !== instruction.id) };
        break;
      default:
        return { kind: 'access', state: now, access: instruction };
    }
  }
}

/** The state after its next instruction, with a new value in the named register, if any. */
export function assigned(state: ThreadState, to: string | undefined, value: Traced): ThreadState {
  const next = state.next + 1;
  if (to === undefined) return { ...state, next };
  return { ...state, next, registers: new Map(state.registers).set(to, value) };
}
