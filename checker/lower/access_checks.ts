// The built-in checks of objects: a step that reads or writes a field must find the object live. What is read follows
// evaluation: in `a && o.x`, o is read only where a is true. What a step waits for is checked on arrival, since a
// waiting actor reads it repeatedly; the rest is checked when the step is taken.
//
//   when(p->ready), p->n := 1        on arrival: p is not NULL, and what it points to is live
//
// An object that no step frees is not checked.

import { exprKey } from '../analyse/keys.js';
import { builtInChecks, type CheckName } from '../ir/built_in_checks.js';
import { allOf, and, constant, equal, int, not, or, parts, read, truth, typeOf } from '../ir/expression.js';
import type { Assignment, Cell, Expr, Variable, VariableId } from '../ir/program.js';
import type { Draft, DraftExpectation, FlowEdge, ObjectFacts, ThreadNames } from './draft.js';
import { leaves, type Slot, type StateVariables } from './state_variables.js';

/** Objects that no step allocates or frees are live from the start to the end. */
export function objectFacts({ objects, variables }: StateVariables, drafts: readonly Draft[]): ObjectFacts {
  const lifetimes = new Map<VariableId, VariableId>();
  const unchecked = new Set<VariableId>();
  const written = drafts.flatMap(({ assignments }) => assignments.flatMap(({ target }) => target.variables));
  const changes = new Set(written);
  for (const { fields } of objects) {
    const [lifetime] = leaves(fields.get('lifetime')!);
    const { domain, initial } = variables[lifetime!]!;
    const words = domain.kind === 'enum' ? domain.values : [];
    const isReused = !words.includes('freed');
    const isAlwaysLive = initial.every((value) => words[value] === 'live') && !changes.has(lifetime!);
    if (isReused || isAlwaysLive) unchecked.add(lifetime!);
    for (const [name, field] of fields) {
      if (name !== 'lifetime') for (const id of memoryOf(field)) lifetimes.set(id, lifetime!);
    }
  }
  return { lifetimes, unchecked };
}

/** The variables of a slot that are memory of the object that it lies in. */
function memoryOf(slot: Slot): readonly VariableId[] {
  if (slot.kind === 'record') return [...slot.fields.values()].flatMap(memoryOf);
  if (slot.kind === 'array') return slot.elements.flatMap(memoryOf);
  return slot.kind === 'latch' || (slot.kind === 'scalar' && slot.notMemory) ? [] : leaves(slot);
}

/** Puts the checks of the outcomes of one step before everything else that they expect. */
export function withAccessChecks(
  edges: readonly FlowEdge[],
  { objects, variables }: ThreadNames,
): readonly FlowEdge[] {
  if (objects.lifetimes.size === 0) return edges;
  const facts = { ...objects, variables };
  const seen = new Set<string>();
  const isNew = ({ condition }: DraftExpectation) => {
    const key = exprKey(condition);
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  const onArrival = edges.flatMap(({ guard, onCpu, expectations, label, isChosen }) => {
    const demanded = expectations.filter((one) => one.onArrival && readsMemory(one));
    // Whether it runs may depend on locks that others hold; it reads nothing to know that.
    const waited = onCpu === undefined ? reads(guard, truth(true)) : reads(onCpu.guard, onCpu.runs);
    return [...waited, ...demanded.flatMap(({ condition }) => reads(condition, truth(true)))].flatMap(
      (access) => checksOf(access, label, !isChosen, facts),
    );
  });
  const shared = onArrival.filter(isNew);
  return edges.map((edge) => {
    const before = new Set(seen);
    const taken = [
      ...edge.expectations.filter(readsMemory).flatMap(({ condition }) => reads(condition, truth(true))),
      ...edge.assignments.flatMap(writes),
    ];
    const own = taken.flatMap((access) => checksOf(access, edge.label, false, facts)).filter(isNew);
    // A check of one outcome may be needed in another one as well.
    seen.clear();
    for (const key of before) seen.add(key);
    return { ...edge, expectations: [...shared, ...own, ...edge.expectations] };
  });
}

/**
 * Does the expectation read memory of an object? What is freed is checked to be live; and whether the actor may sleep is
 * known without a look at the locks, some of which may lie in objects.
 */
const readsMemory = ({ check }: DraftExpectation): boolean => check !== 'bad-free' && check !== 'might-sleep';

/** An access to a place, and the condition under which it is made. */
interface FieldAccess {
  readonly cell: Cell;
  readonly when: Expr;
}

/** The places that an expression reads, in the order of its evaluation. */
function reads(x: Expr, when: Expr): readonly FieldAccess[] {
  switch (x.op) {
    case 'read':
      return [...parts(x).flatMap((part) => reads(part, when)), { cell: x.cell, when }];
    case 'and':
      return [...reads(x.x, when), ...reads(x.y, and(when, x.x))];
    case 'or':
      return [...reads(x.x, when), ...reads(x.y, and(when, not(x.x)))];
    case 'if':
      return [...reads(x.x, when), ...reads(x.then, and(when, x.x)), ...reads(x.else, and(when, not(x.x)))];
    default:
      return parts(x).flatMap((part) => reads(part, when));
  }
}

/** The places that an assignment reads and writes; `x := c ? e : x` writes only where c is true. */
function writes({ target, value }: Assignment): readonly FieldAccess[] {
  const index = target.index === undefined ? [] : reads(target.index, truth(true));
  if (value.op === 'if' && exprKey(value.else) === exprKey(read(target, typeOf(value)))) {
    return [
      ...index,
      ...reads(value.x, truth(true)),
      ...reads(value.then, value.x),
      { cell: target, when: value.x },
    ];
  }
  return [...index, ...reads(value, truth(true)), { cell: target, when: truth(true) }];
}

function checksOf(
  { cell, when }: FieldAccess,
  label: string,
  onArrival: boolean,
  { variables, lifetimes, unchecked }: ObjectFacts & { readonly variables: readonly Variable[] },
): readonly DraftExpectation[] {
  const owners = cell.variables.map((id) => lifetimes.get(id));
  if (!owners.some((id) => id !== undefined)) return [];
  const procedure = label.slice(0, label.indexOf('.'));
  const reported = (check: CheckName, condition: Expr): DraftExpectation => ({
    condition: or(not(when), condition),
    message: () => `${builtInChecks[check].message} in ${procedure}`,
    ...{ kind: 'bug', onArrival, check },
  });
  const pointer = pointerOf(cell.index, variables);
  const slots = [...new Set(owners)];
  const live = owners.flatMap((id, i) => {
    if (id === undefined || unchecked.has(id) || (pointer !== undefined && owners.indexOf(id) < i)) return [];
    const { domain } = variables[id]!;
    const type = domain.kind === 'enum' ? domain.values : [];
    const isLive = equal(read({ variables: [id] }, type), constant(type.indexOf('live'), type));
    const isMeant =
      pointer === undefined
        ? equal(cell.index ?? int(i), int(i))
        : equal(pointer.x, constant(slots.indexOf(id) + 1, pointer.type));
    return [or(not(isMeant), isLive)];
  });
  return [
    ...(pointer === undefined
      ? []
      : [reported('null-dereference', not(equal(pointer.x, constant(0, pointer.type))))]),
    ...(live.length === 0 ? [] : [reported('use-after-free', allOf(live))]),
  ];
}

/**
 * The pointer that an index follows: lowering writes it as `p == node0 ? 0 : p == node1 ? 1 : -1`. The array may be
 * inside the object, and the whole under a condition.
 */
function pointerOf(
  index: Expr | undefined,
  variables: readonly Variable[],
): { readonly x: Expr; readonly type: readonly string[] } | undefined {
  if (index?.op === 'add' || index?.op === 'mul') return pointerOf(index.x, variables);
  if (index?.op !== 'if') return undefined;
  const { x, then } = index;
  if (x.op === 'eq' && x.x.op === 'read' && x.y.op === 'const' && then.op === 'const') {
    const { domain } = variables[x.x.cell.variables[0]!]!;
    const isPointer = domain.kind === 'enum' && domain.values[0] === 'NULL';
    if (isPointer && x.y.value === then.value + 1) return { x: x.x, type: domain.values };
  }
  return pointerOf(then, variables);
}
