// Expectations: what must be true when a step is taken becomes steps that report. What control flow already decides
// about the thread's own locks is not asked again.
//
//   (expects(x > 0, 'x'), y := 1)      from 1:   when (x <= 0) bug 'x', to dead     when (x > 0) y := 1, to 2

import { ModelError } from '../../models/language/index.js';
import { type Ownership, ownership } from '../analyse/ownership.js';
import {
  allOf,
  and,
  constant,
  isFalse,
  isTrue,
  not,
  read,
  rewrite,
  truth,
  typeOfDomain,
} from '../ir/expression.js';
import type { Cell, Expr, Location, LockChange, ThreadId } from '../ir/program.js';
import type { Names } from '../ir/text.js';
import type { DraftExpectation, Edge, Text, UnfinishedStep } from './draft.js';

/** The steps of a thread: those that report, each before the one that goes on. */
export function reportingSteps(
  edges: readonly Edge[],
  thread: ThreadId,
  ends: { readonly start: Location; readonly dead: Location },
  names: Names,
): readonly UnfinishedStep[] {
  const owned = ownershipOf(edges, ends.start, names);
  return edges.flatMap((edge) => expand(edge, thread, ends.dead, owned.get(edge.from)!, names));
}

function ownershipOf(edges: readonly Edge[], start: Location, { variables }: Names) {
  const locks = variables.filter((variable) => variable.lock !== undefined).map((variable) => variable.id);
  const lockEdges = edges.map(({ from, to, locks: changes }) => ({
    from,
    to,
    takes: cellsOf(changes, 'take').map((cell) => cell.variables),
    drops: cellsOf(changes, 'drop').map((cell) => cell.variables),
  }));
  return ownership(start, lockEdges, locks);
}

const cellsOf = (changes: readonly LockChange[], way: LockChange['way']): readonly Cell[] =>
  changes.filter((change) => change.way === way).map(({ lock }) => lock);

function expand(
  edge: Edge,
  thread: ThreadId,
  dead: Location,
  owned: Ownership,
  names: Names,
): readonly UnfinishedStep[] {
  const { guard, expectations, locks, path: _, rests: __, ...rest } = edge;
  const step = { ...rest, thread };
  const goesOn = { ...step, ...(locks.length > 0 && { locks }) };
  const open = [
    ...cellsOf(locks, 'drop').map((cell) => ownsWhatItDrops(cell, edge, thread, owned, names)),
    ...expectations,
  ]
    .map((expectation) => ({
      ...expectation,
      condition: decide(expectation.condition, thread, owned, names),
    }))
    .filter(({ condition }) => !isTrue(condition));
  if (open.length > 1 && open.some(({ kind }) => kind === 'warning')) {
    const problem = 'a warning goes on, so it cannot share its step with another expectation; make them two';
    throw new ModelError(problem, edge.source.model);
  }
  const reporting = open.map(({ condition, message, kind }, i): UnfinishedStep => {
    const before = open.slice(0, i).map((expectation) => expectation.condition);
    const report = { guard: and(guard, and(allOf(before), not(condition))), reports: { kind, message } };
    return kind === 'warning' ? { ...goesOn, ...report } : { ...step, ...report, to: dead, assignments: [] };
  });
  const silent = { ...goesOn, guard: and(guard, allOf(open.map(({ condition }) => condition))) };
  return [...reporting, silent].filter(({ guard: enabled }) => !isFalse(enabled));
}

function ownsWhatItDrops(
  cell: Cell,
  edge: Edge,
  thread: ThreadId,
  owned: Ownership,
  names: Names,
): DraftExpectation {
  const lock = names.variables[cell.variables[0]!]!;
  if (cell.variables.length === 1 && owned.get(lock.id) === false) {
    throw new ModelError(`${edge.caption(names)}: ${lock.name} is never held here`, edge.source.model);
  }
  const type = typeOfDomain(lock.domain);
  const value = read(cell, type);
  const condition: Expr = type === 'bool' ? value : { op: 'eq', x: value, y: constant(thread + 1, type) };
  const message: Text = (of) => `${edge.caption(of)}: not held by the actor that drops it`;
  return { condition, message, kind: 'bug' };
}

/** Replaces what a condition asks about this thread's own locks by what control flow decides. */
function decide(condition: Expr, thread: ThreadId, owned: Ownership, { variables }: Names): Expr {
  return rewrite(condition, (x) => {
    if (x.op === 'read' && x.cell.variables.length === 1) {
      const lock = variables[x.cell.variables[0]!]!;
      const fact = lock.holder === thread ? owned.get(lock.id) : undefined;
      return fact === undefined ? x : truth(fact);
    }
    if (x.op !== 'eq' || x.x.op !== 'read' || x.y.op !== 'const' || x.x.cell.variables.length !== 1) return x;
    const lock = variables[x.x.cell.variables[0]!]!;
    const fact = lock.domain.kind === 'owner' ? owned.get(lock.id) : undefined;
    if (fact === undefined) return x;
    if (x.y.value === thread + 1) return truth(fact);
    return fact ? truth(false) : x;
  });
}
