// Latches: a variable each, which the step that arms it stores, and which every other step updates that changes what
// its condition reads. The condition is evaluated after the step: the assignments and the target of the step are
// substituted into it. Other steps stay unchanged.
//
//   latch(n > 0)     arming step    x := n > 0         n := n - 1     x := x && n - 1 > 0        n := 0     x := false
//
// A latch is made where a step first names it, and only for observed actors of which its condition can be true.

import {
  type ExprNode,
  type LatchCondition,
  type LatchRule,
  ModelError,
  type Place,
} from '../../models/language/index.js';
import { exprKey } from '../analyse/keys.js';
import { boundsIn, rangeOf } from '../analyse/ranges.js';
import {
  and,
  anyOf,
  constant,
  equal,
  ifElse,
  indexed,
  int,
  isFalse,
  isTrue,
  parts,
  read,
  rewrite,
  substitute,
  truth,
  typeOf,
  typeOfDomain,
  walk,
} from '../ir/expression.js';
import type { Assignment, Cell, Domain, Expr, ThreadId, Variable, VariableId } from '../ir/program.js';
import type { LoweredThread, UnnumberedStep } from './draft.js';
import { makeWritten } from './each.js';
import { lowerExpr, lowerSlots } from './expressions.js';
import { rootScope, type Scope, type World } from './scope.js';
import type { LatchSlot, Slot } from './state_variables.js';

const turns = ['nothing', 'queued', 'running'] as const;
const turn = (word: (typeof turns)[number]): Expr => constant(turns.indexOf(word), turns);

/** The latches of a place for a running actor, each a variable or several of which an index selects one. */
export function latchesAt(place: Place, scope: Scope): readonly Cell[] {
  const { world } = scope;
  if (place.group !== undefined) {
    const slots = world.state.latches.filter(({ group }) => group === place.group);
    return slots.flatMap((slot) => [...made(slot, scope).values()].map((id) => ({ variables: [id] })));
  }
  const { slots, index, text } = lowerSlots(place, scope);
  const all = slots.map((slot) => made(latchIn(slot, place, scope), scope));
  if (all.some(({ size }) => size !== all[0]!.size))
    throw new ModelError(`'${place.name}' is asked by an index that selects among unlike latches`, scope.at);
  return [...all[0]!.keys()].map((key): Cell => {
    const variables = all.map((of) => of.get(key)!);
    return index === undefined ? { variables } : { variables, index, text };
  });
}

/** The assignments that arm the latches of a place; their values are filled in when all steps are known. */
export const armings = (place: Place, scope: Scope): readonly Assignment[] =>
  latchesAt(place, scope).map((target) => ({ target, value: truth(true) }));

function latchIn(slot: Slot, { name }: Place, { at }: Scope): LatchSlot {
  if (slot.kind === 'latch') return slot;
  throw new ModelError(`'${name}' is not a latch`, at);
}

/** The variables of a latch by the actors that they are for, 0 if for none; made only where a step names them. */
function made(slot: LatchSlot, scope: Scope): ReadonlyMap<ThreadId, VariableId> {
  const { world, thread } = scope;
  const { each, variables } = slot;
  if (each === 'waiting') {
    if (thread === undefined) return variables;
    if (!variables.has(thread)) makeOne(slot, thread, world);
    return new Map([[0, variables.get(thread)!]]);
  }
  if (thread === undefined || slot.isMade) return variables;
  slot.isMade = true;
  if (each === undefined) {
    makeOne(slot, undefined, world);
    return variables;
  }
  for (const id of world.threadNames.keys()) makeWritten(id, rootScope(world));
  for (const id of world.threadNames.keys()) {
    const { latch, own } = slot;
    if (latch.is === 'latch' && !isFalse(lowered(nodeOf(latch.cond, own), id, world)))
      makeOne(slot, id, world);
  }
  return variables;
}

function makeOne(slot: LatchSlot, of: ThreadId | undefined, { state, threadNames }: World): void {
  const domain: Domain = slot.latch.is === 'latch' ? { kind: 'bool' } : { kind: 'enum', values: turns };
  const { name, own, variables } = slot;
  const path = own.path.map((part) =>
    typeof part !== 'string' && part.op === 'const' ? Number(part.value) : String(part),
  );
  const id =
    of === undefined
      ? state.latchVariable(name, domain, [own.name, ...path])
      : state.latchVariable(`${name}[${threadNames[of]}]`, domain, [own.name, ...path, of]);
  variables.set(of ?? 0, id);
}

const nodeOf = (cond: LatchCondition, own: Place): ExprNode =>
  typeof cond === 'function' ? cond(own) : cond;
const lowered = (x: ExprNode, thread: ThreadId, world: World) =>
  lowerExpr(x, { ...rootScope(world), thread });

/** One latch: its variable, and its condition. */
interface Latch {
  readonly id: VariableId;
  readonly latch: LatchRule;
  readonly conds: readonly Expr[];
  /** The locks that the condition only compares with this actor: changes by other actors do not matter. */
  readonly observed: ThreadId | undefined;
  readonly ownLocks: ReadonlySet<VariableId>;
}

/** The threads with steps that update all latches. Their locations are final. */
export function withLatches(threads: readonly LoweredThread[], world: World): readonly LoweredThread[] {
  const all = latchesOf(world);
  if (all.length === 0) return threads;
  const { variables } = world.state;
  const ids = new Map(all.map((latch) => [latch.id, latch] as const));
  for (const { conds } of all) for (const cond of conds) refuseLatches(cond, ids, world);
  return threads.map((thread) => ({
    ...thread,
    steps: thread.steps.map((step) => {
      const own = step.assignments.filter(({ target }) => !ids.has(target.variables[0]!));
      const arming = step.assignments.filter(({ target }) => ids.has(target.variables[0]!));
      const stored = all.flatMap((latch) =>
        storedBy(latch, { ...step, assignments: own }, arming, variables),
      );
      return stored.length + arming.length === 0 ? step : { ...step, assignments: [...own, ...stored] };
    }),
  }));
}

function latchesOf(world: World): readonly Latch[] {
  return world.state.latches.flatMap(({ latch, own, each, variables }) =>
    [...variables].map(([thread, id]): Latch => {
      const nodes = (latch.is === 'latch' ? [latch.cond] : [latch.pending, latch.running]).map((cond) =>
        nodeOf(cond, own),
      );
      const scope = { ...rootScope(world), ...(each === 'observed' && { thread }) };
      const conds = nodes.map((node) => lowerExpr(node, scope));
      const observed = each === 'observed' ? thread : undefined;
      return { id, latch, conds, observed, ownLocks: ownLocks(conds, observed, world.state.variables) };
    }),
  );
}

function refuseLatches(cond: Expr, latches: ReadonlyMap<VariableId, Latch>, world: World): void {
  walk(cond, (x) => {
    if (x.op !== 'read' || !x.cell.variables.some((id) => latches.has(id))) return;
    throw new ModelError('a latch looks at another latch: it cannot be kept up to date', world.model.at);
  });
}

/** The owners that a condition only compares with this actor. */
function ownLocks(
  conds: readonly Expr[],
  observed: ThreadId | undefined,
  variables: readonly Variable[],
): ReadonlySet<VariableId> {
  const [own, other] = [new Set<VariableId>(), new Set<VariableId>()];
  const visit = (x: Expr): void => {
    const id = x.op === 'eq' && x.x.op === 'read' ? soleVariable(x.x.cell) : undefined;
    const isOwn = x.op === 'eq' && x.y.op === 'const' && x.y.value === (observed ?? -1) + 1;
    if (id !== undefined && isOwn && variables[id]!.domain.kind === 'owner') {
      own.add(id);
      return;
    }
    if (x.op === 'read') for (const each of x.cell.variables) other.add(each);
    for (const part of parts(x)) visit(part);
  };
  if (observed !== undefined) for (const cond of conds) visit(cond);
  return new Set([...own].filter((id) => !other.has(id)));
}

const soleVariable = ({ variables, index }: Cell): VariableId | undefined =>
  index === undefined ? variables[0] : undefined;

type StepEffects = Pick<UnnumberedStep, 'thread' | 'to' | 'assignments'>;

/** What a step stores in a latch: nothing if it does not change it. */
function storedBy(
  { id, latch, conds, observed, ownLocks }: Latch,
  step: StepEffects,
  arming: readonly Assignment[],
  variables: readonly Variable[],
): readonly Assignment[] {
  const type = typeOfDomain(variables[id]!.domain);
  const self = read({ variables: [id] }, type);
  const isOther = step.thread !== observed;
  const assignments = step.assignments.filter(
    ({ target }) => !isOther || !target.variables.every((one) => ownLocks.has(one)),
  );
  const after = conds.map((cond) => decided(afterStep(cond, { ...step, assignments }), variables));
  const isSame = after.every((x, i) => exprKey(x) === exprKey(conds[i]!));
  const kept = isSame ? self : keptBy(latch, self, after);
  const isArmed = anyOf(arming.map(({ target }) => means(target, id)));
  const value = ifElse(isArmed, armedBy(latch, after), kept);
  return exprKey(value) === exprKey(self) ? [] : [{ target: { variables: [id] }, value }];
}

const means = ({ variables, index }: Cell, id: VariableId): Expr => {
  if (!variables.includes(id)) return truth(false);
  return index === undefined ? truth(true) : equal(index, int(variables.indexOf(id)));
};

/** The value of a latch when it is armed; `after`: its conditions after the step. */
function armedBy(latch: LatchRule, after: readonly Expr[]): Expr {
  const [first, second] = after;
  return latch.is === 'latch'
    ? first!
    : ifElse(first!, turn('queued'), ifElse(second!, turn('running'), turn('nothing')));
}

/** The value of an armed latch after a step that changes what its condition reads. */
function keptBy(latch: LatchRule, self: Expr, after: readonly Expr[]): Expr {
  const [first, second] = after;
  if (latch.is === 'latch') return isTrue(first!) ? self : isFalse(first!) ? truth(false) : and(self, first!);
  const running = ifElse(second!, turn('running'), turn('nothing'));
  const queued = ifElse(first!, turn('queued'), running);
  const is = (word: 'queued' | 'running') => equal(self, turn(word));
  return ifElse(is('queued'), queued, ifElse(is('running'), running, turn('nothing')));
}

/** The condition after the step, in terms of the state before it. */
function afterStep(cond: Expr, { thread, to, assignments }: StepEffects): Expr {
  const one = (id: VariableId, type: Expr & { readonly op: 'read' }): Expr =>
    assignments.reduce<Expr>(
      (before, { target, value }) => ifElse(means(target, id), value, before),
      read({ variables: [id] }, type.type),
    );
  const after = (whole: Expr): Expr =>
    substitute(whole, (x) => {
      if (x.op === 'at') return x.thread === thread ? truth(x.locations.includes(to)) : x;
      if (x.op !== 'read') return undefined;
      const { variables } = x.cell;
      const index = x.cell.index && after(x.cell.index);
      if (!assignments.some(({ target }) => target.variables.some((id) => variables.includes(id)))) {
        return index === x.cell.index ? x : read(indexed(x.cell, index!), x.type);
      }
      if (index === undefined) return one(variables[0]!, x);
      return variables
        .map((id, i) => [equal(index, int(i)), one(id, x)] as const)
        .reduceRight<Expr>((rest, [isIt, value]) => ifElse(isIt, value, rest), one(variables[0]!, x));
    });
  return after(cond);
}

/** Simplified by comparisons that the domains of variables decide. */
const decided = (cond: Expr, variables: readonly Variable[]): Expr =>
  rewrite(cond, (x) => {
    if ((x.op !== 'lt' && x.op !== 'le' && x.op !== 'eq') || typeOf(x.x) === 'bool') return x;
    const [a, b] = [rangeOf(x.x, boundsIn(variables)), rangeOf(x.y, boundsIn(variables))];
    if (x.op === 'eq') return a.max < b.min || b.max < a.min ? truth(false) : x;
    if (x.op === 'lt' ? a.max < b.min : a.max <= b.min) return truth(true);
    return (x.op === 'lt' ? a.min >= b.max : a.min > b.max) ? truth(false) : x;
  });
