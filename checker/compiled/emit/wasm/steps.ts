// The plans of a thread as a function of WebAssembly: it appends all successors of a state to the batch, in the order of
// the steps, and returns the address behind them.
//
//   expand(state, number, to)      addresses of the state and of the next record of the batch, the number of the state

import { maskOf } from '../../plan/layout.js';
import type { ThreadPlan } from '../../plan/program.js';
import type { Action, IndexedWrite, StepPlan, WordWrite } from '../../plan/step.js';
import type { BranchTarget, WasmFunction, WasmModule } from './assembler.js';
import type { LockNotes } from './lock_notes.js';
import type { SleepSets } from './sleep.js';
import { lowMask, ValueWriter } from './values.js';

/** What the code of a thread calls and reads. */
export interface ThreadContext {
  readonly module: WasmModule;
  /** 32-bit words of a state. */
  readonly words: number;
  /** Called with a state's number and a step. */
  readonly onFault: { readonly number: number };
  readonly onReport: { readonly number: number };
  /** Address of a byte for each step: 1 if it is new that it reports. */
  readonly openSteps: number;
  readonly notes: LockNotes;
  /** The global that is 1 once a step had a fault; undefined if nobody asks. */
  readonly faulted: number | undefined;
  /** Bytes of a record. */
  readonly stride: number;
  readonly sleep: SleepSets | undefined;
}

const [state, number, to] = [0, 1, 2];

/** Writes the function of a thread. */
export function writeThread(plan: ThreadPlan, context: ThreadContext): WasmFunction {
  const body = context.module.function(['i32', 'i32', 'i32'], ['i32']);
  const steps = plan.locations.flatMap((location) => location.steps);
  const locals = Math.max(0, ...steps.map((step) => step.locals));
  const writer = new StepWriter(body, locals, context);
  const codes = plan.locations.map(({ at, steps }) => () => {
    const place = context.notes.placeOf(plan.thread, at);
    const sleepPlaces = context.sleep?.plan.at(plan.thread, at) ?? [];
    const first = body.local();
    body.get(to).set(first);
    for (const step of steps) writer.step(step);
    if (place !== undefined) context.notes.write(body, writer.values, place, to, first);
    context.sleep?.leave(body, sleepPlaces, { stride: context.stride, first, to });
    body.get(to).op('return');
  });
  if (plan.field.bits === 0) for (const code of codes) code();
  else {
    const places = plan.locations.map(({ at }) => at);
    dispatch(body, () => writer.values.field(plan.field), places, codes);
  }
  body.get(to);
  return body;
}

/** Writes a jump by a small number: to the code whose place it is, or past all. Each code returns or goes on past all. */
export function dispatch(
  body: WasmFunction,
  value: () => void,
  places: readonly number[],
  codes: readonly (() => void)[],
): void {
  const nest = (i: number, labels: readonly BranchTarget[], past: BranchTarget): void => {
    if (i === codes.length) {
      value();
      const labelOf = (place: number) => labels[labels.length - 1 - places.indexOf(place)]!;
      const count = Math.max(-1, ...places) + 1;
      const table = Array.from({ length: count }, (_, n) => (places.includes(n) ? labelOf(n) : past));
      body.brTable(table, past);
      return;
    }
    // The innermost block is that of the first code, which stands right behind its end.
    const own = codes.length - 1 - i;
    body.block((label) => nest(i + 1, [...labels, label], past));
    codes[own]!();
    body.br(past);
  };
  body.block((past) => nest(0, [], past));
}

/** Long, since it has a case for each part of a plan. */
class StepWriter {
  readonly values: ValueWriter;
  readonly #body: WasmFunction;
  readonly #context: ThreadContext;
  /** By word: a local for the word of a successor that is written by index. */
  readonly #changed = new Map<number, number>();

  constructor(body: WasmFunction, locals: number, context: ThreadContext) {
    this.#body = body;
    this.#context = context;
    this.values = new ValueWriter(body, context.words, state, locals);
  }

  step(step: StepPlan): void {
    const body = this.#body;
    const { values } = this;
    const take = () => this.#take(step);
    if (step.guardCanFault) {
      const enabled = body.local();
      body.i32(0).set(values.fault);
      values.test(step.guard);
      body.set(enabled);
      body.get(values.fault);
      body.if(
        'none',
        () => this.#fault(step),
        () => void body.get(enabled).if('none', take),
      );
    } else if (step.guard.kind === 'fixed' && step.guard.value) take();
    else {
      values.test(step.guard);
      body.if('none', take);
    }
  }

  #fault(step: StepPlan): void {
    const { faulted, onFault } = this.#context;
    if (faulted !== undefined) this.#body.i32(1).setGlobal(faulted);
    this.#callWith(onFault, step);
  }

  #callWith(callee: { readonly number: number }, { id }: StepPlan): void {
    this.#body.get(number).i32(id).call(callee);
  }

  #take(step: StepPlan): void {
    const body = this.#body;
    const { fault } = this.values;
    if (step.actionsCanFault) body.i32(0).set(fault);
    for (const action of step.actions) this.#action(action);
    const store = () => {
      this.#store(step);
      if (!step.reports) return;
      body.i32(0).memory('i32.load8_u', this.#context.openSteps + step.id);
      body.if('none', () => this.#callWith(this.#context.onReport, step));
    };
    if (!step.actionsCanFault) {
      store();
      return;
    }
    body.get(fault);
    body.if('none', () => this.#fault(step), store);
  }

  #action(action: Action): void {
    const body = this.#body;
    const { values } = this;
    const fail = () => void body.i32(1).set(values.fault);
    switch (action.kind) {
      case 'compute':
        values.value(action.value);
        body.set(values.locals[action.local]!);
        return;
      case 'fail':
        fail();
        return;
      case 'check': {
        const { value, min, max, when } = action;
        const check = () => {
          if (min !== undefined) {
            values.value(value);
            body.i32(min).op('i32.lt_s');
          }
          if (max !== undefined) {
            values.value(value);
            body.i32(max).op('i32.gt_s');
          }
          if (min !== undefined && max !== undefined) body.op('i32.or');
          body.if('none', fail);
        };
        if (when === undefined) check();
        else {
          body.get(values.locals[when.local]!).i32(when.is).op('i32.eq');
          body.if('none', check);
        }
      }
    }
  }

  /** Appends the successor. */
  #store({ id, words, indexed }: StepPlan): void {
    const body = this.#body;
    const { words: count, stride, sleep } = this.#context;
    const write = (word: number) => {
      const found = words.find((one) => one.word === word);
      if (found === undefined) body.get(this.values.words[word]!);
      else this.#word(found);
    };
    const byIndex = new Set(indexed.flatMap(({ fields }) => fields.map(({ word }) => word)));
    for (const word of byIndex) {
      const local = this.#changed.get(word) ?? body.local();
      this.#changed.set(word, local);
      write(word);
      body.set(local);
    }
    for (const one of indexed) this.#indexed(one);
    for (let word = 0; word < count; word++) {
      body.get(to);
      if (byIndex.has(word)) body.get(this.#changed.get(word)!);
      else write(word);
      body.memory('i32.store', 4 * word);
    }
    body
      .get(to)
      .get(number)
      .memory('i32.store', 4 * count);
    if (sleep !== undefined) {
      body.get(to);
      sleep.after(body, id);
      body.memory('i64.store', 4 * count + 4);
    }
    body.get(to).i32(stride).op('i32.add').set(to);
  }

  /** The word with some of its fields replaced. */
  #word({ word, cleared, set, fields }: WordWrite): void {
    const body = this.#body;
    body.get(this.values.words[word]!).i32(~cleared).op('i32.and');
    if (set !== 0) body.i32(set).op('i32.or');
    for (const { field, local } of fields) {
      this.#placed(this.values.locals[local]!, field.min, () => void body.i32(field.shift));
      body.op('i32.or');
    }
  }

  /** A local, less a number, shifted to the left. */
  #placed(local: number, min: number, shift: () => void): void {
    this.#body.get(local);
    if (min !== 0) this.#body.i32(min).op('i32.sub');
    shift();
    this.#body.op('i32.shl');
  }

  #indexed({ fields, row, index, local }: IndexedWrite): void {
    const body = this.#body;
    const [at, value] = [this.values.locals[index]!, this.values.locals[local]!];
    if (row !== undefined) {
      const word = this.#changed.get(row.first.word)!;
      body.get(word).i32(lowMask(row.first.bits));
      this.values.rowShift(row, at);
      body.op('i32.shl').i32(-1).op('i32.xor').op('i32.and');
      this.#placed(value, row.first.min, () => this.values.rowShift(row, at));
      body.op('i32.or').set(word);
      return;
    }
    fields.forEach((field, i) => {
      if (field.bits === 0) return;
      body.get(at).i32(i).op('i32.eq');
      body.if('none', () => {
        const word = this.#changed.get(field.word)!;
        body.get(word).i32(~maskOf(field)).op('i32.and');
        this.#placed(value, field.min, () => void body.i32(field.shift));
        body.op('i32.or').set(word);
      });
    });
  }
}
