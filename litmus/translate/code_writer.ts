// Instructions with jumps to labels that are placed later.

import type { Instruction, Pure } from '../program/instructions.js';

/** Where a jump leads; placed once. */
export interface JumpLabel {
  index: number | undefined;
}

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

  set(to: string, value: Pure, placed: Pick<Instruction & { readonly kind: 'set' }, 'at' | 'text'>): void {
    this.registers.add(to);
    this.add({ ...placed, kind: 'set', to, value });
  }

  /** All labels must be placed. */
  finish(): readonly Instruction[] {
    return this.#code.map((make) => make());
  }
}
