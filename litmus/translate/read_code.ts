// Reads of memory, each into a register. Behind && and || only what they evaluate is read.

import type { Cell, Expr } from '../../checker/ir/program.js';
import type { Pure } from '../program/instructions.js';
import type { Order } from '../program/primitives.js';
import type { CodeContext, CodePlace } from './code_context.js';
import type { CodeWriter } from './code_writer.js';
import { negation, register } from './expressions.js';
import { distinct, isIn, isSameCell, nameOf } from './group.js';
import type { Leaf, StepValues } from './step_values.js';
import { cellsIn } from './storage.js';

export class ReadCode {
  readonly #context: CodeContext;
  readonly #code: CodeWriter;
  readonly #values: StepValues;
  readonly #placed: CodePlace;
  readonly #guard: Expr;

  /** `guard` is the condition in which several cells are read. */
  constructor(context: CodeContext, code: CodeWriter, values: StepValues, placed: CodePlace, guard: Expr) {
    this.#context = context;
    this.#code = code;
    this.#values = values;
    this.#placed = placed;
    this.#guard = guard;
  }

  /** Behind && and || only what they evaluate is read. */
  read(cells: readonly (Cell & { readonly order: Order })[], isLast: boolean): Leaf {
    const known = cells.map((cell) => ({ cell, to: this.#code.temporary() }));
    const leaf = (cell: Cell): Pure => {
      const found = known.find((one) => isSameCell(one.cell, cell));
      return found === undefined ? this.#values.unread(cell) : register(found.to);
    };
    const emit = (cell: Cell): void => {
      const found = known.find((one) => isSameCell(one.cell, cell));
      if (found === undefined) return;
      this.#code.add({
        ...this.#placed,
        kind: 'read',
        order: found.cell.order,
        address: this.#values.address(cell),
        to: found.to,
        ...(isLast && { isLast: true as const }),
      });
    };
    if (known.length < 2) for (const { cell } of known) emit(cell);
    else this.#inTurn(this.#guard, emit, leaf, new Set());
    return leaf;
  }

  /** Evaluates a condition from left to right, as C does. */
  #inTurn(x: Expr, emit: (cell: Cell) => void, leaf: Leaf, done: Set<string>): void {
    if (x.op === 'not') {
      this.#inTurn(x.x, emit, leaf, done);
    } else if (x.op === 'and' || x.op === 'or') {
      this.#inTurn(x.x, emit, leaf, done);
      const code = this.#code;
      const [more, decided, after] = [code.label(), code.label(), code.label()];
      code.choose([more, decided]);
      const first = this.#values.pure(x.x, leaf);
      const decides = x.op === 'and' ? negation(first) : first;
      code.place(decided);
      code.add({ ...this.#placed, kind: 'assume', condition: decides, join: 'none' });
      code.jump(after);
      code.place(more);
      code.add({ ...this.#placed, kind: 'assume', condition: negation(decides), join: 'none' });
      this.#inTurn(x.y, emit, leaf, new Set(done));
      code.place(after);
    } else {
      for (const cell of distinct(this.#memoryCells(x))) {
        const key = JSON.stringify(cell.variables);
        if (done.has(key))
          this.#values.refuse(`reads ${nameOf(cell, this.#context)} twice: make a step of each`);
        done.add(key);
        emit(cell);
      }
    }
  }

  #memoryCells(x: Expr): readonly Cell[] {
    return cellsIn(x).filter((cell) => isIn('memory', cell, this.#context));
  }
}
