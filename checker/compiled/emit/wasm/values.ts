// Values and tests of a plan as WebAssembly: each leaves a number of 32 bits on the stack, of a test 1 or 0. The words of
// the state and the locals of the plan are locals of the function. A fault sets `fault` to 1 and stands for 0.
//
//   is (field 7 … 9 of word 0) 2     ->     local.get w0  i32.const 0x380  i32.and  i32.const 0x100  i32.eq

import { type Field, maskOf, placed } from '../../plan/layout.js';
import type { FieldRow, PlanValue, Test } from '../../plan/value.js';
import type { WasmFunction } from './assembler.js';

/** Writes values and tests into a function, which has the words of a state in locals. Long, since it has a case for each kind of node. */
export class ValueWriter {
  readonly body: WasmFunction;
  /** By word: the local that has it. */
  readonly words: readonly number[];
  /** By local of the plan. */
  readonly locals: readonly number[];
  readonly fault: number;

  /** Loads the words from the address in local `state`. `locals`: how many the plans use. */
  constructor(body: WasmFunction, words: number, state: number, locals: number) {
    this.body = body;
    this.words = Array.from({ length: words }, () => body.local());
    this.locals = Array.from({ length: locals }, () => body.local());
    this.fault = body.local();
    this.words.forEach((word, k) => {
      body
        .get(state)
        .memory('i32.load', 4 * k)
        .set(word);
    });
  }

  value(x: PlanValue): void {
    const { body } = this;
    switch (x.kind) {
      case 'constant':
        body.i32(x.value);
        return;
      case 'field':
        this.field(x.field);
        return;
      case 'local':
        body.get(this.locals[x.local]!);
        return;
      case 'element':
        this.#element(x);
        return;
      case 'outside':
        this.#flag();
        return;
      case 'arithmetic':
        this.#arithmetic(x);
        return;
      case 'choice':
        this.test(x.test);
        body.if(
          'i32',
          () => this.value(x.yes),
          () => this.value(x.no),
        );
        return;
      case 'truth':
        this.test(x.test);
    }
  }

  test(x: Test): void {
    const { body } = this;
    switch (x.kind) {
      case 'fixed':
        body.i32(x.value ? 1 : 0);
        return;
      case 'is':
        body.get(this.words[x.field.word]!).i32(maskOf(x.field)).op('i32.and');
        body.i32(placed(x.field, x.value)).op('i32.eq');
        return;
      case 'in':
        body.i32(x.set);
        this.field(x.field);
        body.op('i32.shr_u').i32(1).op('i32.and');
        return;
      case 'not':
        this.test(x.x);
        body.op('i32.eqz');
        return;
      case 'and':
        this.#choice(
          x.x,
          () => this.test(x.y),
          () => void body.i32(0),
        );
        return;
      case 'or':
        this.#choice(
          x.x,
          () => void body.i32(1),
          () => this.test(x.y),
        );
        return;
      case 'equal':
      case 'less':
      case 'atMost':
        this.value(x.x);
        this.value(x.y);
        body.op(x.kind === 'equal' ? 'i32.eq' : x.kind === 'less' ? 'i32.lt_s' : 'i32.le_s');
        return;
      case 'choice':
        this.#choice(
          x.test,
          () => this.test(x.yes),
          () => this.test(x.no),
        );
        return;
      case 'nonzero':
        this.value(x.x);
        body.i32(0).op('i32.ne');
    }
  }

  /** The value of a field. */
  field({ word, shift, bits, min }: Field): void {
    const { body } = this;
    if (bits === 0) {
      body.i32(min);
      return;
    }
    body.get(this.words[word]!);
    if (shift > 0) body.i32(shift).op('i32.shr_u');
    if (shift + bits < 32) body.i32(lowMask(bits)).op('i32.and');
    this.#plus(min);
  }

  /** How far the field of a row is shifted whose index is in a local. */
  rowShift({ first, distance }: FieldRow, index: number): void {
    const { body } = this;
    body.get(index);
    if (distance !== 1) body.i32(distance).op('i32.mul');
    if (first.shift !== 0) body.i32(first.shift).op('i32.add');
  }

  #choice(test: Test, yes: () => void, no: () => void): void {
    this.test(test);
    this.body.if('i32', yes, no);
  }

  #plus(value: number): void {
    if (value !== 0) this.body.i32(value).op('i32.add');
  }

  #flag(): void {
    this.body.i32(1).set(this.fault).i32(0);
  }

  #element({ fields, row, index, local, fault }: PlanValue & { readonly kind: 'element' }): void {
    const { body } = this;
    const held = this.locals[local]!;
    this.value(index);
    body.set(held);
    const chosen = () => {
      if (row === undefined) this.#oneOf(fields, held);
      else {
        body.get(this.words[row.first.word]!);
        this.rowShift(row, held);
        body.op('i32.shr_u').i32(lowMask(row.first.bits)).op('i32.and');
        this.#plus(row.first.min);
      }
    };
    if (fault === undefined) chosen();
    else {
      body.get(held).i32(fields.length).op('i32.lt_u');
      body.if('i32', chosen, () => this.#flag());
    }
  }

  /** The field with the index in a local, which is inside. */
  #oneOf(fields: readonly Field[], held: number, from = 0): void {
    if (from >= fields.length - 1) {
      const last = fields[from];
      if (last === undefined) this.body.i32(0);
      else this.field(last);
      return;
    }
    this.body.get(held).i32(from).op('i32.eq');
    this.body.if(
      'i32',
      () => this.field(fields[from]!),
      () => this.#oneOf(fields, held, from + 1),
    );
  }

  #arithmetic({ op, x, y, checked }: PlanValue & { readonly kind: 'arithmetic' }): void {
    const { body } = this;
    if (op === 'div' || op === 'mod') {
      this.#division(op === 'div' ? 'i32.div_s' : 'i32.rem_s', x, y, checked !== undefined);
      return;
    }
    this.value(x);
    this.value(y);
    body.op(op === 'add' ? 'i32.add' : op === 'sub' ? 'i32.sub' : 'i32.mul');
  }

  /**
   * Division traps in WebAssembly where it has no result. Operands that a fault has replaced can be any numbers, so the
   * divisor is tested even where the plan says that it is never 0.
   */
  #division(name: 'i32.div_s' | 'i32.rem_s', x: PlanValue, y: PlanValue, isChecked: boolean): void {
    const { body } = this;
    if (y.kind === 'constant' && y.value > 0) {
      this.value(x);
      body.i32(y.value).op(name);
      return;
    }
    const [p, q] = [body.local(), body.local()];
    this.value(x);
    body.set(p);
    this.value(y);
    body.tee(q).op('i32.eqz');
    const minusOne = () => {
      if (name === 'i32.rem_s') body.i32(0);
      else body.i32(0).get(p).op('i32.sub');
    };
    const divide = () => {
      body.get(q).i32(-1).op('i32.eq');
      body.if('i32', minusOne, () => void body.get(p).get(q).op(name));
    };
    body.if('i32', () => (isChecked ? this.#flag() : void body.i32(0)), divide);
  }
}

/** A field's bits, all 1, at the low end of a word. */
export const lowMask = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);
