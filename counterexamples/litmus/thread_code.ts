// The statements of one actor: it goes the way that it went in the run. What it does to the variables of the test becomes
// accesses, and the locks, barriers and read-side sections around them become theirs.

import type { Expr, Step, ThreadId, VariableId } from '../../checker/index.js';
import type { GroupAccess } from '../../litmus/translate/group.js';
import type { RunIndex } from '../story/recorded_run.js';
import { accessTo, isWrittenAnyway } from './access_kind.js';
import { type AskedOrdering, isAskedFor } from './asked.js';
import { mentions, number, reads, replaced, simpler } from './expressions.js';
import type { PassedFences } from './fences.js';
import { type HeldSpan, type Included, isIncluded } from './included.js';
import { modifyCode } from './modify.js';
import { RunValues, type ValueSource } from './run_values.js';
import type { LitmusStatement, LoadOrder, LocationKey, PlacedStatement, TestThread } from './statements.js';
import { ActorWay } from './way.js';

export interface CodeSource extends ValueSource {
  readonly asked: readonly AskedOrdering[];
  readonly included: Included;
  readonly fences: PassedFences;
}

/** The thread of a test that an actor becomes. */
export function threadCode(source: CodeSource, thread: ThreadId): TestThread {
  const { program, found, included } = source;
  const own = included.steps.filter((i) => found.taken[i]!.step.thread === thread);
  const [first, last] = [own[0]!, own.at(-1)!];
  const spans = included.spans.filter((span) => span.thread === thread);
  const code = new AccessCode(source, thread);
  for (const span of spans) if (span.from < 0) code.enter(span, first);
  for (const [i, { step }] of found.taken.entries()) {
    if (step.thread !== thread) continue;
    code.way.arrive(i, step);
    if (i > first && i <= last) for (const name of source.fences.get(i) ?? []) code.call(i, name);
    for (const span of spans) if (span.from === i) code.enter(span, i);
    if (own.includes(i)) code.accesses(i, step);
    else if (i < last) code.passes(i, step, i > first);
    for (const span of spans) if (span.to === i) code.leave(span, first);
  }
  for (const span of spans.toReversed()) if (span.to >= found.taken.length) code.leave(span, first);
  return {
    name: program.threads[thread]!.name,
    statements: code.statements,
    registers: code.values.registers,
  };
}

class AccessCode {
  readonly statements: PlacedStatement[] = [];
  readonly values: RunValues;
  readonly way: ActorWay;
  readonly #source: CodeSource;

  constructor(source: CodeSource, thread: ThreadId) {
    this.#source = source;
    this.values = new RunValues(source, thread);
    this.way = new ActorWay(source.program, thread);
  }

  enter({ lock }: HeldSpan, i: RunIndex): void {
    if (lock === undefined) this.call(i, 'rcu_read_lock');
    else this.#add(i, { kind: 'lock', of: `lock ${lock}` });
  }

  /** Dropped under the conditions under which it was taken, so that no way keeps it. */
  leave({ lock, from, to }: HeldSpan, first: RunIndex): void {
    const under = this.way.before(from < 0 ? first : from);
    const statement: LitmusStatement =
      lock === undefined ? { kind: 'call', name: 'rcu_read_unlock' } : { kind: 'unlock', of: `lock ${lock}` };
    this.statements.push({ index: to, statement, under });
  }

  call(i: RunIndex, name: string): void {
    this.#add(i, { kind: 'call', name });
  }

  /** A step that accesses nothing of the test: what it stores in locals, its barriers, and grace periods. */
  passes(i: RunIndex, step: Step, isBetween: boolean): void {
    this.#follow(i, step, new Map());
    const { memory } = step;
    if (isBetween && memory?.kind === 'fence') this.call(i, `smp_${memory.fence}`);
    if (isBetween && memory?.kind === 'rcu' && memory.event === 'synchronize')
      this.call(i, 'synchronize_rcu');
  }

  accesses(i: RunIndex, step: Step): void {
    const { asked, included } = this.#source;
    for (const one of asked) this.#onLock(i, one);
    const touched = [...included.variables].filter((id) =>
      isIncluded({ ...this.#source, waits: included.waits }, i, id),
    );
    const resolved = this.values.resolved(i, step, (id) => touched.includes(id));
    const each = touched.map((id) => ({
      id,
      access: accessTo(this.#source, this.values, { i, step: resolved, id }),
    }));
    const leaves = new Map<VariableId, Expr>();
    // In the order of C: what is read decides whether there is a store.
    for (const kind of ['reads', 'update', 'writes']) {
      for (const { id, access } of each)
        if (access.kind === kind) this.#access(i, resolved, id, access, leaves);
      this.#decideBy(i, resolved, leaves);
    }
    this.#follow(i, step, leaves);
    const changes = asked.flatMap((one) => (one.kind === 'observed' ? [one.change, one.later] : []));
    if (changes.some(({ index, variable }) => index === i && variable === undefined))
      this.#mark(i, 'release');
  }

  #onLock(i: RunIndex, asked: AskedOrdering): void {
    if (asked.kind === 'section' && asked.then === i) this.#read(i, `mark ${asked.first}`, 'once', 1);
    if (asked.kind === 'section' && asked.first === i) this.#mark(i, 'once');
    if (asked.kind !== 'held' || asked.then !== i) return;
    const of: LocationKey = `lock ${asked.lock}`;
    this.#add(i, { kind: 'is locked', of, to: this.values.register(i, of, 1) });
  }

  #access(i: RunIndex, step: Step, id: VariableId, access: GroupAccess, leaves: Map<VariableId, Expr>): void {
    const of: LocationKey = `variable ${id}`;
    const before = this.#source.numbering.before(id, i);
    const write = step.assignments.find(({ target }) => target.variables[0] === id);
    if (access.kind === 'reads') {
      const { order } = access.cells[0]!;
      leaves.set(id, this.#read(i, of, order === 'acquire' || order === 'plain' ? order : 'once', before));
    } else if (write === undefined || i >= this.#source.found.run.taken) {
      leaves.set(id, this.#read(i, of, 'once', before));
    } else if (access.kind === 'writes') {
      const value = this.values.stored(i, write, leaves);
      this.#add(i, { kind: 'write', of, value, order: write.order ?? 'plain' });
      if (step.memory?.kind === 'fence') this.call(i, `smp_${step.memory.fence}`);
    } else if (access.kind === 'update') this.#modify(i, step, id, access, leaves);
  }

  #modify(
    i: RunIndex,
    step: Step,
    id: VariableId,
    { order }: GroupAccess & { readonly kind: 'update' },
    leaves: Map<VariableId, Expr>,
  ): void {
    const { numbering } = this.#source;
    const of: LocationKey = `variable ${id}`;
    const write = step.assignments.find(({ target }) => target.variables[0] === id)!;
    const [old, before] = [this.values.next(of), numbering.before(id, i)];
    const own = new Map([...leaves, [id, old]]);
    const guard = replaced(step.guard, own);
    const always = isWrittenAnyway(this.#source.program, this.values, { i, step, id });
    const isKept = step.assignments.some((one) => one !== write && reads(one.value, id));
    const { statement, condition } = modifyCode({
      ...{ of, to: this.values.registers.length, old, order, before },
      isAsked: isKept || (always && mentions(guard, old)) || isAskedFor(this.#source.asked, i),
      value: this.values.stored(i, { ...write, value: this.values.armInRun(i, write.value) }, own),
      after: numbering.after(id, i),
      condition: always || !mentions(guard, old) ? undefined : guard,
    });
    if ('to' in statement && statement.to !== undefined) {
      this.values.register(i, of, statement.kind === 'add unless' ? 1 : before);
      if (statement.kind !== 'add unless') leaves.set(id, old);
    }
    this.#add(i, statement);
    if (condition !== undefined) this.way.decide(i, simpler(this.values.condition(condition)), step);
  }

  /** What the step stores in locals, and whether what was read led on from there. */
  #follow(i: RunIndex, step: Step, leaves: ReadonlyMap<VariableId, Expr>): void {
    if (i >= this.#source.found.run.taken) return;
    this.#decideBy(
      i,
      this.values.resolved(i, step, (id) => leaves.has(id)),
      leaves,
    );
    this.values.follow(i, step, leaves);
  }

  /** What was read is what leads on, once all of it is read. */
  #decideBy(i: RunIndex, { guard, ...step }: Step, leaves: ReadonlyMap<VariableId, Expr>): void {
    if (step.reports !== undefined || i >= this.#source.found.run.taken || this.way.isDecided(i)) return;
    const condition = replaced(guard, leaves);
    if (this.values.isDecidedByReads(condition))
      this.way.decide(i, simpler(this.values.condition(condition)), step);
  }

  #mark(i: RunIndex, order: 'once' | 'release'): void {
    this.#add(i, { kind: 'write', of: `mark ${i}`, value: number(1), order });
  }

  #read(i: RunIndex, of: LocationKey, order: LoadOrder, value: number): Expr {
    const register = this.values.next(of);
    this.#add(i, { kind: 'read', of, to: this.values.register(i, of, value), order });
    return register;
  }

  #add(index: RunIndex, statement: LitmusStatement): void {
    this.statements.push({ index, statement, under: this.way.within(index) });
  }
}
