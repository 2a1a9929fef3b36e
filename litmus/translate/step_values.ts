// The values, registers and addresses of the steps of one statement.

import { constantOf } from '../../checker/ir/expression.js';
import type { Assignment, Cell, Expr, Step, Thread } from '../../checker/ir/program.js';
import type { Pure } from '../program/instructions.js';
import type { CodeContext } from './code_context.js';
import { pureOf, selected, storedAs } from './expressions.js';
import { isIn, nameOf, notReadText } from './group.js';
import { refuseStep } from './place.js';

/** The register that has what was read from a cell. */
export type Leaf = (cell: Cell) => Pure;

export class StepValues {
  readonly #context: CodeContext;
  readonly #thread: Thread;
  readonly #step: Step;

  /** `step` is named where something is refused. */
  constructor(context: CodeContext, thread: Thread, step: Step) {
    this.#context = context;
    this.#thread = thread;
    this.#step = step;
  }

  /** The register of a cell of the thread's own. */
  registerOf({ variables, index }: Cell): string {
    const id = variables[index === undefined ? 0 : constantOf(index)!];
    return this.#context.variables[id!]!.name;
  }

  /** A value as it is stored. */
  readonly stored = ({ target, value }: Assignment, leaf: Leaf): Pure =>
    storedAs(this.pure(value, leaf), this.#context.variables[target.variables[0]!]!);

  /** The location of a cell. */
  address({ variables, index }: Cell): Pure {
    const { variables: all } = this.#context;
    const names = variables.map((id) => all[id]!.lock?.name ?? all[id]!.name);
    if (index === undefined) return { kind: 'value', value: names[0]! };
    return { kind: 'element', of: names, index: this.pure(index, this.unread), name: names[0]! };
  }

  /** An expression over registers; `leaf` answers for what is in memory. */
  pure(x: Expr, leaf: Leaf): Pure {
    return pureOf(x, {
      read: (cell) => {
        const context = this.#context;
        if (!isIn('register', cell, context)) return leaf(cell);
        const own = cell.variables.every((id) => {
          const storage = context.storage[id]!;
          return storage.kind === 'register' && storage.thread === this.#thread.id;
        });
        if (!own)
          refuseStep(
            this.#step,
            `reads ${nameOf(cell, context)} of another actor, which is a register of that actor: make it a variable of the shared state`,
          );
        return selected(
          cell,
          (id) => context.variables[id]!.name,
          (index) => this.pure(index, leaf),
        );
      },
      at: ({ thread }) => {
        const { name } = this.#context.program.threads[thread]!;
        return refuseStep(
          this.#step,
          `depends on where ${name} stands, which no memory model knows: let ${name} store in a shared variable there, or use 'raceproof check --memory=tso', which covers it`,
        );
      },
    });
  }

  /** Refuses what is not read before. */
  readonly unread = (cell: Cell): Pure => refuseStep(this.#step, notReadText(cell, this.#context));

  refuse(why: string): never {
    return refuseStep(this.#step, why);
  }
}
