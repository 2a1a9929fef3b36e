// x86-TSO as a Program: every thread, or every CPU, has a buffer of the stores that nobody else sees yet, and one more thread
// that brings the oldest of them to memory at any moment. So whatever knows Programs knows x86-TSO: engines, liveness,
// traces, exports, certificates.
//
//   x = 1      becomes, for each slot j that may be the next:    when (slot j is the next one) slot j := (x, 1)
//   r = x                                                        r = the newest store to x in the buffer, else x
//   x++, lock, smp_mb()                                          when (the buffer is empty) the same
//   and                                                          when (slot 0 is for x) x := its value, all slots move on
//
// A buffer of K slots is exact if no store ever finds it full: `Program.storeBuffers.full` is never true then. Whatever is
// found is so for any K.

import { boundsIn, indexCanFault } from '../analyse/ranges.js';
import {
  allOf,
  and,
  anyOf,
  at,
  equal,
  ifElse,
  int,
  less,
  not,
  or,
  rewrite,
  typeOfDomain,
} from '../ir/expression.js';
import type {
  Assignment,
  Cell,
  Expr,
  Program,
  Step,
  StoreBuffers,
  Thread,
  ThreadId,
  VariableId,
} from '../ir/program.js';
import { cellText } from '../ir/text.js';
import { type AccessKind, accessesIn, type ProgramAccesses } from './accesses.js';
import { BufferSlots } from './buffer_slots.js';
import { storesBound } from './stores_bound.js';

/** A buffer of stores: of one thread, or of all threads of a CPU. */
interface Buffer {
  readonly owner: string;
  readonly threads: readonly ThreadId[];
  readonly slots: BufferSlots;
  readonly flusher: ThreadId;
}

/** The same Program under x86-TSO, with so many slots in each buffer. It must have no monitors yet. */
export function inStoreBuffers(
  program: Program,
  slots: number,
): Program & { readonly storeBuffers: StoreBuffers } {
  const accesses = accessesIn(program);
  const buffers = buffersOf(program, accesses, slots);
  const rewriter = new Rewriter(program, accesses, buffers);
  const variables = [...program.variables, ...buffers.flatMap((buffer) => buffer.slots.variables)];
  const steps = [
    ...program.steps.flatMap((step) => rewriter.steps(step)),
    ...buffers.flatMap((one) => flushes(one, program)),
  ];
  const full = program.steps.flatMap((step) => rewriter.findsFull(step));
  return {
    ...program,
    variables,
    threads: [...program.threads, ...buffers.map(flusherOf)],
    steps: steps.map((step, id) => ({ ...step, id })),
    storeBuffers: {
      slots,
      enough: slotsEnough(program, accesses),
      buffers: buffers.map(({ flusher, threads, slots }) => ({ flusher, threads, isEmpty: slots.isEmpty() })),
      full: anyOf(full),
      coarse: accesses.coarse,
    },
  };
}

/** How many slots are enough, whatever the order of steps: infinite if control flow alone gives no bound. */
function slotsEnough(program: Program, { kinds }: ProgramAccesses): number {
  const bounds = groupsOf(program).map(({ threads }) => {
    const all = threads.map((id) =>
      storesBound(
        program.threads[id]!,
        program.steps.filter(({ thread }) => thread === id),
        kinds,
      ),
    );
    const storing = all.filter((bound) => bound > 0);
    return storing.length > 1 ? Number.POSITIVE_INFINITY : Math.max(...all);
  });
  return Math.max(0, ...bounds);
}

/** The same condition, where a thread is done only once its stores have reached memory. */
export function settled(x: Expr, { threads, storeBuffers }: Program): Expr {
  if (storeBuffers === undefined) return x;
  return rewrite(x, (part) => {
    if (part.op !== 'at') return part;
    const { done } = threads[part.thread]!;
    const buffer = storeBuffers.buffers.find((one) => one.threads.includes(part.thread));
    if (buffer === undefined || !part.locations.includes(done)) return part;
    const others = part.locations.filter((location) => location !== done);
    return or(at(part.thread, others), and(at(part.thread, [done]), buffer.isEmpty));
  });
}

/** Threads that have a buffer together: each its own, but those of a CPU. */
function groupsOf({
  threads,
}: Program): readonly { readonly owner: string; readonly threads: readonly ThreadId[] }[] {
  const groups = new Map<string, { readonly owner: string; readonly threads: ThreadId[] }>();
  for (const { id, name, cpu } of threads) {
    const key = cpu === undefined ? `thread ${id}` : `cpu ${cpu}`;
    const group = groups.get(key) ?? { owner: cpu ?? name, threads: [] };
    group.threads.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Threads that never store need no buffer. */
function buffersOf(program: Program, { kinds, isMemory }: ProgramAccesses, count: number): readonly Buffer[] {
  let first = program.variables.length;
  let flusher = program.threads.length;
  return groupsOf(program).flatMap(({ owner, threads }): readonly Buffer[] => {
    const stores = program.steps.filter(
      ({ id, thread }) => kinds[id] === 'store' && threads.includes(thread),
    );
    const stored = new Set(
      stores.flatMap(({ assignments }) =>
        assignments.flatMap(({ target }) => (target.variables.some(isMemory) ? target.variables : [])),
      ),
    );
    if (stored.size === 0) return [];
    const ids = [...stored].sort((a, b) => a - b);
    const slots = new BufferSlots(`buffer of ${owner}`, ids, count, program.variables, first);
    first += slots.variables.length;
    return [{ owner, threads, slots, flusher: flusher++ }];
  });
}

const flusherOf = ({ owner, flusher }: Buffer): Thread => ({
  id: flusher,
  name: `buffer of ${owner}`,
  locations: [{ label: 'done', path: 'done' }],
  start: 0,
  done: 0,
});

/** One step for each place that its threads store to. */
function flushes({ owner, slots, flusher }: Buffer, { variables }: Program): readonly Step[] {
  return slots.stored.map((id) => ({
    id: -1,
    thread: flusher,
    ...{ from: 0, to: 0 },
    label: 'store_buffer.flush',
    armPath: 'flush',
    caption: `${owner}'s store to ${variables[id]!.name} reaches memory`,
    source: {},
    guard: slots.isOldest(id),
    assignments: [{ target: { variables: [id] }, value: slots.oldest(id) }, ...slots.shifts()],
  }));
}

/** Makes the steps of one thread steps of a thread with a buffer. */
class Rewriter {
  readonly #program: Program;
  readonly #kinds: readonly AccessKind[];
  readonly #isMemory: (id: VariableId) => boolean;
  readonly #buffers: readonly Buffer[];
  readonly #settled: Program;
  /** All that locks are made of. */
  readonly #locks: ReadonlySet<VariableId>;

  constructor(program: Program, { kinds, isMemory }: ProgramAccesses, buffers: readonly Buffer[]) {
    this.#program = program;
    this.#kinds = kinds;
    this.#isMemory = isMemory;
    this.#buffers = buffers;
    this.#locks = new Set(
      program.steps.flatMap(({ locks = [] }) => locks.flatMap(({ lock }) => lock.variables)),
    );
    const known = buffers.map(({ threads, slots, flusher }) => ({
      flusher,
      threads,
      isEmpty: slots.isEmpty(),
    }));
    this.#settled = {
      ...program,
      storeBuffers: { slots: 0, enough: 0, buffers: known, full: anyOf([]), coarse: [] },
    };
  }

  #slotsOf = (thread: ThreadId): BufferSlots | undefined =>
    this.#buffers.find(({ threads }) => threads.includes(thread))?.slots;

  /** What the step becomes. */
  steps(step: Step): readonly Step[] {
    const slots = this.#slotsOf(step.thread);
    if (slots === undefined) return [this.#mapped(step, (x) => settled(x, this.#settled))];
    const seen = this.#mapped(step, (x) => settled(this.#seen(x, slots), this.#settled));
    switch (this.#kinds[step.id]!) {
      case 'local':
      case 'load':
        return [seen];
      case 'fence':
      case 'locked': {
        const whole = this.#mapped(step, (x) => settled(x, this.#settled));
        return [{ ...whole, guard: and(slots.isEmpty(), whole.guard) }];
      }
      case 'store':
        return this.#stores(seen, slots);
    }
  }

  /** Where the step is a store that finds the buffer full. */
  findsFull(step: Step): readonly Expr[] {
    const slots = this.#slotsOf(step.thread);
    if (slots === undefined || this.#kinds[step.id] !== 'store') return [];
    const guard = settled(this.#seen(step.guard, slots), this.#settled);
    return [allOf([at(step.thread, [step.from]), slots.isFull(), guard])];
  }

  /** The step for each slot that may be the next; one more where its index may have no place, which is an error as before. */
  #stores(step: Step, slots: BufferSlots): readonly Step[] {
    const isStore = ({ target }: Assignment) => target.variables.some(this.#isMemory);
    const store = step.assignments.find(isStore)!;
    const others = step.assignments.filter((assignment) => assignment !== store);
    const { target, value } = store;
    const type = typeOfDomain(this.#program.variables[target.variables[0]!]!.domain);
    const place = this.#place(target, slots);
    const copies = Array.from(
      { length: slots.count },
      (_, i): Step => ({
        ...step,
        guard: and(step.guard, slots.isNext(i)),
        assignments: [...slots.stores(i, place, value, type), ...others],
      }),
    );
    if (!indexCanFault(target, boundsIn(this.#program.variables))) return copies;
    const inside = and(
      not(less('lt', target.index!, int(0))),
      less('lt', target.index!, int(target.variables.length)),
    );
    return [
      ...copies.map((copy) => ({ ...copy, guard: and(copy.guard, inside) })),
      { ...step, guard: and(step.guard, not(inside)) },
    ];
  }

  /** The place that a store is for, as a word of the buffer. */
  #place({ variables, index }: Cell, slots: BufferSlots): Expr {
    const places = variables.map(slots.placeOf);
    if (index === undefined) return places[0]!;
    return places
      .slice(0, -1)
      .reduceRight((rest, place, i) => ifElse(equal(index, int(i)), place, rest), places.at(-1)!);
  }

  /** What the thread sees: its own stores first. Only of some variables, if they are given. */
  #seen(x: Expr, slots: BufferSlots, of?: ReadonlySet<VariableId>): Expr {
    return rewrite(x, (part) => {
      if (part.op !== 'read') return part;
      const { cell, type, order: _, ...rest } = part;
      const stored = cell.variables
        .map((id, i) => [id, i] as const)
        .filter(([id]) => slots.stored.includes(id) && (of?.has(id) ?? true));
      if (stored.length === 0) return part;
      const { index } = cell;
      const value = stored.reduce<Expr>(
        (memory, [id, i]) =>
          slots.seen(id, memory, type, index === undefined ? undefined : equal(index, int(i))),
        { cell, type, ...rest },
      );
      return { ...value, name: part.name ?? cellText(cell, this.#program) };
    });
  }

  /**
   * A latch that is armed asks who holds a lock: an actor that has dropped it knows that it has, though its store is on its
   * way. Nobody else stores to that lock until then, so at most one buffer has it.
   */
  #asHoldersKnow(x: Expr, thread: ThreadId): Expr {
    const others = this.#buffers.filter(({ threads }) => !threads.includes(thread));
    return others.reduce((seen, { slots }) => this.#seen(seen, slots, this.#locks), x);
  }

  #mapped(step: Step, change: (x: Expr) => Expr): Step {
    const cell = (of: Cell): Cell => (of.index === undefined ? of : { ...of, index: change(of.index) });
    const { variables } = this.#program;
    const assignment = ({ target, value, ...rest }: Assignment): Assignment => {
      const isNoMemory = target.variables.every((id) => variables[id]!.isNoMemory);
      const asked = isNoMemory ? this.#asHoldersKnow(value, step.thread) : value;
      return { ...rest, target: cell(target), value: change(asked) };
    };
    const { reports } = step;
    return {
      ...step,
      guard: change(step.guard),
      assignments: step.assignments.map(assignment),
      ...(step.unread !== undefined && { unread: step.unread.map(assignment) }),
      ...(reports?.tested !== undefined && { reports: { ...reports, tested: change(reports.tested) } }),
    };
  }
}
