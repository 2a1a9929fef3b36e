// The instructions of one thread of a Program: at each location a choice of the ways to go on, each with its access, and one
// more in which the thread waits there for ever.

import type { Expr, Location, Thread } from '../../checker/ir/program.js';
import type { Instruction, Pure } from '../program/instructions.js';
import {
  type CodeContext,
  type CodePlace,
  endRegister,
  ends,
  periodRegister,
  placedAt,
  sectionRegister,
} from './code_context.js';
import { CodeWriter, type JumpLabel } from './code_writer.js';
import { either, number, pureOf, register, selected } from './expressions.js';
import { type FlowNode, flowOf, type ThreadFlow } from './flow.js';
import { GroupWriter } from './group_code.js';

export interface ActorCode {
  /** May it wait for ever in a section of RCU? */
  readonly waitsInSection: boolean;
  readonly code: readonly Instruction[];
  readonly registers: ReadonlySet<string>;
}

/** Throws a LitmusError for what does not fit. */
export const threadCode = (context: CodeContext, thread: Thread): ActorCode =>
  new ThreadWriter(context, thread).write();

class ThreadWriter {
  readonly #context: CodeContext;
  readonly #thread: Thread;
  readonly #flow: ThreadFlow;
  readonly #code = new CodeWriter();
  readonly #labels = new Map<string, JumpLabel>();
  readonly #end: JumpLabel;
  readonly #cut: JumpLabel;
  #waitsInSection = false;

  constructor(context: CodeContext, thread: Thread) {
    this.#context = context;
    this.#thread = thread;
    this.#flow = flowOf(context.program, thread, context.rounds);
    this.#end = this.#code.label();
    this.#cut = this.#code.label();
  }

  write(): ActorCode {
    const code = this.#code;
    const [first] = this.#context.program.steps.filter(({ thread }) => thread === this.#thread.id);
    const placed = first === undefined ? { at: { line: 0, column: 1 }, text: '' } : placedAt(first);
    for (const { id, name, initial } of this.#context.variables) {
      const storage = this.#context.storage[id]!;
      if (storage.kind !== 'register' || storage.thread !== this.#thread.id) continue;
      code.registers.add(name);
      if (initial[0] !== 0) code.set(name, number(initial[0]!), placed);
    }
    code.jump(this.#labelOf(this.#flow.start));
    for (const [key, node] of this.#flow.nodes) this.#node(key, node, placed);
    code.place(this.#cut);
    code.set(endRegister, number(ends.cut), placed);
    code.place(this.#end);
    return { code: code.finish(), registers: code.registers, waitsInSection: this.#waitsInSection };
  }

  #labelOf(key: string | 'cut'): JumpLabel {
    if (key === 'cut') return this.#cut;
    const label = this.#labels.get(key) ?? this.#code.label();
    this.#labels.set(key, label);
    return label;
  }

  #node(key: string, { location, groups, sections }: FlowNode, placed: CodePlace): void {
    const code = this.#code;
    code.place(this.#labelOf(key));
    code.add({ kind: 'join', id: location });
    this.#moments(location, placed);
    if (location === this.#thread.done && groups.length === 0) {
      code.set(endRegister, number(ends.done), placed);
      code.jump(this.#end);
      return;
    }
    const writers = groups.map((group) => new GroupWriter(this.#context, this.#thread, code, group));
    const canWait = !writers.some(({ isTotal }) => isTotal);
    const others = [
      ...(canWait ? (['wait'] as const) : []),
      ...(this.#isHeldUp(groups) ? (['period'] as const) : []),
    ];
    const ways = [...writers, ...others].map((way) => ({ way, label: code.label() }));
    if (ways.length > 1) code.choose(ways.map(({ label }) => label));
    const meet = this.#flow.meets.get(location);
    for (const { way, label } of ways) {
      code.place(label);
      if (way === 'wait') this.#wait(location, writers, sections, placed);
      else if (way === 'period') this.#waitForPeriod(placed);
      else
        way.goOn(
          { join: groups.length === 1 && !way.isTotal ? undefined : meet, sections },
          (to) => this.#labelOf(to),
          this.#end,
        );
    }
  }

  /** Does a grace period begin here that the section of another thread may outlast? */
  #isHeldUp(groups: FlowNode['groups']): boolean {
    const { endlessSections } = this.#context;
    return (
      [...endlessSections].some((thread) => thread !== this.#thread.id) &&
      groups.flat().some(({ step: { memory } }) => memory?.kind === 'rcu' && memory.event === 'synchronize')
    );
  }

  /** It stays here as long as a section lasts: for ever, in executions in which another thread waits in one. */
  #waitForPeriod(placed: CodePlace): void {
    this.#code.set(periodRegister, number(1), placed);
    this.#code.set(endRegister, number(ends.waits), placed);
    this.#code.jump(this.#end);
  }

  /** Asks here what is about this actor alone. */
  #moments(location: Location, placed: CodePlace): void {
    const { moments, variables } = this.#context;
    const pure = (x: Expr): Pure =>
      pureOf(x, {
        read: (cell) => selected(cell, (id) => variables[id]!.name, pure),
        at: ({ locations }) => number(locations.includes(location) ? 1 : 0),
      });
    for (const { thread, register: kept, condition } of moments) {
      if (thread === this.#thread.id) this.#code.set(kept, either(register(kept), pure(condition)), placed);
    }
  }

  /** It stays here: none of its ways is open, and nothing that it looks at changes any more. */
  #wait(
    location: Location,
    writers: readonly GroupWriter[],
    sections: number | undefined,
    placed: CodePlace,
  ): void {
    for (const writer of writers) writer.isShut();
    const [first] = writers;
    if (first !== undefined && sections !== 0) {
      first.endSections(sections);
      this.#code.set(sectionRegister, number(1), placed);
      this.#waitsInSection = true;
    }
    const rests = this.#thread.rests?.includes(location) === true;
    this.#code.set(
      endRegister,
      number(rests || location === this.#thread.done ? ends.rests : ends.waits),
      placed,
    );
    this.#code.jump(this.#end);
  }
}
