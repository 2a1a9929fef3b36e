// Control: from the blocks of one actor to drafts between locations. Constant branches are folded away, loops
// over constants unrolled, calls inlined.

import {
  type BlockNode,
  type DomainNode,
  type ExprNode,
  effectsIn,
  type Domain as ModelDomain,
  ModelError,
  type ProcedureNode,
  type SourceLocation,
  type StmtNode,
} from '../../models/language/index.js';
import { allOf, constant, int, isFalse, isTrue, not, truth, typeOfDomain } from '../ir/expression.js';
import type { Assignment, Domain, Expr, Location, Source, ThreadId, VariableId } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { type Draft, Flow } from './draft.js';
import { lowerParts, refuseAssignment, store } from './effects.js';
import { lowerExpr, scalarType } from './expressions.js';
import { didYouMean } from './nearest.js';
import { bind, requireConstant, type Scope, type World } from './scope.js';
import { type Fold, numberOf, type Slot } from './storage.js';

/** Where a procedure is running: its labels, its way out, and how it was reached. */
interface Frame {
  readonly procedure: ProcedureNode;
  readonly exit: Location;
  /** The procedures around it, outermost first, itself last. */
  readonly chain: readonly ProcedureNode[];
}

/** The labels that a Goto sees: those of the blocks around it, innermost first. */
interface Labels {
  readonly here: ReadonlyMap<string, Location>;
  readonly around: Labels | undefined;
}

interface Context {
  readonly scope: Scope;
  readonly frame: Frame;
  readonly labels: Labels | undefined;
  /** Loop indices and choices, for the path of a location. */
  readonly indices: string;
}

export class ThreadLowering {
  readonly flow = new Flow();
  readonly #world: World;
  readonly #thread: ThreadId;
  readonly #bodies = new Map<ProcedureNode, BlockNode>();
  /** One copy of each local, however often its procedure is called; by `procedure.local`. */
  readonly #locals = new Map<string, Slot>();

  constructor(world: World, thread: ThreadId) {
    this.#world = world;
    this.#thread = thread;
  }

  /** Lowers the whole actor; returns where it starts and where it is done. */
  lower(root: ProcedureNode, args: { readonly [local: string]: ExprNode }, scope: Scope) {
    const start = this.flow.location();
    const done = this.flow.location();
    const outside: Frame = { procedure: root, exit: done, chain: [] };
    const context: Context = {
      scope: { ...scope, left: this.#locals },
      frame: outside,
      labels: undefined,
      indices: '',
    };
    this.#enter(root, args, start, done, context, undefined);
    return { start, done };
  }

  #block(block: BlockNode, entry: Location, exit: Location, context: Context): void {
    if (block.length === 0) {
      this.flow.alias(entry, exit);
      return;
    }
    const entries = block.map((_, i) => (i === 0 ? entry : this.flow.location()));
    const here = new Map(block.map(([label], i) => [label, entries[i]!] as const));
    const inner: Context = { ...context, labels: { here, around: context.labels } };
    block.forEach(([label, stmt], i) => {
      const from = entries[i]!;
      const made = this.flow.end;
      const scope: Scope = { ...context.scope, at: stmt.at };
      if (!this.flow.begins.has(from)) this.flow.begins.set(from, stmt.at);
      this.#statement(label, stmt, from, entries[i + 1] ?? exit, { ...inner, scope });
      if (stmt.kind !== 'goto' && stmt.kind !== 'return') this.#record(label, from, made, context.frame);
    });
  }

  #record(label: string, start: Location, made: Location, { procedure }: Frame): void {
    const name = `${procedure.name}.${label}`;
    const extent = { start, made, end: this.flow.end };
    this.flow.labels.set(name, [...(this.flow.labels.get(name) ?? []), extent]);
  }

  #statement(label: string, stmt: StmtNode, from: Location, next: Location, context: Context): void {
    const { flow } = this;
    const { scope, frame } = context;
    switch (stmt.kind) {
      case 'step': {
        const parts = lowerParts(stmt.parts, scope);
        const caption = this.#caption(stmt.caption, scope);
        const base = this.#draft(label, caption, stmt.at, context, stmt.file);
        flow.drafts.push({ ...base, ...parts, from, to: next });
        return;
      }
      case 'if':
        this.#branch(label, stmt, from, next, context);
        return;
      case 'while':
        this.#loop(label, stmt, from, next, context);
        return;
      case 'for': {
        const length = requireConstant(lowerExpr(stmt.length, scope), 'the length of For()', stmt.at);
        let entry = from;
        for (let i = 0; i < length; i++) {
          const exit = i === length - 1 ? next : flow.location();
          const inner = {
            ...context,
            scope: bind(scope, stmt.id, int(i)),
            indices: `${context.indices}[${i}]`,
          };
          this.#block(stmt.body, entry, exit, inner);
          entry = exit;
        }
        if (length <= 0) flow.alias(from, next);
        return;
      }
      case 'either': {
        const arms = stmt.arms.map(([name, body]) => ({ name, body, context }));
        this.#fork(label, arms, from, next, context);
        return;
      }
      case 'choose': {
        const arms = choices(stmt.from, scope).map((value) => ({
          name: `${label}_${exprText(value, this.#names)}`,
          body: stmt.body,
          context: {
            ...context,
            scope: bind(scope, stmt.id, value),
            indices: `${context.indices}[${exprText(value, this.#names)}]`,
          },
        }));
        this.#fork(label, arms, from, next, context);
        return;
      }
      case 'goto':
        flow.alias(from, findLabel(stmt.label, context, stmt.at));
        return;
      case 'return':
        flow.alias(from, frame.exit);
        return;
      case 'call':
        this.#enter(stmt.procedure, stmt.args, from, next, context, { label, at: stmt.at });
    }
  }

  #branch(
    label: string,
    stmt: Extract<StmtNode, { kind: 'if' }>,
    from: Location,
    next: Location,
    context: Context,
  ): void {
    const arms: { cond: Expr; then: BlockNode }[] = [];
    let otherwise = stmt.else;
    for (const arm of stmt.arms) {
      const cond = lowerExpr(arm.cond, context.scope);
      if (isFalse(cond)) continue;
      if (isTrue(cond)) {
        otherwise = arm.then;
        break;
      }
      arms.push({ cond, then: arm.then });
    }
    if (arms.length === 0) {
      this.#block(otherwise, from, next, context);
      return;
    }
    const blocks = [...arms.map((arm) => arm.then), otherwise];
    const entries = blocks.map((body) => (body.length === 0 ? next : this.flow.location()));
    blocks.forEach((_, i) => {
      const failed = arms.slice(0, i).map((arm) => not(arm.cond));
      const guard = allOf([...failed, ...(i < arms.length ? [arms[i]!.cond] : [])]);
      const caption = `if (${exprText(guard, this.#names)})`;
      const draft = this.#draft(label, caption, stmt.at, context);
      this.flow.drafts.push({ ...draft, guard, from, to: entries[i]! });
    });
    blocks.forEach((body, i) => {
      if (body.length > 0) this.#block(body, entries[i]!, next, context);
    });
  }

  #loop(
    label: string,
    stmt: Extract<StmtNode, { kind: 'while' }>,
    from: Location,
    next: Location,
    context: Context,
  ): void {
    const cond = lowerExpr(stmt.cond, context.scope);
    if (isFalse(cond)) {
      this.flow.alias(from, next);
      return;
    }
    if (isTrue(cond)) {
      const body = this.flow.location();
      this.flow.alias(from, body);
      this.#block(stmt.body, body, from, context);
      return;
    }
    const body = stmt.body.length === 0 ? from : this.flow.location();
    for (const [guard, to] of [
      [cond, body],
      [not(cond), next],
    ] as const) {
      const caption = `while (${exprText(cond, this.#names)}): ${guard === cond ? 'again' : 'leave'}`;
      this.flow.drafts.push({ ...this.#draft(label, caption, stmt.at, context), guard, from, to });
    }
    if (stmt.body.length > 0) this.#block(stmt.body, body, from, context);
  }

  #fork(
    label: string,
    arms: readonly { name: string; body: BlockNode; context: Context }[],
    from: Location,
    next: Location,
    context: Context,
  ): void {
    if (arms.length === 0) throw new ModelError(`'${label}' has nothing to choose from`, context.scope.at);
    const lowered = arms.map((arm) => {
      const entry = this.flow.location();
      this.#block(arm.body, entry, next, arm.context);
      const {
        from: _,
        to: __,
        ...skip
      } = this.#draft(arm.name, `choose ${arm.name}`, context.scope.at, context);
      return { name: arm.name, entry, end: this.flow.end, skip };
    });
    this.flow.forks.push({ at: from, arms: lowered });
  }

  /** The way into a procedure: constant arguments become constants, the others are stored by one step. */
  #enter(
    callee: ProcedureNode,
    args: { readonly [local: string]: ExprNode },
    from: Location,
    next: Location,
    context: Context,
    call: { readonly label: string; readonly at: SourceLocation | undefined } | undefined,
  ): void {
    const { flow } = this;
    const { chain } = context.frame;
    if (chain.includes(callee)) {
      const circle = [...chain.slice(chain.indexOf(callee)), callee].map(({ name }) => name).join(' > ');
      throw new ModelError(
        `recursion: ${circle}; a call is written out, so it must end`,
        call?.at ?? callee.at,
      );
    }
    for (const name of Object.keys(args)) {
      if (name in callee.locals) continue;
      const hint = didYouMean(name, Object.keys(callee.locals));
      throw new ModelError(`${callee.name} has no local '${name}'${hint}`, call?.at ?? callee.at);
    }
    const body = this.#body(callee);
    const at = call?.at ?? callee.at;
    const locals = new Map(context.scope.locals);
    const variables: VariableId[] = [];
    const stored: Assignment[] = [];
    for (const [name, domain] of Object.entries(callee.locals)) {
      const key = `${callee.name}.${name}`;
      const scalar = isScalar(domain.node);
      const arg = args[name];
      const given = arg && lowerExpr(arg, context.scope, scalar ? scalarType(domain) : undefined);
      if (scalar && !assigns(body, callee.name, name) && (given === undefined || given.op === 'const')) {
        const value = given ?? firstValue(domain, key, foldIn({ ...context.scope, at }));
        refuseAssignment(domain.node as Domain, value, `${callee.name}'s ${name}`, at);
        locals.set(key, value);
        continue;
      }
      const slot = this.#localSlot(callee, name, call === undefined ? given : undefined);
      locals.set(key, slot);
      if (given !== undefined && call !== undefined) stored.push(store(slot, given, context.scope, at));
      else variables.push(...leaves(slot));
    }
    const frame: Frame = { procedure: callee, exit: next, chain: [...chain, callee] };
    const inner: Context = { ...context, scope: { ...context.scope, locals }, frame, labels: undefined };
    // The locals start anew at `entry`, and only there: a loop back to `first` keeps them.
    const entry = flow.location();
    const first = flow.location();
    flow.fresh(entry, variables);
    flow.alias(entry, first);
    if (stored.length > 0 && call !== undefined) {
      const draft = this.#draft(
        call.label,
        `${callee.name}(${Object.keys(args).join(', ')})`,
        call.at,
        context,
      );
      flow.drafts.push({ ...draft, assignments: stored, from, to: entry });
    } else {
      flow.alias(from, entry);
    }
    this.#block(body, first, next, inner);
  }

  #body(procedure: ProcedureNode): BlockNode {
    const known = this.#bodies.get(procedure);
    if (known !== undefined) return known;
    const body = procedure.body();
    refuseDuplicates(procedure, body, new Set());
    this.#bodies.set(procedure, body);
    return body;
  }

  #localSlot(procedure: ProcedureNode, name: string, initial: Expr | undefined): Slot {
    const key = `${procedure.name}.${name}`;
    const known = this.#locals.get(key);
    if (known !== undefined) return known;
    const text = `${this.#world.threadNames[this.#thread]}:${key}`;
    const slot = this.#world.storage.allocate(text, procedure.locals[name]!, {
      fold: foldIn({ ...rootScope(this.#world), at: procedure.at }),
      thread: this.#thread,
      ...(initial?.op === 'const' && { initial: initial.value }),
    });
    this.#locals.set(key, slot);
    return slot;
  }

  get #names() {
    return {
      variables: this.#world.storage.variables,
      threads: this.#world.threadNames.map((name) => ({ name, locations: [] })) as never,
    };
  }

  #caption(caption: Extract<StmtNode, { kind: 'step' }>['caption'], scope: Scope): string {
    return caption
      .map((part) => {
        if (typeof part === 'string') return part;
        const node: ExprNode = 'op' in part ? part : { op: 'read', place: part };
        return exprText(lowerExpr(node, scope), this.#names);
      })
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
  }

  #draft(
    label: string,
    caption: string,
    at: SourceLocation | undefined,
    context: Context,
    file?: string,
  ): Draft {
    const { frame, indices } = context;
    const name = `${frame.procedure.name}.${label}`;
    const callers = frame.chain.slice(0, -1).map((procedure) => `${procedure.name} > `);
    const source: Source = { ...(file !== undefined && { file }), ...(at !== undefined && { model: at }) };
    return {
      from: -1,
      to: -1,
      label: name,
      path: `${callers.join('')}${name}${indices}`,
      caption,
      source,
      guard: truth(true),
      expectations: [],
      assignments: [],
      takes: [],
      drops: [],
    };
  }
}

export const rootScope = (world: World): Scope => ({
  world,
  thread: undefined,
  bound: new Map(),
  locals: new Map(),
  left: new Map(),
  at: world.model.at,
});

/** The variables of a slot. */
export function leaves(slot: Slot): readonly VariableId[] {
  switch (slot.kind) {
    case 'scalar':
      return [slot.id];
    case 'holders':
      return slot.byThread;
    case 'record':
      return [...slot.fields.values()].flatMap(leaves);
    case 'array':
      return slot.elements.flatMap(leaves);
  }
}

/** What a domain leaves to the settings, decided in a scope. */
export const foldIn = (scope: Scope): Fold => ({
  lengthOf({ node }) {
    if (node.kind !== 'array') throw new Error('only arrays have a length');
    const length = requireConstant(lowerExpr(node.length, scope), 'the length of an array', scope.at);
    if (length >= 1) return length;
    throw new ModelError(`an array of length ${length}: it needs at least one element`, scope.at);
  },
  numberOf(domain, value, name) {
    if (typeof value !== 'object') return numberOf(domain, value, name, scope.at);
    const folded = lowerExpr(value, scope, typeOfDomain(domain));
    refuseAssignment(domain, folded, name, scope.at);
    return requireConstant(folded, `the first value of ${name}`, scope.at);
  },
});

const isScalar = (node: DomainNode): boolean =>
  node.kind === 'enum' || node.kind === 'int' || node.kind === 'bool';

function firstValue(domain: ModelDomain<unknown>, name: string, fold: Fold): Expr {
  const { initial, node } = domain;
  const value = 'values' in initial ? initial.values[0]! : initial.of();
  return constant(fold.numberOf(node as Domain, value, name), scalarType(domain));
}

/** The values to choose from, as constants. */
function choices(from: DomainNode | ExprNode, scope: Scope): readonly Expr[] {
  if ('op' in from) {
    const length = requireConstant(lowerExpr(from, scope), 'the range of Choose()', scope.at);
    return Array.from({ length }, (_, i) => int(i));
  }
  if (from.kind === 'enum') return from.values.map((_, i) => constant(i, from.values));
  if (from.kind === 'int')
    return Array.from({ length: from.max - from.min + 1 }, (_, i) => int(from.min + i));
  return [truth(false), truth(true)];
}

function findLabel(label: string, context: Context, at: SourceLocation | undefined): Location {
  const visible: string[] = [];
  for (let labels = context.labels; labels !== undefined; labels = labels.around) {
    const found = labels.here.get(label);
    if (found !== undefined) return found;
    visible.push(...labels.here.keys());
  }
  const { name } = context.frame.procedure;
  const hint = didYouMean(label, visible) || ` (there are ${visible.join(', ')})`;
  throw new ModelError(`Goto('${label}'): ${name} has no such label in the blocks around it${hint}`, at);
}

/** The blocks directly inside a statement. */
export function innerBlocks(stmt: StmtNode): readonly BlockNode[] {
  switch (stmt.kind) {
    case 'if':
      return [...stmt.arms.map((arm) => arm.then), stmt.else];
    case 'while':
    case 'for':
    case 'choose':
      return [stmt.body];
    case 'either':
      return stmt.arms.map(([, body]) => body);
    default:
      return [];
  }
}

function refuseDuplicates(procedure: ProcedureNode, body: BlockNode, seen: Set<string>): void {
  for (const [label, stmt] of body) {
    if (seen.has(label)) {
      throw new ModelError(`${procedure.name} has two statements labelled '${label}'`, stmt.at);
    }
    seen.add(label);
    for (const inner of innerBlocks(stmt)) refuseDuplicates(procedure, inner, seen);
  }
}

/** Does the body assign to this local of its procedure? */
function assigns(body: BlockNode, procedure: string, local: string): boolean {
  return body.some(([, stmt]) => {
    if (stmt.kind === 'step') {
      return effectsIn(stmt.parts).some(({ place }) => place.procedure === procedure && place.name === local);
    }
    return innerBlocks(stmt).some((inner) => assigns(inner, procedure, local));
  });
}
