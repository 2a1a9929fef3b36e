// Expressions: from the model's trees to the Program's. Settings, bound names and constant arguments are folded,
// quantifiers written out, words of enums become indices.

import {
  type Binder,
  type ExprNode,
  ModelError,
  type Place,
  type Quantifier,
} from '../../models/language/index.js';
import {
  allOf,
  and,
  anyOf,
  arithmetic,
  constant,
  equal,
  ifElse,
  int,
  isFalse,
  isTrue,
  joined,
  less,
  nestingMax,
  not,
  or,
  read,
  typeOf,
  typeOfDomain,
} from '../ir/expression.js';
import type { Cell, Expr, ThreadId, Type } from '../ir/program.js';
import { isLong, type OperatorChain } from './chains.js';
import { convert, lowerConstant, requireExact } from './constants.js';
import { areInterruptsOffAt, lowerContext } from './contexts.js';
import { constantOfEach, eachSlot } from './each.js';
import { follow, type PathStep, type SlotCell } from './follow.js';
import { everyCopy, memberMeant, openRange, threadMeant, withMember } from './members.js';
import { newIndex, overAll, settle } from './open_sizes.js';
import { isArmed, isHandling, ownsAny, requireThread } from './own.js';
import { addressOf, poolIn, slotMeant } from './pointers.js';
import { bind, localKey, requireConstant, type Scope } from './scope.js';
import { settingOf, typeOfSetting } from './settings.js';
import type { Slot } from './state_variables.js';
import { actorWord, actorWords, numberOfActor } from './whom.js';

/** Lowers a node. `hint` is the type that a bare word takes: that of the other operand or of the target. */
export function lowerExpr(node: ExprNode, scope: Scope, hint?: Type): Expr {
  const { nesting } = scope.world;
  if (nesting.depth >= nestingMax) {
    throw new ModelError(`more than ${nestingMax} nested expressions: split them`, scope.at);
  }
  nesting.depth++;
  const x = lowerNode(node, scope, hint);
  nesting.depth--;
  return scope.world.open === undefined ? x : settle(x, scope);
}

function lowerNode(node: ExprNode, scope: Scope, hint: Type | undefined): Expr {
  switch (node.op) {
    case 'const':
      return lowerConstant(node.value, scope, hint);
    case 'setting':
      scope.world.settingsRead.value(node.name, scope.world.settings);
      return lowerSetting(node.name, scope);
    case 'bound':
      return bound(node.id, scope);
    case 'read':
      return lowerRead(node.place, scope);
    case 'slot':
    case 'address':
      return lowerPointer(node, scope);
    case 'free':
    case 'owned':
    case 'owned by':
      return lowerOwnership(node, scope);
    case 'owns any':
      return ownsAny(node.kind, scope);
    case 'self':
    case 'actor':
    case 'whose':
      return lowerActor(node, scope);
    case 'context':
    case 'level':
    case 'at':
    case 'dead':
    case 'done':
    case 'finished':
    case 'handling':
    case 'armed':
      return lowerStanding(node, scope);
    case 'not':
      return not(lowerExpr(node.x, scope));
    case 'ordered':
    case 'called':
      return lowerMarked(node, scope);
    case 'and':
    case 'or':
      return isLong(node) ? lowerChain(node, scope) : lowerPair(node, scope);
    case 'eq':
      return lowerEqual(node.x, node.y, scope);
    case 'lt':
    case 'le':
      return less(node.op, lowerExpr(node.x, scope), lowerExpr(node.y, scope));
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return requireExact(arithmetic(node.op, lowerExpr(node.x, scope), lowerExpr(node.y, scope)), scope);
    case 'if':
      return lowerConditional(node, scope, hint);
    case 'any':
    case 'all':
    case 'count':
      return lowerQuantifier(node, scope);
  }
}

/** The slot that a pointer means, or the pointer to a slot. */
function lowerPointer(node: Extract<ExprNode, { op: 'slot' | 'address' }>, scope: Scope): Expr {
  if (node.op === 'address') return addressOf(lowerExpr(node.x, scope), node.pool, scope);
  const { values } = poolIn(node.pool, scope);
  return slotMeant(convert(lowerExpr(node.x, scope, values), values, scope), node.pool, scope);
}

/** The same value, under a name, or loaded in an order. */
function lowerMarked(node: Extract<ExprNode, { op: 'ordered' | 'called' }>, scope: Scope): Expr {
  const x = lowerExpr(node.x, scope);
  if (node.op === 'ordered') return x.op === 'read' ? { ...x, order: node.order } : x;
  return x.op === 'const' ? x : { ...x, name: node.name };
}

/** Only the side that is taken, where the condition is constant. */
function lowerConditional(node: Extract<ExprNode, { op: 'if' }>, scope: Scope, hint: Type | undefined): Expr {
  const x = lowerExpr(node.x, scope);
  if (x.op === 'const') return lowerExpr(x.value === 0 ? node.else : node.then, scope, hint);
  const then = lowerExpr(node.then, scope, hint);
  return ifElse(x, then, lowerExpr(node.else, scope, hint ?? typeOf(then)));
}

type StandingNode = Extract<
  ExprNode,
  { op: 'context' | 'level' | 'at' | 'dead' | 'done' | 'finished' | 'handling' | 'armed' }
>;

/** Conditions on locations of actors, on contexts, and on latches. */
function lowerStanding(node: StandingNode, scope: Scope): Expr {
  const { world, at } = scope;
  if ('whom' in node) return areInterruptsOffAt(lowerWhom(node.whom, scope), scope);
  if (node.op === 'context' || node.op === 'level') return lowerContext(node, scope);
  if (node.op === 'finished') return world.isFinished(at);
  if (node.op === 'armed') return isArmed(node.place, scope);
  if (node.op === 'handling') return isHandling(requireThread(scope), scope);
  const { thread, ...member } = memberMeant(node.actor, lowerExpr(node.copy, scope), scope);
  if (node.op === 'at') return withMember(world.standsAt(thread, node.label, at), member);
  return withMember(node.op === 'dead' ? world.isDead(thread) : world.isDone(thread), member);
}

/** The right side is not lowered where the left decides. */
function lowerPair({ op, x, y }: OperatorChain, scope: Scope): Expr {
  const left = lowerExpr(x, scope);
  if (op === 'and') return isFalse(left) ? left : and(left, lowerExpr(y, scope));
  return isTrue(left) ? left : or(left, lowerExpr(y, scope));
}

/** Built pairwise, as a balanced tree, with the operands in order. */
function lowerChain(chain: OperatorChain, scope: Scope): Expr {
  const decides = chain.op === 'and' ? isFalse : isTrue;
  const lowered: Expr[] = [];
  const open: ExprNode[] = [chain];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.op === chain.op) {
      open.push((node as OperatorChain).y, (node as OperatorChain).x);
      continue;
    }
    const x = lowerExpr(node, scope);
    lowered.push(x);
    if (decides(x)) break;
  }
  return chain.op === 'and' ? allOf(lowered) : anyOf(lowered);
}

function lowerSetting(name: string, scope: Scope): Expr {
  const { model, settings, state, open } = scope.world;
  const least = open?.least.get(name);
  if (least !== undefined) return read({ variables: [state.sizeVariable(name, least)] }, 'int');
  const domain = Object.hasOwn(model.settings, name) ? model.settings[name] : undefined;
  const value = settingOf(settings, name);
  if (domain === undefined || value === undefined) {
    throw new ModelError(`the model '${model.name}' has no setting '${name}'`, scope.at);
  }
  const type = typeOfSetting(domain);
  return typeof value === 'string' ? lowerConstant(value, scope, type) : constant(Number(value), type);
}

function bound(id: symbol, scope: Scope): Expr {
  const value = scope.bound.get(id);
  if (value === undefined) {
    throw new ModelError('the variable of a For, Choose or quantifier is used outside of it', scope.at);
  }
  return value;
}

function lowerRead(place: Place, scope: Scope): Expr {
  const local = place.procedure === undefined ? undefined : scope.locals.get(localKey(place));
  if (local !== undefined && 'op' in local) return local;
  if (place.each !== undefined) {
    const { family, whom } = place.each;
    const number = numberOfActor(lowerWhom(whom, scope), scope);
    const value = number.op === 'const' ? constantOfEach(family, number.value, scope) : undefined;
    if (value !== undefined) return value;
  }
  const cell = lowerCell(place, scope);
  return read(cell, cellType(cell, scope));
}

export const cellType = (cell: Cell, scope: Scope): Type =>
  typeOfDomain(scope.world.state.variables[cell.variables[0]!]!.domain);

/** The variable of a place, or several of which an index selects one. */
export function lowerCell(place: Place, scope: Scope): Cell {
  const cell = lowerSlots(place, scope);
  const variables = cell.slots.map((slot) => {
    if (slot.kind === 'scalar') return slot.id;
    if (slot.kind === 'holders') return slot.byThread[requireThread(scope)]!;
    throw new ModelError(`'${place.name}' is read or written as a whole; name one of its parts`, scope.at);
  });
  return cellOf(variables, cell, shareOf(cell, scope.thread, scope));
}

/** `share`: the thread whose share of a set of holders it is. */
const cellOf = (variables: Cell['variables'], { index, text }: SlotCell, share: string): Cell =>
  index === undefined ? { variables } : { variables, index, text: [...text, share] };

const shareOf = ({ slots }: SlotCell, thread: ThreadId | undefined, { world }: Scope): string =>
  slots[0]!.kind === 'holders' ? `[${world.threadNames[thread!]}]` : '';

/** An actor as a value, or its number. */
function lowerActor(node: Extract<ExprNode, { op: 'self' | 'actor' | 'whose' }>, scope: Scope): Expr {
  if (node.op === 'whose') return numberOfActor(lowerWhom(node.x, scope), scope);
  if (node.op === 'self') return actorWord(requireThread(scope, 'self'), scope);
  const { thread, ...member } = memberMeant(node.actor, lowerExpr(node.copy, scope), scope);
  return { ...actorWord(thread, scope), ...member };
}

/** An actor, or nobody. */
const lowerWhom = (node: ExprNode, scope: Scope): Expr =>
  convert(lowerExpr(node, scope, actorWords(scope)), actorWords(scope), scope);

export function lowerSlots(place: Place, scope: Scope): SlotCell {
  const shown = new Map<PathStep, Expr>();
  const path = place.path.map((step) => pathStep(step, shown, scope));
  const name = place.pool === undefined ? place.name : poolIn(place.pool, scope).name;
  const found =
    place.each === undefined
      ? follow(slotOf(place, scope), path, name, scope.at)
      : followEach(place.each, path, shown, name, scope);
  const cell = { ...found, text: found.text.map((part) => shown.get(part) ?? part) };
  const [first] = place.path;
  if (typeof first !== 'object' || first.op !== 'slot') return cell;
  // `p->key` instead of the name of the slot.
  const [, , , , key = '', ...rest] = cell.text;
  return { ...cell, text: [lowerExpr(first.x, scope), String(key).replace('.', '->'), ...rest] };
}

/** `shown`: what people read instead of a step. */
function pathStep(step: string | ExprNode, shown: Map<PathStep, Expr>, scope: Scope): PathStep {
  if (typeof step === 'string') return step;
  const number = lowerExpr(step.op === 'called' ? step.x : step, scope);
  if (step.op === 'called') shown.set(number, { ...number, name: step.name });
  if (step.op === 'whose') shown.set(number, lowerWhom(step.x, scope));
  return number;
}

/** The variable of an actor, or of its CPU. */
function followEach(
  { family, whom: node }: NonNullable<Place['each']>,
  path: readonly PathStep[],
  shown: Map<PathStep, Expr>,
  name: string,
  scope: Scope,
): SlotCell {
  const whom = lowerWhom(node, scope);
  const number = numberOfActor(whom, scope);
  shown.set(number, whom);
  if (number.op === 'const') return follow(eachSlot(family, number.value, scope), path, name, scope.at);
  if (family.by === 'cpu') {
    throw new ModelError(`'${family.name}' is there for each CPU: say of which actor, by its name`, scope.at);
  }
  const elements = scope.world.threadNames.map((_, thread) => eachSlot(family, thread, scope));
  return follow({ kind: 'array', elements }, [number, ...path], name, scope.at);
}

function slotOf(place: Place, scope: Scope): Slot {
  if (place.pool !== undefined) return scope.world.shared.get(poolIn(place.pool, scope).name)!;
  if (place.procedure === undefined) {
    const slot = scope.world.shared.get(place.name);
    if (slot !== undefined) return slot;
    throw new ModelError(
      `'${place.name}' is not in the state of the model '${scope.world.model.name}'`,
      scope.at,
    );
  }
  const local = scope.locals.get(localKey(place)) ?? scope.left(localKey(place), scope.at);
  if (local === undefined || 'op' in local) {
    throw new ModelError(
      `'${place.name}' is a local of ${place.procedure}, which neither runs here nor was called before`,
      scope.at,
    );
  }
  return local;
}

function lowerOwnership(
  node: Extract<ExprNode, { place: Place; op: 'free' | 'owned' | 'owned by' }>,
  scope: Scope,
) {
  const cell = lowerSlots(node.place, scope);
  const { slots } = cell;
  const word = (thread: ThreadId | undefined, member: Pick<Expr, 'member'> = {}): Expr => {
    const variables = slots.map((slot) => {
      if (slot.kind === 'scalar') return slot.id;
      if (slot.kind === 'holders' && thread !== undefined) return slot.byThread[thread]!;
      throw new ModelError(`'${node.place.name}' is not a lock`, scope.at);
    });
    const lock = cellOf(variables, cell, shareOf(cell, thread, scope));
    const type = cellType(lock, scope);
    if (thread !== undefined && type === 'bool') return { ...read(lock, 'bool'), ...member };
    const owner = { ...constant(thread === undefined ? 0 : thread + 1, type), ...member };
    return equal(read(lock, type), owner);
  };
  if (node.op === 'owned') return word(requireThread(scope));
  if (node.op === 'owned by') {
    const whom = lowerWhom(node.whom, scope);
    if (whom.member !== undefined && whom.op === 'const')
      return word(whom.value - 1, { member: whom.member });
    const all = scope.world.threadNames.map((_, thread) =>
      and(equal(whom, actorWord(thread, scope)), word(thread)),
    );
    return anyOf(all);
  }
  if (slots[0]!.kind !== 'holders') return word(undefined);
  const isOut = (thread: ThreadId) => everyCopy(thread, (copy) => not(word(thread, copy)), scope);
  return allOf(scope.world.threadNames.map((_, thread) => isOut(thread)));
}

/** One thread: refused if how many there are of its actor is left open. */
export const threadOf = (actor: string, copy: ExprNode, scope: Scope): ThreadId =>
  threadMeant(actor, lowerExpr(copy, scope), scope);

/** Words of two enums are compared by their spelling. */
function lowerEqual(xNode: ExprNode, yNode: ExprNode, scope: Scope): Expr {
  const { settingsRead, settings } = scope.world;
  const isAsked = settingsRead.whether(xNode, yNode, settings);
  const side = (node: ExprNode, hint?: Type) =>
    isAsked && node.op === 'setting' ? lowerSetting(node.name, scope) : lowerExpr(node, scope, hint);
  const isBareWord = xNode.op === 'const' && typeof xNode.value === 'string';
  const bare = isBareWord ? side(yNode) : undefined;
  const x = side(xNode, bare && typeOf(bare));
  const y = bare ?? side(yNode, typeOf(x));
  // A constant is converted once; a variable would be converted word by word.
  const [left, right] = x.op === 'const' ? [y, x] : [x, y];
  return equal(left, convert(right, typeOf(left), scope));
}

/** A scope for each item in the range of a quantifier. */
export function scopesOf(quantifier: Quantifier | 'forAll', binder: Binder, scope: Scope): readonly Scope[] {
  const open = openRange(binder, (length) => lowerExpr(length, scope), scope);
  if (open !== undefined) {
    if (quantifier === 'forAll')
      return [bind(scope, binder.id, newIndex({ setting: open, role: 'every' }, scope))];
    throw new ModelError(`a formula about runs cannot range over ${open}, which is left open`, scope.at);
  }
  if ('everyone' in binder) {
    return scope.world.threadNames.map((_, thread) => bind(scope, binder.id, actorWord(thread, scope)));
  }
  const length =
    'actor' in binder
      ? (scope.world.families.get(binder.actor)?.threads.length ?? 0)
      : requireConstant(lowerExpr(binder.length, scope), `the range of ${quantifier}()`, scope.at);
  return Array.from({ length }, (_, i) => bind(scope, binder.id, int(i)));
}

function lowerQuantifier(node: Extract<ExprNode, { op: 'any' | 'all' | 'count' }>, scope: Scope): Expr {
  const open = openRange(node, (length) => lowerExpr(length, scope), scope);
  if (open !== undefined) {
    const index = newIndex({ setting: open, role: 'quantified' }, scope);
    return overAll(node.op, index, lowerExpr(node.x, bind(scope, node.id, index)));
  }
  const each = scopesOf(node.op, node, scope).map((one) => lowerExpr(node.x, one));
  if (node.op === 'any') return anyOf(each);
  if (node.op === 'all') return allOf(each);
  const ones = each.map((x) => ifElse(x, int(1), int(0)));
  const add = (x: Expr, y: Expr) => arithmetic('add', x, y);
  return joined([int(0), ...ones], add);
}
