// Calls: what becomes of arguments. A constant argument adds no state, unless the callee assigns to its local; then,
// and for any other argument, the local is a variable of the thread, which the step of the call stores. A procedure has
// one copy of its locals in each thread, for all its calls: they never overlap. Calls of an inline may overlap: one
// inside a block that the inline was given has its own copy there.
//
//   irq_guard(a, { inner: irq_guard(b, { … }) })        irq_guard.flags, and inside irq_guard[1].flags

import {
  type BlockNode,
  type ExprNode,
  type Domain as ModelDomain,
  ModelError,
  domainText as modelDomainText,
  type Place,
  type ProcedureNode,
  type SourceLocation,
} from '../../models/language/index.js';
import { constant, typeOfDomain } from '../ir/expression.js';
import type { Assignment, Expr, Location, ThreadId, VariableId } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { convert } from './constants.js';
import type { Flow, Text } from './draft.js';
import { refuseAssignment, store } from './effects.js';
import { lowerExpr } from './expressions.js';
import { refuseUnsaid } from './first_values.js';
import { foldIn } from './fold.js';
import { LabelNames } from './label_names.js';
import { assigns } from './labels.js';
import { didYouMean } from './nearest.js';
import { isRigid } from './open_sizes.js';
import { localKey, requireConstant, rootScope, type Scope, type World } from './scope.js';
import { initialValues, isScalar, leaves, type Slot } from './state_variables.js';

export interface Call {
  readonly callee: ProcedureNode;
  readonly args: { readonly [local: string]: ExprNode };
  /** A call stores its arguments; an actor starts with them. */
  readonly by: 'call' | 'actor';
  /** The local of the caller in which the callee's `ret` lies. */
  readonly into?: Place;
}

/** What a call passes to the callee. */
export interface CalleeEntry {
  readonly body: BlockNode;
  readonly labels: LabelNames;
  readonly locals: Scope['locals'];
  /** The variables that the call resets. */
  readonly fresh: readonly VariableId[];
  /** The arguments that a step must store. */
  readonly stored: readonly Assignment[];
  /** Locals that it leaves as they were: constant ones, and the result where it lies in a local of the caller. */
  readonly unstored: readonly string[];
  /** The call, for people: `zap_huge_pmd(orig_pmd = pmd)`. */
  readonly caption: Text;
}

/** A local that is read after a call, and where its actor stands. */
interface LocalRead {
  readonly key: string;
  readonly at: SourceLocation | undefined;
  readonly from: Location;
}

/** What a call does with the locals of its callee. */
export interface MadeCall {
  readonly locals: readonly string[];
  readonly unstored: readonly string[];
}

/** The procedures of one thread: their bodies, and where their locals lie. */
export class Callees {
  /** By `procedure.local`; those of an inline nested in itself by `procedure[1].local`. */
  readonly #slots = new Map<string, Slot>();
  /** Locals that are read after a call. */
  readonly readAfter: LocalRead[] = [];
  readonly #world: World;
  readonly #thread: ThreadId;
  readonly #bodies = new Map<ProcedureNode, Pick<CalleeEntry, 'body' | 'labels'>>();

  constructor(world: World, thread: ThreadId) {
    this.#world = world;
    this.#thread = thread;
  }

  /** `scope` is the caller's; its `at` is where the model makes the call. */
  enter(call: Call, scope: Scope): CalleeEntry {
    const { callee, args } = call;
    for (const name of Object.keys(args)) {
      if (Object.hasOwn(callee.locals, name)) continue;
      const hint = didYouMean(name, Object.keys(callee.locals));
      throw new ModelError(`${callee.name} has no local '${name}'${hint}`, scope.at);
    }
    const { body, labels } = this.#body(callee);
    const locals = new Map(scope.locals);
    const fresh: VariableId[] = [];
    const stored: Assignment[] = [];
    const texts: Text[] = [];
    const unstored: string[] = [];
    for (const [name, domain] of Object.entries(callee.locals)) {
      if (name === 'ret' && call.into !== undefined) {
        const slot = this.#result(call.into, callee, domain, scope);
        locals.set(`${callee.name}.ret`, slot);
        unstored.push(`${callee.name}.ret`);
        fresh.push(...leaves(slot));
        continue;
      }
      const value = this.#argument(call, name, domain, scope);
      const isFixed = isScalar(domain.node) && !assigns(body, callee.name, name);
      if (isFixed && (value === undefined || value.op === 'const' || isRigid(value, scope))) {
        locals.set(`${callee.name}.${name}`, value ?? this.#firstValue(callee, name, domain));
        unstored.push(`${callee.name}.${name}`);
        continue;
      }
      const key = unusedKey(callee, name, scope.locals);
      const slot = this.#slot(callee, name, key, domain, call.by === 'actor' ? value : undefined);
      locals.set(`${callee.name}.${name}`, slot);
      locals.set(key, slot);
      if (value === undefined || call.by === 'actor') {
        fresh.push(...leaves(slot));
      } else {
        stored.push(store(slot, value, scope, scope.at));
        texts.push((names) => `${name} = ${exprText(value, names)}`);
      }
    }
    const caption: Text = (names) => `${callee.name}(${texts.map((text) => text(names)).join(', ')})`;
    return { body, labels, locals, fresh, stored, unstored, caption };
  }

  /**
   * The variable of a local that is read after a call, by an actor that stands at a location; undefined if no call has
   * stored it so far.
   */
  left(key: string, at: SourceLocation | undefined, from: Location): Slot | undefined {
    const slot = this.#slots.get(key);
    if (slot !== undefined) this.readAfter.push({ key, at, from });
    return slot;
  }

  #body(procedure: ProcedureNode) {
    const known = this.#bodies.get(procedure);
    if (known !== undefined) return known;
    const body = procedure.body();
    const made = { body, labels: new LabelNames(procedure, body) };
    this.#bodies.set(procedure, made);
    return made;
  }

  /** The caller's local that the result lies in: one with the same domain and the same first value. */
  #result(into: Place, callee: ProcedureNode, domain: ModelDomain<unknown>, scope: Scope): Slot {
    const slot = into.procedure === undefined ? undefined : scope.locals.get(localKey(into));
    if (slot === undefined || 'op' in slot || slot.kind !== 'scalar' || into.path.length > 0) {
      throw new ModelError(`the result of ${callee.name} must be stored in a local of the caller`, scope.at);
    }
    const { domain: own, initial, name } = this.#world.state.variables[slot.id]!;
    const fold = this.#fold(callee);
    const ret = fold.domainOf(domain.node);
    const first = fold.numberOf(ret, initialValues(domain.initial, [])[0]!, 'ret');
    if (JSON.stringify(own) === JSON.stringify(ret) && initial[0] === first) return slot;
    const whole = `${callee.name}.ret, ${modelDomainText(domain.node)}`;
    throw new ModelError(`${name} has another domain, or starts at another value, than ${whole}`, scope.at);
  }

  /** The argument for a local: a value of its domain, or an expression of its type. */
  #argument({ callee, args, by }: Call, name: string, domain: ModelDomain<unknown>, scope: Scope) {
    const node = Object.hasOwn(args, name) ? args[name] : undefined;
    if (node === undefined) return undefined;
    if (!isScalar(domain.node)) {
      throw new ModelError(`${callee.name}'s ${name} is not a scalar: it cannot be an argument`, scope.at);
    }
    const own = this.#fold(callee).domainOf(domain.node);
    const type = typeOfDomain(own);
    const value = convert(lowerExpr(node, scope, type), type, scope);
    refuseAssignment(own, value, `${callee.name}'s ${name}`, scope.at);
    if (by === 'actor' && !isRigid(value, scope)) {
      requireConstant(value, `the argument '${name}' of an actor`, scope.at);
    }
    return value;
  }

  #firstValue(procedure: ProcedureNode, name: string, domain: ModelDomain<unknown>): Expr {
    const fold = this.#fold(procedure);
    const [value, ...others] = initialValues(domain.initial, []);
    if (others.length > 0) refuseSeveral(procedure, name);
    const own = fold.domainOf(domain.node);
    refuseUnsaid(own, domain.initial, `${procedure.name}.${name}`);
    return constant(fold.numberOf(own, value!, `${procedure.name}'s ${name}`), typeOfDomain(own));
  }

  #slot(
    procedure: ProcedureNode,
    name: string,
    key: string,
    domain: ModelDomain<unknown>,
    initial: Expr | undefined,
  ): Slot {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const options = {
      fold: this.#fold(procedure),
      thread: this.#thread,
      at: procedure.at,
      ...(initial?.op === 'const' && { initial: initial.value }),
    };
    const actor = this.#world.threadNames[this.#thread];
    const place = [procedure.name, name];
    const slot = this.#world.state.allocate(`${actor}:${key}`, domain, options, place);
    for (const id of leaves(slot)) {
      const { lock, initial: first } = this.#world.state.variables[id]!;
      if (first.length > 1) refuseSeveral(procedure, name);
      if (lock === undefined) continue;
      throw new ModelError(`local ${key} cannot be a lock: locks must be shared state`, procedure.at);
    }
    this.#slots.set(key, slot);
    return slot;
  }

  #fold(procedure: ProcedureNode) {
    return foldIn({ ...rootScope(this.#world), at: procedure.at });
  }
}

/** `p.x`; inside nested calls of an inline `p[1].x`, `p[2].x`, …: the outer call still needs its own. */
function unusedKey({ name: procedure }: ProcedureNode, name: string, around: Scope['locals']): string {
  let key = `${procedure}.${name}`;
  for (let copy = 1; around.has(key); copy++) key = `${procedure}[${copy}].${name}`;
  return key;
}

/** After lowering: refuses a read after a call that may return a value from before the call. */
export function refuseStale(
  reads: readonly LocalRead[],
  flow: Flow,
  calls: ReadonlyMap<Location, MadeCall>,
): void {
  for (const { key, at, from } of reads) if (mayBeStale(key, from, flow, calls)) refuseStaleLocal(key, at);
}

/** Does a way lead back from the location to a call that left the local as it was, past none that has stored it? */
function mayBeStale(
  key: string,
  from: Location,
  flow: Flow,
  calls: ReadonlyMap<Location, MadeCall>,
): boolean {
  const into = flow.waysInto();
  const seen = new Set<Location>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const call = calls.get(at);
    if (call?.unstored.includes(key)) return true;
    if (!call?.locals.includes(key)) open.push(...(into.get(at) ?? []));
  }
  return false;
}

function refuseStaleLocal(key: string, at: SourceLocation | undefined): never {
  const problem = `${key} is read after a call, but a call before it does not store it, as it passes a constant or assigns`;
  throw new ModelError(`${problem} the result: read what was passed or assigned`, at);
}

function refuseSeveral({ name: procedure, at }: ProcedureNode, name: string): never {
  throw new ModelError(
    `${procedure}.${name} has several first values; a local has one: use Choose() for more`,
    at,
  );
}
