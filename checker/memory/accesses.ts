// What each step is to a store buffer, from what it reads and writes in memory: x86 has loads, stores, locked instructions
// and a fence, and nothing else. Locals, registers and the lifetimes of objects are no memory.
//
//   r = x            load          x = r            store          spin_unlock(l)     store
//   x = x + 1        locked        x = 1, y = 1     locked         spin_lock(l)       locked         smp_mb()      fence

import { walk } from '../ir/expression.js';
import type { Cell, CoarseStep, Expr, Program, Step, StepId, VariableId } from '../ir/program.js';
import { cellText } from '../ir/text.js';

/** `locked` waits until the buffer is empty, and then acts on memory at once; `fence` only waits. */
export type AccessKind = 'local' | 'load' | 'store' | 'locked' | 'fence';

export interface ProgramAccesses {
  /** By step. */
  readonly kinds: readonly AccessKind[];
  /** Statements that are locked only because of how much they access. */
  readonly coarse: readonly CoarseStep[];
  readonly isMemory: (id: VariableId) => boolean;
}

/** What the steps of a Program are to store buffers. */
export function accessesIn(program: Program): ProgramAccesses {
  const memory = memoryOf(program);
  const isMemory = (id: VariableId) => memory.has(id);
  const own = program.steps.map((step) => ownKind(step, isMemory));
  // The outcomes of a statement are of one instruction, and a locked one drains the buffer whatever comes of it; but an
  // outcome that says nothing and stores nothing may be found by a load, before there is any locked instruction.
  const together = new Map<string, StepId[]>();
  for (const { id } of program.steps.filter(({ id }) => own[id] === 'modify' || own[id] === 'coarse')) {
    const key = statementOf(program.steps[id]!);
    together.set(key, [...(together.get(key) ?? []), id]);
  }
  const takes = new Set(program.steps.filter(takesLock).map(statementOf));
  const kinds = program.steps.map((step): AccessKind => {
    const kind = own[step.id]!;
    if (together.has(statementOf(step)) && !onlyLoads(step, isMemory)) return 'locked';
    return kind === 'modify' || kind === 'coarse' ? 'locked' : kind;
  });
  const coarse = program.steps.filter(
    (step) => own[step.id] === 'coarse' && step.reports === undefined && !takes.has(statementOf(step)),
  );
  return { kinds, coarse: coarseSteps(coarse, program, isMemory), isMemory };
}

/** The statements of these steps, one for each label. */
export function coarseSteps(
  steps: readonly Step[],
  program: Program,
  isMemory: (id: VariableId) => boolean,
): readonly CoarseStep[] {
  const byLabel = new Map<string, CoarseStep>();
  for (const step of steps) {
    const { label, source } = step;
    const stores = step.assignments.filter(({ target }) => target.variables.some(isMemory));
    const loads = expressionsOf(step)
      .flatMap(readsIn)
      .filter(({ cell }) => cell.variables.some(isMemory));
    const cells = [...loads.map(({ cell }) => cell), ...stores.map(({ target }) => target)];
    const known = byLabel.get(label);
    byLabel.set(label, {
      ...{ label, source },
      accesses: [...new Set([...(known?.accesses ?? []), ...cells.map((cell) => cellText(cell, program))])],
      isMarked: known?.isMarked === true || [...loads, ...stores].some(({ order }) => order !== undefined),
    });
  }
  return [...byLabel.values()];
}

type Read = Expr & { readonly op: 'read' };

function readsIn(x: Expr): readonly Read[] {
  const reads: Read[] = [];
  walk(x, (part) => {
    if (part.op === 'read') reads.push(part);
  });
  return reads;
}

/** Steps of one statement of a thread, at one place. */
const statementOf = ({ thread, from, label, armPath = '' }: Step): string =>
  `${thread} ${from} ${label} ${armPath}`;

/**
 * Is it the answer of a test that changes nothing, such as that atomic_inc_not_zero() found 0? The kernel orders nothing
 * there, and looks before it tries. An answer that is found by the locked instruction itself says that it modifies.
 */
export const onlyLoads = (
  { memory, reports, assignments, locks = [] }: Step,
  isMemory: (id: VariableId) => boolean,
): boolean =>
  memory === undefined &&
  reports === undefined &&
  locks.length === 0 &&
  !assignments.some(({ target }) => target.variables.some(isMemory));

const takesLock = ({ locks = [] }: Step): boolean => locks.some(({ way }) => way === 'take');

/** All that lies in memory; what each actor has for itself does if another one accesses it. */
function memoryOf({ variables, steps }: Program): ReadonlySet<VariableId> {
  const shared = new Set<VariableId>();
  for (const step of steps) {
    const visit = ({ variables: ids }: Cell) => {
      for (const id of ids) {
        const { registerOf } = variables[id]!;
        if (registerOf !== undefined && registerOf !== step.thread) shared.add(id);
      }
    };
    // What a latch looks at is asked where the actor is, and not in memory.
    const stores = step.assignments.filter(
      ({ target }) => !target.variables.every((id) => variables[id]!.isNoMemory),
    );
    const own = { ...step, assignments: stores };
    for (const x of expressionsOf(own)) walk(x, (part) => part.op === 'read' && visit(part.cell));
    for (const { target } of stores) visit(target);
  }
  return new Set(
    variables.flatMap(({ id, thread, isNoMemory, registerOf }) => {
      const isOwn = registerOf !== undefined && !shared.has(id);
      return thread !== undefined || isNoMemory || isOwn ? [] : [id];
    }),
  );
}

const expressionsOf = ({ guard, assignments }: Step): readonly Expr[] => [
  guard,
  ...assignments.flatMap(({ target, value }) => [
    value,
    ...(target.index === undefined ? [] : [target.index]),
  ]),
];

/** `modify` and `coarse` are locked: one says so, the other touches too much for anything else. */
function ownKind(step: Step, isMemory: (id: VariableId) => boolean): AccessKind | 'modify' | 'coarse' {
  const { memory, assignments, locks = [] } = step;
  const isInMemory = ({ variables }: Cell) => variables.some(isMemory);
  const writes = assignments.filter(({ target }) => isInMemory(target));
  const dropped = new Set(locks.flatMap(({ way, lock }) => (way === 'drop' ? lock.variables : [])));
  let reads = false;
  for (const x of expressionsOf(step)) {
    walk(x, (part) => {
      // Whether it holds the lock that it drops, a thread knows by itself.
      if (part.op === 'read' && part.cell.variables.some((id) => isMemory(id) && !dropped.has(id)))
        reads = true;
    });
  }
  if (memory?.kind === 'modify') return 'modify';
  if (takesLock(step)) return 'locked';
  if (memory?.kind === 'fence' && memory.fence === 'mb') return writes.length > 0 ? 'modify' : 'fence';
  if (memory?.kind === 'rcu' && memory.event === 'synchronize')
    return writes.length > 0 || reads ? 'modify' : 'fence';
  if (writes.length > 1 || (writes.length === 1 && reads)) return 'coarse';
  if (writes.length === 1) return 'store';
  return reads ? 'load' : 'local';
}
