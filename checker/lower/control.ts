// Control: from the blocks of one actor to drafts of steps between locations. Constant branches are folded, loops over
// constants unrolled, calls inlined.

import {
  type BlockNode,
  type ExprNode,
  ModelError,
  type ProcedureNode,
  type SourceLocation,
  type StmtNode,
} from '../../models/language/index.js';
import { int, truth } from '../ir/expression.js';
import type { Location, Source, ThreadId } from '../ir/program.js';
import { exprText, type ProgramNames } from '../ir/text.js';
import { type Branching, branches } from './branches.js';
import { Callees } from './calls.js';
import { captionOf } from './captions.js';
import { type Draft, Flow, type Text } from './draft.js';
import { lowerParts } from './effects.js';
import { lowerExpr } from './expressions.js';
import { choices } from './fold.js';
import type { LabelNames } from './label_names.js';
import { didYouMean } from './nearest.js';
import { bind, provisionalNames, requireConstant, type Scope, type World } from './scope.js';

/** The context of a running procedure: its labels, its exit, and the calls that led to it. */
interface ProcedureFrame {
  readonly labels: LabelNames;
  readonly procedure: ProcedureNode;
  readonly exit: Location;
  /** The procedures around it, outermost first, itself last. */
  readonly chain: readonly ProcedureNode[];
  /** The calls around it, as the prefix of a path: `unmap_region.unmap_vmas > `. */
  readonly callers: string;
}

/** The labels in scope of a Goto: those of the blocks around it, innermost first. */
interface VisibleLabels {
  readonly here: ReadonlyMap<string, Location>;
  readonly around: VisibleLabels | undefined;
}

interface BlockContext {
  readonly scope: Scope;
  readonly frame: ProcedureFrame;
  readonly labels: VisibleLabels | undefined;
  /** The labels and arms around the block inside the procedure, from outside. */
  readonly around: readonly string[];
  /** In an inline: the context of its use, for the blocks that it was given. */
  readonly user?: BlockContext;
  /** The loop indices and choices inside the procedure, for the path of a location. */
  readonly indices: string;
}

/** How deep blocks may nest: each level takes some of the stack. */
const blocksMax = 300;

type ForStatement = Extract<StmtNode, { kind: 'for' }>;
type CallStatement = Extract<StmtNode, { kind: 'call' }>;

export class ThreadLowering {
  readonly flow = new Flow();
  readonly #names: ProgramNames;
  readonly #callees: Callees;
  /** How many blocks enclose the one that is being lowered, calls included. */
  #depth = 0;

  constructor(world: World, thread: ThreadId) {
    this.#names = provisionalNames(world);
    this.#callees = new Callees(world, thread);
  }

  /** Lowers the whole actor; returns its first location and the one where it is done. */
  lower(root: ProcedureNode, args: { readonly [local: string]: ExprNode }, outside: Scope) {
    const [start, done] = [this.flow.location(), this.flow.location()];
    const scope: Scope = { ...outside, left: (key, at) => this.#callees.left(key, at) };
    const { body, locals, labels } = this.#callees.enter({ callee: root, args, by: 'actor' }, scope);
    const frame: ProcedureFrame = { procedure: root, labels, exit: done, chain: [root], callers: '' };
    this.#block(body, start, done, { ...outermost, scope: { ...scope, locals }, frame });
    this.#callees.refuseStale();
    return { start, done };
  }

  #block(block: BlockNode, entry: Location, exit: Location, context: BlockContext): void {
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
    const inner: BlockContext = { ...context, labels: { here, around: context.labels } };
    block.forEach(([label, stmt], i) => {
      const from = entries[i]!;
      const made = this.flow.end;
      const scope: Scope = { ...context.scope, at: stmt.at };
      if (!this.flow.begins.has(from)) this.flow.begins.set(from, stmt.at);
      this.#statement(label, stmt, from, entries[i + 1] ?? exit, { ...inner, scope });
      if (stmt.kind === 'goto' || stmt.kind === 'return') return;
      this.flow.labelled(context.frame.labels.nameOf(label, context.around), from, made);
    });
    this.#depth--;
  }

  #statement(label: string, stmt: StmtNode, from: Location, next: Location, context: BlockContext): void {
    const { flow } = this;
    const { scope, frame } = context;
    switch (stmt.kind) {
      case 'step': {
        const parts = lowerParts(stmt.parts, scope);
        const base = this.#draft(label, captionOf(stmt.caption, scope), stmt.at, context, stmt.file);
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
        this.#unroll(stmt, from, next, inside(context, label));
        return;
      case 'either': {
        const arms = stmt.arms.map(([name, body]) => {
          return { name, body, context: inside(context, label, name) };
        });
        this.#fork(label, arms, from, next, context);
        return;
      }
      case 'choose': {
        const arms = choices(stmt.from, scope).map((value) => {
          const text = exprText(value, this.#names);
          const chosen = bind(scope, stmt.id, value);
          const indices = `${context.indices}[${text}]`;
          return {
            name: `${label}_${text}`,
            body: stmt.body,
            context: { ...inside(context, label), scope: chosen, indices },
          };
        });
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
        this.#call(label, stmt, from, next, context);
        return;
      case 'body': {
        const { user } = context;
        if (user === undefined) throw new ModelError('Body(…) can only be used in an inline(…)', stmt.at);
        const callers = `${this.#draft(label, () => '', stmt.at, context).path} > `;
        this.#block(stmt.block, from, next, { ...user, scope, frame: { ...user.frame, callers } });
      }
    }
  }

  /** The outcomes of one step; without a step if the settings decide it. */
  #branch(label: string, stmt: Branching, from: Location, next: Location, context: BlockContext): void {
    const ways = branches(stmt, context.scope);
    if ('block' in ways) {
      const entry = ways.isLoop ? this.flow.location() : from;
      if (ways.isLoop) this.flow.alias(from, entry);
      this.#block(ways.block, entry, ways.isLoop ? from : next, inside(context, label, ways.arm));
      return;
    }
    const exits = ways.map(({ isLoop }) => (isLoop ? from : next));
    const entries = ways.map(({ block }, i) => (block.length === 0 ? exits[i]! : this.flow.location()));
    ways.forEach(({ parts, caption, file }, i) => {
      const draft = this.#draft(label, caption, stmt.at, context, file);
      this.flow.drafts.push({ ...draft, ...parts, from, to: entries[i]! });
    });
    ways.forEach(({ block, arm }, i) => {
      if (block.length > 0) this.#block(block, entries[i]!, exits[i]!, inside(context, label, arm));
    });
  }

  #unroll(stmt: ForStatement, from: Location, next: Location, context: BlockContext): void {
    const { scope } = context;
    const length = requireConstant(lowerExpr(stmt.length, scope), 'the length of For()', stmt.at);
    if (length <= 0) this.flow.alias(from, next);
    let entry = from;
    for (let i = 0; i < length; i++) {
      const exit = i === length - 1 ? next : this.flow.location();
      const indices = `${context.indices}[${i}]`;
      this.#block(stmt.body, entry, exit, { ...context, scope: bind(scope, stmt.id, int(i)), indices });
      entry = exit;
    }
  }

  #fork(
    label: string,
    arms: readonly { name: string; body: BlockNode; context: BlockContext }[],
    from: Location,
    next: Location,
    context: BlockContext,
  ): void {
    const { at } = context.scope;
    if (arms.length === 0) throw new ModelError(`'${label}' has nothing to choose from`, at);
    const lowered = arms.map((arm) => {
      const entry = this.flow.location();
      this.#block(arm.body, entry, next, arm.context);
      const skip = this.#draft(arm.name, () => `choose ${arm.name}`, at, inside(context, label));
      return { entry, end: this.flow.end, skip };
    });
    const { label: name, path } = this.#draft(label, () => '', at, context);
    this.flow.forks.push({ at: from, label: name, path, arms: lowered });
  }

  /** The call's own step stores the arguments; without any to store, entering the callee takes no step. */
  #call(label: string, stmt: CallStatement, from: Location, next: Location, context: BlockContext): void {
    const { flow } = this;
    const { scope, frame } = context;
    refuseRecursion(frame.chain, stmt);
    const { procedure: callee, args, into } = stmt;
    const { body, labels, locals, fresh, stored, caption } = this.#callees.enter(
      { callee, args, by: 'call', ...(into !== undefined && { into }) },
      scope,
    );
    // The locals are reset at `entry`, and only there: a loop back to `first` keeps them.
    const entry = flow.location();
    const first = flow.location();
    flow.fresh(entry, fresh);
    flow.alias(entry, first);
    const own = this.#draft(label, caption, stmt.at, context);
    if (stored.length === 0) flow.alias(from, entry);
    else flow.drafts.push({ ...own, assignments: stored, from, to: entry });
    const inner: ProcedureFrame = {
      ...{ procedure: callee, labels, exit: next },
      chain: [...frame.chain, callee],
      callers: `${own.path} > `,
    };
    this.#block(body, first, next, {
      ...outermost,
      scope: { ...scope, locals },
      frame: inner,
      ...(callee.inline !== undefined && { user: inside(context, label) }),
    });
  }

  #draft(
    label: string,
    caption: Text,
    at: SourceLocation | undefined,
    { frame, indices, around }: BlockContext,
    file?: string,
  ): Draft {
    const name = frame.labels.nameOf(label, around);
    const source: Source = { ...(file !== undefined && { file }), ...(at !== undefined && { model: at }) };
    return {
      from: -1,
      to: -1,
      label: name,
      path: `${frame.callers}${name}${indices}`,
      caption,
      source,
      guard: truth(true),
      expectations: [],
      assignments: [],
      locks: [],
      rests: false,
    };
  }
}

/** The context of a procedure's own block. */
const outermost = { labels: undefined, around: [], indices: '' } as const;

/** The context of a block inside a statement. */
const inside = (context: BlockContext, label: string, arm?: string): BlockContext => ({
  ...context,
  around: [...context.around, label, ...(arm === undefined ? [] : [arm])],
});

function refuseRecursion(chain: readonly ProcedureNode[], { procedure, at }: CallStatement): void {
  const first = chain.indexOf(procedure);
  if (first < 0) return;
  const circle = [...chain.slice(first), procedure].map(({ name }) => name).join(' > ');
  throw new ModelError(`recursion: ${circle}; a call is written out, so it must end`, at);
}

function findLabel(label: string, context: BlockContext, at: SourceLocation | undefined): Location {
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
