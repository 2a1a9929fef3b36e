// Actors: which procedure an actor runs, in how many copies, with which arguments; and conditions on where it is.

import { exactly, withoutMoreArguments } from './arity.js';
import { created, dropped } from './creation.js';
import type { Shape } from './domain.js';
import {
  type About,
  type Binder,
  Bool,
  counted,
  describe,
  type ExprNode,
  Int,
  intNode,
  quantified,
  type Statement,
} from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import { type ArgsOf, argNodes, type Procedure, requireProcedure } from './procedure.js';
import { requireFunction, requireOptions, requireText } from './required.js';
import type { ProcedureNode } from './statement.js';

/** A family of actors as data: `copies` threads, each running the procedure with its own arguments. */
export interface ActorsNode {
  readonly name: string;
  readonly procedure: ProcedureNode;
  readonly copies: ExprNode;
  /** One actor, spelled without an index. */
  readonly single: boolean;
  /** The arguments of the copy that `copy` is bound to. */
  readonly args: { readonly [local: string]: ExprNode };
  readonly copy: symbol;
  /** How it runs; without, it is a task on a CPU of its own. */
  readonly on?: OnCpu;
  readonly at: SourceLocation | undefined;
}

/** A CPU, by its name. */
export interface CpuNode {
  readonly cpu: string;
}
/** What an actor is on its CPU: a task, or an interrupt, which interrupts those of lower levels. */
export type Level = 'task' | 'softirq' | 'hardirq' | 'nmi';
/** Where an actor runs, and as what. */
export interface OnCpu {
  /** The CPU that it shares with others; without, it has one of its own. */
  readonly on?: CpuNode;
  readonly level: Level;
  /** Does it come again when it has ended? */
  readonly isRepeated: boolean;
  /** Is the first step of its procedure the one with which it begins? Otherwise an interrupt has a step for that. */
  readonly beginsItself?: true;
}
export interface ActorOptions {
  /** A CPU that the actor shares with others; without, it has one of its own. */
  readonly on?: CpuNode;
}

/** One actor, as others refer to it. */
export interface Actor<L extends string> {
  readonly name: string;
  readonly copy: ExprNode;
  /** Is this actor about to run the step with this label? */
  at(label: L): Bool;
  /** Has it finished? */
  readonly done: Bool;
  /** Has a bug stopped it? It takes no more steps, and keeps its locks. */
  readonly dead: Bool;
}

export interface SingleActor<L extends string> extends Actor<L> {
  readonly actors: ActorsNode;
}
export interface Actors<L extends string> {
  readonly actors: ActorsNode;
  /** The copies, from 0. */
  of(i: number | Int): Actor<L>;
  any(x: (actor: Actor<L>, i: Int) => Bool): Bool;
  any<T extends Statement>(x: (actor: Actor<L>, i: Int) => T): About<T>;
  all(x: (actor: Actor<L>, i: Int) => Bool): Bool;
  all<T extends Statement>(x: (actor: Actor<L>, i: Int) => T): About<T>;
  count(x: (actor: Actor<L>, i: Int) => Bool): Int;
}

const one = <L extends string>(name: string, copy: ExprNode): Actor<L> =>
  withoutMoreArguments({
    name,
    copy,
    at: (label: L) => {
      requireText(label, `the label of ${name}.at('procedure.label')`);
      return new Bool({ op: 'at', actor: name, copy, label });
    },
    done: new Bool({ op: 'done', actor: name, copy }),
    dead: new Bool({ op: 'dead', actor: name, copy }),
  });

/**
 * Has the run ended: is every actor done or at rest, and no step enabled? For properties only, such as
 * `never(finished.and(refcount.gt(0)))` for a leak.
 * Example: `never(finished.and(refs.gt(0)), 'no leak')`
 */
export const finished = new Bool({ op: 'finished' });
const family = (node: ActorsNode): ActorsNode => created(node, dropped.actor);

/** A single actor. Example: `actor('truncate', truncate, { pgoff: 1 })` */
export const actor = exactly(
  'actor',
  <S extends Shape, L extends string>(
    name: string,
    procedure: Procedure<S, L>,
    args: NoInfer<ArgsOf<S>> = {} as ArgsOf<S>,
    options: ActorOptions = {},
  ): SingleActor<L> => actorOn(name, procedure, args, taskOn(options)),
);

/** The position of a task on its CPU. */
function taskOn(options: ActorOptions): OnCpu | undefined {
  requireOptions(options, ['on'], "actor('name', procedure, { … }, { on: cpu })");
  return options.on === undefined
    ? undefined
    : { on: requireCpu(options.on), level: 'task', isRepeated: false };
}

/** For internal use: a CPU, or a ModelError. */
export function requireCpu(x: CpuNode): CpuNode {
  if (typeof Object(x).cpu === 'string') return x;
  throw new ModelError(`on: needs a cpu('name'), not ${describe(x)}`);
}

/** For internal use: an actor, and where it runs. */
export const actorOn = <S extends Shape, L extends string>(
  name: string,
  procedure: Procedure<S, L>,
  args: ArgsOf<S>,
  on: OnCpu | undefined,
): SingleActor<L> => {
  requireText(name, "the name of actor('name', procedure)");
  const whose = `actor('${name}', …)`;
  const node: ActorsNode = {
    name,
    procedure: requireProcedure(procedure, whose),
    copies: { op: 'const', value: 1 },
    single: true,
    args: argNodes(args, whose),
    copy: Symbol('copy'),
    ...(on !== undefined && { on }),
    at: whereWritten(),
  };
  return { ...one<L>(name, { op: 'const', value: 0 }), actors: family(node) };
};

/**
 * `copies` actors, `name[0]` … ; the number may be a setting, and 0.
 * Example: `actors('truncate', 2, truncate, (i) => ({ pgoff: i }))`
 */
export const actors = exactly(
  'actors',
  <S extends Shape, L extends string>(
    name: string,
    copies: number | Int,
    procedure: Procedure<S, L>,
    args: NoInfer<(i: Int) => ArgsOf<S>> = () => ({}) as ArgsOf<S>,
    options: ActorOptions = {},
  ): Actors<L> => {
    const on = taskOn(options);
    requireText(name, "the name of actors('name', number, procedure)");
    const whose = `actors('${name}', …)`;
    requireFunction(args, `actors('${name}', number, procedure, (i) => ({ local: … }))`);
    const copy = Symbol('copy');
    const over = <T>(x: (actor: Actor<L>, i: Int) => T): readonly [Binder, T] => {
      const id = Symbol('i');
      const i = new Int({ op: 'bound', id });
      requireFunction(x, `.any((x) => …) of '${name}'`);
      return [{ actor: name, id }, x(one(name, i.node), i)];
    };
    return withoutMoreArguments<Actors<L>>({
      actors: family({
        name,
        procedure: requireProcedure(procedure, whose),
        copies: intNode(copies),
        single: false,
        args: argNodes(args(new Int({ op: 'bound', id: copy })), whose),
        copy,
        ...(on !== undefined && { on }),
        at: whereWritten(),
      }),
      of: (i) => one(name, intNode(i)),
      any: (x: (actor: Actor<L>, i: Int) => Bool | Statement) => quantified('any', ...over(x)),
      all: (x: (actor: Actor<L>, i: Int) => Bool | Statement) => quantified('all', ...over(x)),
      count: (x) => counted(...over(x)),
    });
  },
);
