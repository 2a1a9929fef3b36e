// Locks: a spinlock is one of the memory model; any other is a count, -1 for a writer, changed by read-modify-writes that
// acquire and release, which is what the kernel promises of them.

import type { LockChange } from '../../checker/ir/program.js';
import type { Pure } from '../program/instructions.js';
import type { CodeContext, CodePlace } from './code_context.js';
import type { CodeWriter } from './code_writer.js';
import { binaryOf, negation, number, register } from './expressions.js';
import type { GroupAccess } from './group.js';
import type { StepValues } from './step_values.js';

export class LockCode {
  readonly #context: CodeContext;
  readonly #code: CodeWriter;
  readonly #values: StepValues;
  readonly #placed: CodePlace;

  constructor(context: CodeContext, code: CodeWriter, values: StepValues, placed: CodePlace) {
    this.#context = context;
    this.#code = code;
    this.#values = values;
    this.#placed = placed;
  }

  #isSpinlock({ lock }: LockChange): boolean {
    const { variables } = this.#context;
    const { lock: of } = variables[lock.variables[0]!]!;
    return (
      of!.spins === true &&
      !variables.some((one) => one.lock?.name === of!.name && one.lock.mode === 'shared')
    );
  }

  /** Whether it was taken, if that is a question. */
  take({ change, isTried }: GroupAccess & { readonly kind: 'lock' }): Pure | undefined {
    const address = this.#values.address(change.lock);
    const [to, outcome] = [this.#code.temporary(), this.#code.temporary()];
    if (this.#isSpinlock(change)) {
      if (!isTried) this.#code.add({ ...this.#placed, kind: 'lock', address });
      else this.#code.add({ ...this.#placed, kind: 'trylock', address, to });
      return isTried ? register(to) : undefined;
    }
    const free = isFree(change, register(to));
    const taken = {
      condition: free,
      value: change.mode === 'shared' ? binaryOf('+', register(to), number(1)) : number(-1),
    };
    const failed = { condition: negation(free), value: undefined, isLoad: true };
    const outcomes = isTried ? [taken, failed] : [taken];
    this.#code.update({ ...this.#placed, order: 'acquire', address, to, outcome, outcomes });
    return isTried ? binaryOf('==', register(outcome), number(0)) : undefined;
  }

  drop(change: LockChange): void {
    const address = this.#values.address(change.lock);
    if (this.#isSpinlock(change)) this.#code.add({ ...this.#placed, kind: 'unlock', address });
    else if (change.mode === 'exclusive')
      this.#code.add({ ...this.#placed, kind: 'write', order: 'release', address, value: number(0) });
    else {
      const [to, outcome] = [this.#code.temporary(), this.#code.temporary()];
      const outcomes = [{ condition: number(1), value: binaryOf('-', register(to), number(1)) }];
      this.#code.add({ ...this.#placed, kind: 'update', order: 'release', address, to, outcome, outcomes });
    }
  }

  /** Finds it held for ever. */
  isHeld(change: LockChange): void {
    const [address, to, isLast] = [this.#values.address(change.lock), this.#code.temporary(), true] as const;
    const isSpinlock = this.#isSpinlock(change);
    if (isSpinlock) this.#code.add({ ...this.#placed, kind: 'is locked', address, to, isLast });
    else this.#code.add({ ...this.#placed, kind: 'read', order: 'once', address, to, isLast });
    const held = isSpinlock ? register(to) : negation(isFree(change, register(to)));
    this.#code.add({ ...this.#placed, kind: 'assume', condition: held, join: 'none' });
  }
}

const isFree = ({ mode }: LockChange, count: Pure): Pure =>
  mode === 'shared' ? binaryOf('>=', count, number(0)) : binaryOf('==', count, number(0));
