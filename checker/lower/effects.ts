// Effects: the parts of one step as a guard, expectations and simultaneous assignments. The order in which the model
// writes effects is C's order; a step whose meaning would depend on it is refused.

import {
  type Effect,
  type ExprNode,
  type GivenParts,
  ModelError,
  type Part,
  type SomeEffect,
  type SourceLocation,
  type StepExpectation,
} from '../../models/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import {
  and,
  boundsOf,
  constant,
  ifElse,
  int,
  isFalse,
  isTrue,
  not,
  or,
  read,
  truth,
  typeOf,
  typeOfDomain,
  valueText,
  walk,
} from '../ir/expression.js';
import type { Assignment, Cell, Domain, Expr, LockChange } from '../ir/program.js';
import { domainText, exprText } from '../ir/text.js';
import { convert } from './constants.js';
import type { Draft, DraftExpectation, DraftLock } from './draft.js';
import { cellType, lowerCell, lowerExpr, scopesOf } from './expressions.js';
import { armings } from './latches.js';
import { nestedIn, nesting } from './nested_shares.js';
import { requireThread } from './own.js';
import { admitted, queueFor } from './queues.js';
import { provisionalNames, requireConstant, type Scope } from './scope.js';
import type { Slot } from './state_variables.js';

export type StepParts = Pick<
  Draft,
  'guard' | 'expectations' | 'assignments' | 'locks' | 'rests' | 'queue' | 'memory'
>;

/** `earlier`: what the same step has written before these parts. */
export function lowerParts(
  given: readonly Part[],
  scope: Scope,
  earlier: readonly Assignment[] = [],
): StepParts {
  const all = resolveGiven(given, scope);
  const guards = all.flatMap((part) => ('guard' in part ? [lowerExpr(part.guard, scope)] : []));
  // The effects of a step that is never taken need no meaning; its demands are checked all the same.
  const parts = guards.some(isFalse)
    ? all.filter((part) => 'guard' in part || 'rests' in part || isDemand(part))
    : all;
  if (parts.filter((part) => 'memory' in part).length > 1) {
    throw new ModelError('a step is one thing to a memory model, not two', scope.at);
  }
  const lowering = new PartsLowering(scope, earlier);
  for (const part of parts) lowering.part(part, truth(true));
  return lowering.result();
}

/** The parts of one step, in the order of the model. */
class PartsLowering {
  readonly #scope: Scope;
  readonly #earlier: readonly Assignment[];
  readonly #assignments: Assignment[];
  readonly #expectations: DraftExpectation[] = [];
  readonly #locks: DraftLock[] = [];
  #guard = truth(true);
  #queue: Cell | undefined;
  #rests = false;
  #memory: Draft['memory'];

  constructor(scope: Scope, earlier: readonly Assignment[]) {
    this.#scope = scope;
    this.#earlier = earlier;
    this.#assignments = [...earlier];
  }

  /** `when`: the condition under which the step has the part. */
  part(part: Exclude<Part, GivenParts>, when: Expr): void {
    if ('guard' in part) {
      this.#guard = and(this.#guard, this.#condition(part.guard));
    } else if ('expect' in part) {
      this.#expectations.push(expectationOf(part, or(not(when), this.#condition(part.expect))));
    } else if ('rests' in part) {
      this.#rests = true;
    } else if ('memory' in part) {
      this.#memory = part.memory;
    } else if ('stores' in part) {
      this.#effects(part.stores, this.#scope, truth(true), []);
    } else if ('onlyIf' in part) {
      const both = and(when, this.#condition(part.onlyIf));
      if (isFalse(both)) return;
      for (const each of resolveGiven(part.parts, this.#scope)) this.part(each, both);
    } else {
      this.#effects(part, this.#scope, when, this.#assignments);
    }
  }

  result(): StepParts {
    const queue = this.#queue;
    return {
      guard: this.#guard,
      expectations: this.#expectations,
      assignments: this.#assignments.slice(this.#earlier.length),
      locks: this.#locks,
      rests: this.#rests,
      ...(queue !== undefined && { queue }),
      ...(this.#memory !== undefined && { memory: this.#memory }),
    };
  }

  #condition(node: ExprNode): Expr {
    const condition = lowerExpr(node, this.#scope);
    refuseReading(condition, this.#assignments, this.#scope);
    return condition;
  }

  /** `before`: the assignments that must not have written what these effects read. */
  #effects(part: SomeEffect, scope: Scope, when: Expr, before: readonly Assignment[]): void {
    if ('atOnce' in part) {
      const earlier = [...before];
      for (const each of part.atOnce) this.#effects(each, scope, when, earlier);
    } else if ('forAll' in part) {
      const { length, id } = part;
      const binder = length === 'everyone' ? ({ everyone: true, id } as const) : { length, id };
      for (const each of scopesOf('forAll', binder, scope)) this.#effects(part.forAll, each, when, before);
    } else {
      this.#effect(part, scope, when, before);
    }
  }

  #effect(part: Effect, scope: Scope, when: Expr, before: readonly Assignment[]): void {
    if (part.effect === 'arm') {
      // Whoever looks at others lets them see its own stores first.
      this.#memory ??= { kind: 'modify', order: 'full', returns: true };
      for (const arming of armings(part.place, scope)) {
        refuseConflict(this.#assignments, before, arming, scope);
        this.#assignments.push(arming);
      }
      return;
    }
    const lowered = lowerEffect(part, scope);
    refuseConflict(this.#assignments, before, lowered, scope);
    const { target } = lowered;
    this.#assignments.push(...(nesting(part.effect, target, scope) ?? [conditional(lowered, when)]));
    if (part.effect === 'set' || part.effect === 'release') return;
    const { lock } = scope.world.state.variables[target.variables[0]!]!;
    if (lock === undefined) {
      this.#guard = and(this.#guard, unowned(target, scope));
      return;
    }
    const { mode } = lock;
    if (part.effect === 'drop') {
      this.#locks.push({ way: 'drop', mode, lock: target });
      return;
    }
    const { subclass } = part;
    const overtakes = part.overtakes === undefined ? truth(false) : lowerExpr(part.overtakes, scope);
    this.#locks.push({
      way: 'take',
      mode,
      lock: target,
      overtakes,
      ...(subclass !== undefined && { subclass }),
    });
    if (mode === 'exclusive') this.#queue ??= queueFor(target, scope);
    this.#guard = and(this.#guard, mayTake(target, mode, overtakes, scope));
  }
}

function expectationOf(
  { message, severity: kind, onArrival, check: name }: StepExpectation,
  condition: Expr,
): DraftExpectation {
  const check = checkNames.find((known) => known === name);
  const isAsked = onArrival === true;
  return { condition, message: () => message, kind, onArrival: isAsked, ...(check && { check }) };
}

/**
 * `x := when ? e : x`. Where it is false nothing is written, so an index may be outside its array: any other one stands
 * for it then.
 */
function conditional(assignment: Assignment, when: Expr): Assignment {
  if (isTrue(when)) return assignment;
  const { target, value, ...rest } = assignment;
  const { index } = target;
  const own = index === undefined ? target : { ...target, index: ifElse(when, index, int(0)) };
  return { ...rest, target: own, value: ifElse(when, value, read(own, typeOf(value))) };
}

const isDemand = (part: Part): boolean => 'expect' in part && part.onArrival === true;

/** The parts that the step has under these settings. */
const resolveGiven = (parts: readonly Part[], scope: Scope): readonly Exclude<Part, GivenParts>[] =>
  parts.flatMap((part) => {
    if (!('given' in part)) return [part];
    const cond = requireConstant(lowerExpr(part.given, scope), 'the condition of given()', scope.at);
    return cond === 0 ? [] : resolveGiven(part.parts, scope);
  });

/** Is the lock free for the running actor to take, in this way? */
function mayTake(lock: Cell, mode: LockChange['mode'], overtakes: Expr, scope: Scope): Expr {
  const isFree = nestedIn(lock, scope) === undefined ? unowned(lock, scope) : truth(true);
  if (mode === 'exclusive') return isFree;
  return and(isFree, or(overtakes, admitted(lock, scope)));
}

/** The lock has no owner; for a share of a set of holders: the running actor is not in the set yet. */
function unowned(lock: Cell, scope: Scope): Expr {
  const type = cellType(lock, scope);
  const value = read(lock, type);
  return type === 'bool' ? not(value) : { op: 'eq', x: value, y: constant(0, type) };
}

function lowerEffect(effect: Exclude<Effect, { effect: 'arm' }>, scope: Scope): Assignment {
  const target = lowerCell(effect.place, scope);
  const type = cellType(target, scope);
  if (effect.effect === 'set') {
    const value = convert(lowerExpr(effect.to, scope, type), type, scope);
    const { domain, name } = scope.world.state.variables[target.variables[0]!]!;
    refuseAssignment(domain, value, name, scope.at);
    return { target, value, ...(effect.order !== undefined && { order: effect.order }) };
  }
  refuseUnlock(effect, target, scope);
  if (effect.effect !== 'take') return { target, value: constant(0, type) };
  return { target, value: constant(type === 'bool' ? 1 : requireThread(scope) + 1, type) };
}

/** Refuses what is no lock, and a way to give up a lock that it has not. */
function refuseUnlock({ effect, place }: Effect, { variables }: Cell, { world, at }: Scope): void {
  const { lock, domain } = world.state.variables[variables[0]!]!;
  if (lock === undefined && domain.kind !== 'owner')
    throw new ModelError(`'${place.name}' is not a lock`, at);
  if (lock === undefined && effect === 'drop') {
    throw new ModelError(`anybody may release '${place.name}': say .release()`, at);
  }
  if (lock !== undefined && effect === 'release') {
    throw new ModelError(`only its holder gives up '${place.name}': say .drop()`, at);
  }
}

/** Refuses a constant outside the domain of its target. */
export function refuseAssignment(
  domain: Domain,
  value: Expr,
  name: string,
  at: SourceLocation | undefined,
): void {
  if (value.op !== 'const') return;
  const { min, max } = boundsOf(domain);
  if (value.value >= min && value.value <= max) return;
  throw new ModelError(
    `${name} cannot be ${valueText(value.value, value.type)}: not in ${domainText(domain)}`,
    at,
  );
}

/**
 * Simultaneous assignments mean the same as C's order only if no place is written twice or read after it. `before`:
 * earlier parts that the model does not put into one atOnce() with this one.
 */
function refuseConflict(
  written: readonly Assignment[],
  before: readonly Assignment[],
  { target, value }: Assignment,
  scope: Scope,
): void {
  if (written.some((earlier) => overlap(earlier.target, target))) {
    const text = exprText(read(target, 'int'), provisionalNames(scope.world));
    throw new ModelError(`this step writes ${text} twice; make it two steps, or one effect`, scope.at);
  }
  refuseReading(value, before, scope);
  if (target.index !== undefined) refuseReading(target.index, before, scope);
}

/** Refuses to read what the step has written before: guards and effects see the state before the step. */
function refuseReading(root: Expr, before: readonly Assignment[], scope: Scope): void {
  walk(root, (x) => {
    if (x.op !== 'read' || !before.some(({ target }) => overlap(target, x.cell))) return;
    const text = exprText(x, provisionalNames(scope.world));
    throw new ModelError(
      `this step reads ${text} after it has written it; effects of a step happen at once, so read it first, or exchange both in atOnce(…)`,
      scope.at,
    );
  });
}

const overlap = (x: Cell, y: Cell): boolean => x.variables.some((id) => y.variables.includes(id));

/** The assignment that stores an argument in a local. */
export function store(slot: Slot, value: Expr, scope: Scope, at: SourceLocation | undefined): Assignment {
  if (slot.kind !== 'scalar') throw new ModelError('only scalars can be passed as arguments', at);
  const { domain, name } = scope.world.state.variables[slot.id]!;
  const converted = convert(value, typeOfDomain(domain), { ...scope, at });
  refuseAssignment(domain, converted, name, at);
  return { target: { variables: [slot.id] }, value: converted };
}
