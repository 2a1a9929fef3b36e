// Procedures: a named block with locals of its own. A call is inlined when the model is lowered; a label is
// spelled `procedure.label` in properties and traces.

import { exactly } from './arity.js';
import { building, superseded, unused } from './creation.js';
import type {
  ArrayDomain,
  BoolDomain,
  EnumDomain,
  HoldersDomain,
  IntDomain,
  OwnerDomain,
  Shape,
  SomeoneDomain,
  ValueOf,
} from './domain.js';
import { type Bool, describe, type Enum, Expr, type ExprNode, type Int, type Place } from './expression.js';
import { ModelError, whereWritten } from './location.js';
import { isByName, requireDomains, requireFunction } from './required.js';
import type { Storable } from './scalar_variable.js';
import { type Who, whoNode } from './someone.js';
import {
  type Block,
  type BlockNode,
  block,
  type LabelsOf,
  type NamesOnly,
  type ProcedureNode,
  requireName,
  type Stmt,
  statement,
} from './statement.js';
import { type VarsOf, variable } from './variable.js';

declare const $labels: unique symbol;

export interface Procedure<S extends Shape, L extends string> extends ProcedureNode {
  readonly $locals?: S;
  readonly [$labels]?: L;
}

/** A label as properties and traces spell it. */
export type Qualified<N extends string, L extends string> = L extends `${infer P}:${infer Rest}`
  ? `${P}.${Rest}`
  : `${N}.${L}`;
/** The same inside a caller: it contains its procedure already. */
export type OfCallee<L extends string> = L extends `${infer P}.${infer Rest}` ? `${P}:${Rest}` : L;

/**
 * Defines a procedure: its name, its locals if it has any, and its block.
 * Example: ``procedure('add', { x: int(0, 3) }, ({ x }) => ({ load: c`load`(x.set(n)), store: c`store`(m.set(x)) }))``
 */
export function procedure<N extends string, const B extends Block>(
  name: N,
  body: () => B & NamesOnly<B>,
): Procedure<Record<never, never>, Qualified<N, LabelsOf<B>>>;
export function procedure<N extends string, S extends Shape, const B extends Block>(
  name: N,
  locals: S,
  body: (locals: VarsOf<S>) => B & NamesOnly<B>,
): Procedure<S, Qualified<N, LabelsOf<B>>>;
export function procedure(
  name: string,
  ...rest: readonly [() => Block] | readonly [Shape, (locals: VarsOf<Shape>) => Block]
): ProcedureNode {
  const at = whereWritten();
  requireName('procedure', name, at);
  const locals = rest.length === 2 ? rest[0] : {};
  requireDomains(locals, `the locals of procedure('${name}', …)`);
  requireFunction(rest.at(-1), `procedure('${name}', () => ({ … }))`);
  const handles = localHandles(name, locals);
  const body = rest.length === 2 ? () => rest[1](handles) : rest[0];
  // A body is data that no setting changes: it is built once, when it is first needed.
  let built: BlockNode | undefined;
  const made: ProcedureNode = {
    name,
    locals,
    body: () => {
      built ??= building(() => block(body(), at));
      return built;
    },
    at,
  };
  unused(made);
  return made;
}

/** Handles on the locals of a procedure. */
export const localHandles = <S extends Shape>(procedure: string, locals: S): VarsOf<S> =>
  Object.fromEntries(
    Object.entries(locals).map(([name, domain]) => [name, variable({ name, path: [], procedure }, domain)]),
  ) as unknown as VarsOf<S>;

/** Throws a ModelError for a value that `procedure` has not made. */
export function requireProcedure<P extends ProcedureNode>(x: P, whose: string): P {
  const { body }: { readonly body?: unknown } = Object(x);
  if (typeof body === 'function') return x;
  throw new ModelError(`${whose} needs a procedure(name, …), not ${describe(x)}`);
}

/** The argument of a local: a value of its domain, or an expression. */
export type ArgOf<D> =
  D extends EnumDomain<infer V>
    ? V | Enum<V>
    : D extends IntDomain
      ? number | Int
      : D extends BoolDomain
        ? boolean | Bool
        : D extends SomeoneDomain
          ? Who
          : D extends OwnerDomain<string> | HoldersDomain<string> | ArrayDomain<infer _>
            ? never
            : never;
/** Values for some of the locals, by name; none for a procedure without locals. */
export type ArgsOf<S extends Shape> = keyof S extends never
  ? { readonly [local: string]: never }
  : { readonly [K in keyof S]?: ArgOf<S[K]> };

export const argNodes = (args: object, whose: string): { readonly [local: string]: ExprNode } => {
  if (!isByName(args)) {
    throw new ModelError(`the arguments of ${whose} are by name, { local: value }, not ${describe(args)}`);
  }
  return Object.fromEntries(
    Object.entries(args).map(([local, value]): [string, ExprNode] => [local, argNode(value, local, whose)]),
  );
};

function argNode(value: unknown, local: string, whose: string): ExprNode {
  if (value instanceof Expr) return value.node;
  if ('copy' in Object(value) && 'dead' in Object(value)) return whoNode(value as Who, whose);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
    return { op: 'const', value };
  }
  throw new ModelError(`'${local}' of ${whose} is a value or an expression, not ${describe(value)}`);
}

/** The type of a procedure's result: that of its local `ret`. */
type ResultOf<S extends Shape> = S extends { readonly ret: infer D } ? ValueOf<D> : 'no local ret';

/** A call, whose result may be stored: `got.assign(Call(get, { i: 1 }))`. */
export interface CallStmt<L extends string, V> extends Stmt<L>, Storable<V, Stmt<L>> {}

/**
 * Runs a procedure. Arguments set the callee's locals, the others start at their domain's first value. A constant
 * argument costs no state and the call no step; otherwise the call's label is the step that stores the arguments. The
 * callee's local `ret` is its result: `got.assign(Call(…))` stores it in `got`, a local of the caller, without a step
 * or a state of its own.
 * Example: `Call(truncate, { pgoff: 1 })`
 */
export const Call = exactly(
  'Call',
  <S extends Shape, L extends string>(
    callee: Procedure<S, L>,
    args: NoInfer<ArgsOf<S>> = {} as ArgsOf<S>,
  ): CallStmt<OfCallee<L>, ResultOf<S>> => {
    const called = requireProcedure(callee, 'Call(…)');
    const node = {
      kind: 'call',
      procedure: called,
      args: argNodes(args, 'Call(…)'),
      at: whereWritten(),
    } as const;
    const stmt = statement(node);
    const storedIn = (into: Place): Stmt<OfCallee<L>> => {
      superseded(stmt);
      if (Object.hasOwn(called.locals, 'ret')) return { stmt: statement({ ...node, into }) };
      throw new ModelError(`${called.name} has no result: that is its local 'ret'`);
    };
    return { stmt, storedIn } as CallStmt<OfCallee<L>, ResultOf<S>>;
  },
);

/**
 * The locals of a procedure as its last call left them: how a callee returns a result to its caller. The next call
 * resets them.
 * Example: `localsOf(truncate).ret`
 */
export const localsOf = exactly(
  'localsOf',
  <S extends Shape, L extends string>(callee: Procedure<S, L>): VarsOf<S> => {
    const { name, locals } = requireProcedure(callee, 'localsOf(…)');
    return localHandles(name, locals as S);
  },
);
