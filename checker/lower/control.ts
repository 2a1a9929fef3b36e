// Control: from the blocks of one actor to drafts of steps between locations. Constant branches are folded, loops over
// constants unrolled, calls inlined.

import {
  type BlockNode,
  type ExprNode,
  ModelError,
  type ProcedureNode,
  type StmtNode,
} from '../../models/language/index.js';
import { int } from '../ir/expression.js';
import type { Location, ThreadId } from '../ir/program.js';
import { exprText, type ProgramNames } from '../ir/text.js';
import {
  type BlockContext,
  draftIn,
  findLabel,
  inside,
  type Leaving,
  outermost,
  type ProcedureFrame,
  refuseRecursion,
} from './block_context.js';
import { type Branching, branches } from './branches.js';
import { Callees, type MadeCall, refuseStale } from './calls.js';
import { captionOf } from './captions.js';
import { Flow } from './draft.js';
import { lowerParts } from './effects.js';
import { lowerExpr } from './expressions.js';
import { choices } from './fold.js';
import { idOfIndex, newIndex, openSize } from './open_sizes.js';
import { bind, provisionalNames, requireConstant, type Scope, type World } from './scope.js';

/** How deep blocks may nest: each level takes some of the stack. */
const blocksMax = 300;

type ForStatement = Extract<StmtNode, { kind: 'for' }>;
type ChoiceStatement = Extract<StmtNode, { kind: 'either' | 'choose' }>;
type FenceStatement = Extract<StmtNode, { kind: 'fence' }>;
type CallStatement = Extract<StmtNode, { kind: 'call' }>;
type BodyStatement = Extract<StmtNode, { kind: 'body' }>;

/** Lowers the procedures of one actor. */
export class ThreadLowering {
  readonly flow = new Flow();
  readonly #names: ProgramNames;
  readonly #callees: Callees;
  /** How many blocks enclose the one that is being lowered, calls included. */
  #depth = 0;
  /** Where the statement begins that is being lowered. */
  #standing: Location = 0;
  /** By where their callees begin. */
  readonly #calls = new Map<Location, MadeCall>();

  constructor(world: World, thread: ThreadId) {
    this.#names = provisionalNames(world);
    this.#callees = new Callees(world, thread);
  }

  /** Lowers the whole actor; returns its first location and the one where it is done. */
  lower(root: ProcedureNode, args: { readonly [local: string]: ExprNode }, outside: Scope) {
    const [start, done] = [this.flow.location(), this.flow.location()];
    const scope: Scope = { ...outside, left: (key, at) => this.#callees.left(key, at, this.#standing) };
    const { body, locals, labels } = this.#callees.enter({ callee: root, args, by: 'actor' }, scope);
    const frame: ProcedureFrame = { procedure: root, labels, exit: done, chain: [root], callers: '' };
    this.block(body, start, done, { ...outermost, scope: { ...scope, locals }, frame });
    refuseStale(this.#callees.readAfter, this.flow, this.#calls);
    return { start, done };
  }

  /** Lowers a block between two locations. */
  block(block: BlockNode, entry: Location, exit: Location, context: BlockContext): void {
    if (block.length === 0) {
      this.flow.alias(entry, exit);
      return;
    }
    if (++this.#depth > blocksMax) {
      const problem = `more than ${blocksMax} nested blocks, calls included: flatten them`;
      throw new ModelError(problem, block[0]![1].at);
    }
    const entries = block.map((_, i) => (i === 0 ? entry : this.flow.location()));
    const here = new Map(block.map(([label], i) => [label, entries[i]!] as const));
    const labels = { here, around: context.labels, leaving: context.leaving };
    const inner: BlockContext = { ...context, labels };
    block.forEach(([label, stmt], i) => {
      const from = entries[i]!;
      const made = this.flow.end;
      const scope: Scope = { ...context.scope, at: stmt.at };
      if (!this.flow.begins.has(from)) this.flow.begins.set(from, stmt.at);
      this.statement(label, stmt, from, entries[i + 1] ?? exit, { ...inner, scope });
      if (stmt.kind === 'goto' || stmt.kind === 'return') return;
      this.flow.labelled(context.frame.labels.nameOf(label, context.around), from, made);
    });
    this.#depth--;
  }

  /** Lowers a statement between two locations. */
  statement(label: string, stmt: StmtNode, from: Location, next: Location, context: BlockContext): void {
    const { flow } = this;
    const { scope, frame } = context;
    this.#standing = from;
    switch (stmt.kind) {
      case 'step': {
        const parts = lowerParts(stmt.parts, scope);
        const base = draftIn(context, label, captionOf(stmt.caption, scope), stmt.at, stmt);
        flow.drafts.push({ ...base, ...parts, from, to: next });
        return;
      }
      case 'if':
      case 'while':
      case 'test':
      case 'while test':
        this.#branch(label, stmt, from, next, context);
        return;
      case 'for':
        unroll(stmt, this, from, next, inside(context, label));
        return;
      case 'either':
      case 'choose':
        fork(label, armsOf(label, stmt, context, this.#names), this, from, next, context);
        return;
      case 'goto': {
        const { at, leaving } = findLabel(stmt.label, context, stmt.at);
        flow.alias(from, wayOut(context.leaving, leaving, at, `goto ${stmt.label}`, this));
        return;
      }
      case 'return':
        flow.alias(from, wayOut(context.leaving, undefined, frame.exit, 'return', this));
        return;
      case 'fence':
        fence(label, stmt, this, from, next, context);
        return;
      case 'call':
        this.#call(label, stmt, from, next, context);
        return;
      case 'body':
        givenBlock(label, stmt, this, from, next, context);
    }
  }

  /** The outcomes of one step; without a step if the settings decide it. */
  #branch(label: string, stmt: Branching, from: Location, next: Location, context: BlockContext): void {
    const ways = branches(stmt, context.scope);
    if ('block' in ways) {
      const entry = ways.isLoop ? this.flow.location() : from;
      if (ways.isLoop) this.flow.alias(from, entry);
      this.block(ways.block, entry, ways.isLoop ? from : next, inside(context, label, ways.arm));
      return;
    }
    const exits = ways.map(({ isLoop }) => (isLoop ? from : next));
    const entries = ways.map(({ block }, i) => (block.length === 0 ? exits[i]! : this.flow.location()));
    ways.forEach(({ parts, caption, source }, i) => {
      const draft = draftIn(context, label, caption, stmt.at, source);
      this.flow.drafts.push({ ...draft, ...parts, from, to: entries[i]! });
    });
    ways.forEach(({ block, arm }, i) => {
      if (block.length > 0) this.block(block, entries[i]!, exits[i]!, inside(context, label, arm));
    });
  }

  /** The call's own step stores the arguments; without any to store, entering the callee takes no step. */
  #call(label: string, stmt: CallStatement, from: Location, next: Location, context: BlockContext): void {
    const { flow } = this;
    const { scope, frame } = context;
    refuseRecursion(frame.chain, stmt.procedure, stmt.at);
    const { procedure: callee, args, into } = stmt;
    const { body, labels, locals, fresh, stored, unstored, caption } = this.#callees.enter(
      { callee, args, by: 'call', ...(into !== undefined && { into }) },
      scope,
    );
    // The locals are reset at `entry`, and only there: a loop back to `first` keeps them.
    const entry = flow.location();
    const first = flow.location();
    flow.fresh(entry, fresh);
    const all = Object.keys(callee.locals).map((name) => `${callee.name}.${name}`);
    this.#calls.set(entry, { locals: all, unstored });
    flow.alias(entry, first);
    const own = draftIn(context, label, caption, stmt.at);
    if (stored.length === 0) flow.alias(from, entry);
    else flow.drafts.push({ ...own, assignments: stored, from, to: entry });
    const inner: ProcedureFrame = {
      ...{ procedure: callee, labels, exit: next },
      chain: [...frame.chain, callee],
      callers: `${own.path} > `,
    };
    this.block(body, first, next, {
      ...outermost,
      scope: { ...scope, locals },
      frame: inner,
      ...(callee.inline !== undefined && { user: inside(context, label) }),
    });
  }
}

/** Lowers a block that an inline was given, as a part of the procedure that gave it. */
function givenBlock(
  label: string,
  stmt: BodyStatement,
  thread: ThreadLowering,
  from: Location,
  next: Location,
  context: BlockContext,
): void {
  const { user, scope } = context;
  if (user === undefined) throw new ModelError('Body(…) can only be used in an inline(…)', stmt.at);
  const callers = `${draftIn(context, label, () => '', stmt.at).path} > `;
  const leaving = stmt.leaving && {
    ...{ ...stmt.leaving, context, around: user.leaving },
    entries: new Map<Location, Location>(),
  };
  const own = { ...user, scope, frame: { ...user.frame, callers } };
  thread.block(stmt.block, from, next, { ...own, leaving: leaving ?? user.leaving });
}

/**
 * Where control goes that leaves for `to`: through what is done on the way out of the blocks that it leaves, those inside
 * the block on whose way out `outer` is done.
 */
function wayOut(
  left: Leaving | undefined,
  outer: Leaving | undefined,
  to: Location,
  word: string,
  thread: ThreadLowering,
): Location {
  if (left === undefined || left === outer) return to;
  const next = wayOut(left.around, outer, to, word, thread);
  const known = left.entries.get(next);
  if (known !== undefined) return known;
  const { label, stmt, context } = left;
  const at = thread.flow.location();
  left.entries.set(next, at);
  thread.flow.begins.set(at, stmt.at);
  const indices = `${context.indices}[${word}]`;
  thread.statement(label, stmt, at, next, { ...context, indices, scope: { ...context.scope, at: stmt.at } });
  return at;
}

/** A step for a fence; none where no memory model needs it. */
function fence(
  label: string,
  { fence, at }: FenceStatement,
  { flow }: ThreadLowering,
  from: Location,
  to: Location,
  context: BlockContext,
): void {
  const draft = draftIn(context, label, () => `smp_${fence}()`, at);
  if (!context.scope.world.fences.has(fence)) flow.alias(from, to);
  else flow.drafts.push({ ...draft, memory: { kind: 'fence', fence }, from, to });
}

/** Writes out the body of a For once for each index, between two locations. */
function unroll(
  stmt: ForStatement,
  thread: ThreadLowering,
  from: Location,
  next: Location,
  context: BlockContext,
): void {
  const { scope } = context;
  const given = lowerExpr(stmt.length, scope);
  const open = openSize(given, scope);
  if (open !== undefined) {
    openLoop(stmt, open, thread, from, next, context);
    return;
  }
  const length = requireConstant(given, 'the length of For()', stmt.at);
  if (length <= 0) thread.flow.alias(from, next);
  let entry = from;
  for (let i = 0; i < length; i++) {
    const exit = i === length - 1 ? next : thread.flow.location();
    const indices = `${context.indices}[${i}]`;
    thread.block(stmt.body, entry, exit, { ...context, scope: bind(scope, stmt.id, int(i)), indices });
    entry = exit;
  }
}

/**
 * The body of a For over a number of indices that is left open, once: on the way to it an index is taken that is still to
 * do, and behind it control goes on only if none is.
 */
function openLoop(
  stmt: ForStatement,
  setting: string,
  thread: ThreadLowering,
  from: Location,
  next: Location,
  context: BlockContext,
): void {
  const { flow } = thread;
  const own = { setting, role: 'loop', thread: context.scope.thread! } as const;
  const index = newIndex(own, context.scope);
  const [body, end] = [flow.location(), flow.location()];
  const before = flow.drafts.length + flow.forks.length;
  const scope = bind(context.scope, stmt.id, index);
  thread.block(stmt.body, body, end, { ...context, scope, indices: `${context.indices}[*]` });
  if (flow.drafts.length + flow.forks.length === before) {
    flow.alias(from, next);
    return;
  }
  flow.loops.set(from, { index: idOfIndex(index), way: 'enter' });
  flow.alias(from, body);
  flow.loops.set(end, { index: idOfIndex(index), way: 'next', again: body });
  flow.alias(end, next);
}

/** An arm of Either, or of Choose for one value. */
interface Arm {
  readonly name: string;
  readonly body: BlockNode;
  readonly context: BlockContext;
}

function armsOf(
  label: string,
  stmt: ChoiceStatement,
  context: BlockContext,
  names: ProgramNames,
): readonly Arm[] {
  if (stmt.kind === 'either') {
    return stmt.arms.map(([name, body]) => ({ name, body, context: inside(context, label, name) }));
  }
  return choices(stmt.from, context.scope).map((value) => {
    const text = exprText(value, names);
    const scope = bind(context.scope, stmt.id, value);
    const indices = `${context.indices}[${text}]`;
    const name = `${label}_${text}`;
    return { name, body: stmt.body, context: { ...inside(context, label), scope, indices } };
  });
}

/** Lowers the arms of a choice: the choice and the first step of an arm are one step. */
function fork(
  label: string,
  arms: readonly Arm[],
  thread: ThreadLowering,
  from: Location,
  next: Location,
  context: BlockContext,
): void {
  const { flow } = thread;
  const { at } = context.scope;
  if (arms.length === 0) throw new ModelError(`'${label}' has nothing to choose from`, at);
  const lowered = arms.map((arm) => {
    const entry = flow.location();
    thread.block(arm.body, entry, next, arm.context);
    const skip = draftIn(inside(context, label), arm.name, () => `choose ${arm.name}`, at);
    return { entry, end: flow.end, skip };
  });
  const { label: name, path } = draftIn(context, label, () => '', at);
  flow.forks.push({ at: from, label: name, path, arms: lowered });
}
