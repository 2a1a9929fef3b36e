// Instructions with jumps to labels that are placed later.

import type { Access, Instruction, Pure, UpdateOutcome } from '../program/instructions.js';
import { number } from './expressions.js';

/** Where a jump leads; placed once. */
export interface JumpLabel {
  index: number | undefined;
}

/** An update, some of whose outcomes may be found by a load, before there is a read-modify-write that fails. */
type UpdateOrLoad = Omit<Access & { readonly kind: 'update' }, 'kind' | 'outcomes'> & {
  readonly outcomes: readonly (UpdateOutcome & { readonly isLoad?: boolean })[];
};

export class CodeWriter {
  readonly #code: (() => Instruction)[] = [];
  readonly registers = new Set<string>();

  #temporaries = 0;

  /** A register that nothing else has. */
  readonly temporary = (): string => `#${this.#temporaries++}`;

  readonly label = (): JumpLabel => ({ index: undefined });

  place(label: JumpLabel): void {
    label.index = this.#code.length;
  }

  add(instruction: Instruction): void {
    this.#code.push(() => instruction);
  }

  jump(to: JumpLabel): void {
    this.#code.push(() => ({ kind: 'jump', to: to.index! }));
  }

  choose(ways: readonly JumpLabel[]): void {
    this.#code.push(() => ({ kind: 'choose', ways: ways.map(({ index }) => index!) }));
  }

  /** Where an outcome is found by a load, that is a way of its own: what follows depends on it, and nothing is ordered. */
  update({ outcomes, ...update }: UpdateOrLoad): void {
    const { at, text, address, to, outcome } = update;
    const never = number(0);
    const loads = outcomes.flatMap(({ isLoad, condition }, i) => (isLoad === true ? [{ i, condition }] : []));
    const [modify, after] = [this.label(), this.label()];
    const ways = loads.map((load) => ({ ...load, label: this.label() }));
    if (ways.length > 0) this.choose([modify, ...ways.map(({ label }) => label)]);
    this.place(modify);
    const tried = outcomes.map(({ isLoad, condition, value }) =>
      isLoad === true ? { condition: never, value: undefined } : { condition, value },
    );
    this.add({ ...update, kind: 'update', outcomes: tried });
    for (const { i, condition, label } of ways) {
      this.jump(after);
      this.place(label);
      this.add({ at, text, kind: 'read', order: 'once', address, to });
      this.set(outcome, { kind: 'if', condition, then: number(i), otherwise: number(-1) }, { at, text });
    }
    this.place(after);
  }

  set(to: string, value: Pure, placed: Pick<Instruction & { readonly kind: 'set' }, 'at' | 'text'>): void {
    this.registers.add(to);
    this.add({ ...placed, kind: 'set', to, value });
  }

  /** All labels must be placed. */
  finish(): readonly Instruction[] {
    return this.#code.map((make) => make());
  }
}
