// The instructions for the steps of one statement: its access, then for each step the condition under which it is taken, and
// what it does.

import { constantOf, isFalse } from '../../checker/ir/expression.js';
import type { Assignment, Cell, Expr, Step, Thread } from '../../checker/ir/program.js';
import { onlyLoads } from '../../checker/memory/accesses.js';
import type { Pure } from '../program/instructions.js';
import {
  type CodeContext,
  type CodePlace,
  endRegister,
  ends,
  placedAt,
  reportRegister,
} from './code_context.js';
import type { CodeWriter, JumpLabel } from './code_writer.js';
import { binaryOf, both, either, negation, number, register } from './expressions.js';
import type { FlowStep } from './flow.js';
import { accessOf, fenceNames, type GroupAccess, isIn, isSameCell, writesOf } from './group.js';
import { isTotal } from './guards.js';
import { LockCode } from './lock_code.js';
import { withOwnKnowledge } from './own_knowledge.js';
import { ReadCode } from './read_code.js';
import { type Leaf, StepValues } from './step_values.js';

/** The steps of one statement. Long, since each kind of access is a method. */
export class GroupWriter {
  /** Is one of its steps possible whatever is read? */
  readonly isTotal: boolean;
  readonly #context: CodeContext;
  readonly #code: CodeWriter;
  readonly #steps: readonly FlowStep[];
  readonly #access: GroupAccess;
  readonly #placed: CodePlace;
  readonly #values: StepValues;
  readonly #locks: LockCode;
  readonly #reads: ReadCode;

  constructor(context: CodeContext, thread: Thread, code: CodeWriter, steps: readonly FlowStep[]) {
    this.#context = context;
    this.#code = code;
    const all = steps.map((one) => ({ ...one, step: withOwnKnowledge(one.step, context) }));
    this.#steps = all.filter(({ step }) => !isFalse(step.guard));
    const main = steps.find(({ step }) => step.reports === undefined) ?? steps[0]!;
    // Of an assertion, the model's own words.
    this.#placed = placedAt((steps.find(({ step }) => step.reports !== undefined) ?? main).step);
    this.#values = new StepValues(context, thread, main.step);
    this.#locks = new LockCode(context, code, this.#values, this.#placed);
    const guard = this.#steps[0]?.step.guard ?? main.step.guard;
    this.#reads = new ReadCode(context, code, this.#values, this.#placed, guard);
    this.#access = accessOf(
      this.#steps.map(({ step }) => step),
      context,
    );
    this.isTotal =
      this.#access.kind === 'lock'
        ? this.#access.isTried
        : isTotal(this.#steps.map(({ step }) => step.guard));
    if (this.#access.kind === 'update' && this.#access.isCoarse) context.isCoarse(main.step);
  }

  /** The code of the access and, for each step, of what follows. */
  goOn(
    { join, sections }: { readonly join: number | undefined; readonly sections: number | undefined },
    labelOf: (key: string) => JumpLabel,
    end: JumpLabel,
  ): void {
    const outcomes = this.#accessCode();
    const code = this.#code;
    const plain = this.#steps.filter(({ step }) => step.reports?.kind !== 'bug');
    // That an assertion is tested orders nothing.
    const kept = plain.length === 1 && this.isTotal ? 'none' : join;
    const ways = this.#steps.map((one) => ({ ...one, label: code.label() }));
    if (ways.length > 1) code.choose(ways.map(({ label }) => label));
    for (const [i, { step, to, label }] of ways.entries()) {
      code.place(label);
      const condition = outcomes.condition(step, i);
      if (condition.kind !== 'value' || condition.value === 0)
        code.add({ ...this.#placed, kind: 'assume', condition, join: kept });
      this.#effects(step, outcomes.leaf);
      if (step.reports?.kind === 'bug') {
        this.endSections(sections);
        code.set(endRegister, number(ends.dead), this.#placed);
        code.jump(end);
      } else code.jump(labelOf(to));
    }
  }

  /** Where the thread stays, what it did in open sections of RCU is over before a grace period that they hold up. */
  endSections(count: number | undefined): void {
    if (count === undefined)
      this.#values.refuse(
        'can fail or wait for ever with and without rcu_read_lock() held, by the way that leads here: make a step of each way',
      );
    for (let i = 0; i < count; i++) this.#code.add({ ...this.#placed, kind: 'fence', fence: 'rcu-unlock' });
  }

  /** Reads what stays for ever, with which no step is possible. */
  isShut(): void {
    const access = this.#access;
    const code = this.#code;
    if (access.kind === 'lock') {
      this.#locks.isHeld(access.change);
      return;
    }
    const cells =
      access.kind === 'reads'
        ? access.cells
        : access.kind === 'update'
          ? [{ ...access.cell, order: 'once' as const }]
          : [];
    const leaf = this.#reads.read(cells, true);
    const open = this.#steps.map(({ step }) => this.#values.pure(step.guard, leaf)).reduce(either, number(0));
    code.add({ ...this.#placed, kind: 'assume', condition: negation(open), join: 'none' });
  }

  /** The condition for each step, and the registers that have what was read. */
  #accessCode(): {
    readonly condition: (step: Step, index: number) => Pure;
    readonly leaf: Leaf;
  } {
    const access = this.#access;
    const nothing = this.#values.unread;
    switch (access.kind) {
      case 'local':
      case 'writes':
      case 'unlock': {
        if (access.kind === 'unlock') this.#locks.drop(access.change);
        return { condition: (step) => this.#values.pure(step.guard, nothing), leaf: nothing };
      }
      case 'reads': {
        const leaf = this.#reads.read(access.cells, false);
        return { condition: (step) => this.#values.pure(step.guard, leaf), leaf };
      }
      case 'update': {
        const { to, isOf } = this.#update(access);
        const leaf = (cell: Cell) => (isSameCell(cell, access.cell) ? register(to) : nothing(cell));
        return { condition: (_, i) => isOf(i), leaf };
      }
      case 'lock': {
        const taken = this.#locks.take(access);
        return {
          condition: (step) => {
            const guard = this.#values.pure(step.guard, nothing);
            if (taken === undefined) return guard;
            return both((step.locks ?? []).length > 0 ? taken : negation(taken), guard);
          },
          leaf: nothing,
        };
      }
    }
  }

  #update({ cell, order }: GroupAccess & { readonly kind: 'update' }): {
    readonly to: string;
    /** Is the outcome one of this step? */
    readonly isOf: (index: number) => Pure;
  } {
    const code = this.#code;
    const [to, outcome] = [code.temporary(), code.temporary()];
    const leaf = (read: Cell): Pure => (isSameCell(read, cell) ? register(to) : this.#values.unread(read));
    const isInMemory = (id: number) => this.#context.storage[id]!.kind === 'memory';
    const outcomes = this.#steps.flatMap(({ step }, index) => {
      const isLoad = onlyLoads(step, isInMemory);
      return this.#outcomesOf(step, cell, leaf).map((one) => ({ ...one, index, isLoad }));
    });
    const address = this.#values.address(cell);
    code.update({ ...this.#placed, order, address, to, outcome, outcomes });
    const isOf = (index: number): Pure =>
      outcomes
        .flatMap((one, i) => (one.index === index ? [binaryOf('==', register(outcome), number(i))] : []))
        .reduce(either, number(0));
    return { to, isOf: this.#steps.length === 1 ? () => number(1) : isOf };
  }

  /** A step that leaves what it has read, as a cmpxchg() that fails, does not write. */
  #outcomesOf(
    step: Step,
    cell: Cell,
    leaf: Leaf,
  ): readonly { readonly condition: Pure; readonly value: Pure | undefined }[] {
    const [write] = writesOf(step, this.#context);
    const guard = this.#values.pure(step.guard, leaf);
    if (write === undefined) return [{ condition: guard, value: undefined }];
    const { value } = write;
    const isOwn = (x: Expr) => x.op === 'read' && isSameCell(x.cell, cell);
    if (value.op !== 'if' || isOwn(value.then) === isOwn(value.else))
      return [{ condition: guard, value: this.#values.stored(write, leaf) }];
    const test = this.#values.pure(value.x, leaf);
    const changes = isOwn(value.else) ? test : negation(test);
    const change = { ...write, value: isOwn(value.else) ? value.then : value.else };
    return [
      { condition: both(guard, changes), value: this.#values.stored(change, leaf) },
      { condition: both(guard, negation(changes)), value: undefined },
    ];
  }

  #effects(step: Step, leaf: Leaf): void {
    const code = this.#code;
    const access = this.#access.kind;
    const { memory, reports, assignments } = step;
    if (reports !== undefined)
      code.set(reportRegister(this.#context.reportOf(step)), number(1), this.#placed);
    if (reports?.kind === 'bug') return;
    const [write] = writesOf(step, this.#context);
    if (write !== undefined && access !== 'update') {
      const order = write.order ?? this.#context.plain;
      const [address, value] = [this.#values.address(write.target), this.#values.stored(write, leaf)];
      code.add({ ...placedAt(step), kind: 'write', order, address, value });
    }
    if (memory?.kind === 'fence')
      code.add({ ...placedAt(step), kind: 'fence', fence: fenceNames[memory.fence] });
    if (memory?.kind === 'rcu')
      code.add({ ...placedAt(step), kind: 'fence', fence: fenceNames[memory.event] });
    this.#stores(
      assignments.filter(({ target }) => isIn('register', target, this.#context)),
      leaf,
    );
  }

  /** All at once: none sees what another has stored. */
  #stores(all: readonly Assignment[], leaf: Leaf): void {
    const code = this.#code;
    const values = all.map((one) => {
      if (one.target.index !== undefined && constantOf(one.target.index) === undefined)
        this.#values.refuse(
          'stores in a local array at an index that varies, and each element would depend on it: use a variable for each element',
        );
      return { to: this.#values.registerOf(one.target), value: this.#values.stored(one, leaf) };
    });
    if (values.length === 1) {
      code.set(values[0]!.to, values[0]!.value, this.#placed);
      return;
    }
    const early = values.map(({ to, value }) => ({ to, value, through: this.#code.temporary() }));
    for (const { value, through } of early) code.set(through, value, this.#placed);
    for (const { to, through } of early) code.set(to, register(through), this.#placed);
  }
}
