// Control: the order of the steps of a procedure. If, While and tests are one step each, which reads and branches; For,
// Either, Choose, Goto and Return take no step of their own.

import { exactly, refuseMore } from './arity.js';
import { superseded } from './creation.js';
import {
  type AnyEnum,
  type BoolDomain,
  Domain,
  type DomainNode,
  domainText,
  type IntDomain,
  type SomeoneDomain,
} from './domain.js';
import { Bool, conditionNode, describe, Enum, Int, intNode } from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import { isByName, requireFunction, requireText } from './required.js';
import { ActorRef } from './someone.js';
import {
  type Block,
  type BlockNode,
  block,
  type LabelsOf,
  type NamesOnly,
  requireName,
  type Stmt,
  type StmtNode,
  statement,
} from './statement.js';
import { AtomicTest } from './step.js';

export interface IfStmt<L extends string> extends Stmt<L> {
  ElseIf<const B extends Block>(cond: Bool, then: B & NamesOnly<B>): IfStmt<L | LabelsOf<B>>;
  Else<const B extends Block>(otherwise: B & NamesOnly<B>): Stmt<L | LabelsOf<B>>;
}

/** The result of an If over a test: without ElseIf, since the conditions of a chain are read at once. */
export interface TestedStmt<L extends string> extends Stmt<L> {
  Else<const B extends Block>(otherwise: B & NamesOnly<B>): Stmt<L | LabelsOf<B>>;
}

/**
 * One atomic step that reads and branches; the conditions of the whole chain are read at once.
 * Example: ``If(pmd.is('huge'), { split: c`split`(pmd.set('none')) }).Else({ skip: c`skip`() })``
 */
export function If<const B extends Block>(cond: Bool, then: B & NamesOnly<B>): IfStmt<LabelsOf<B>>;
/** One atomic step that tests, with the effects of its answer, and branches on it. */
export function If<const B extends Block>(test: AtomicTest, then: B & NamesOnly<B>): TestedStmt<LabelsOf<B>>;
export function If(cond: Bool | AtomicTest, then: Block, ...more: readonly unknown[]): TestedStmt<string> {
  refuseMore('If', 2, [cond, then, ...more]);
  const at = whereWritten();
  if (cond instanceof AtomicTest) return tested(at, cond, block(then));
  return chain(at, [{ cond: conditionNode(cond, 'If()'), then: block(then) }]);
}

function tested(at: SourceLocation | undefined, { node: test, whether }: AtomicTest, then: BlockNode) {
  const branch = (otherwise: BlockNode): StmtNode => {
    const blocks = whether ? { then, else: otherwise } : { then: otherwise, else: then };
    return statement({ kind: 'test', test, ...blocks, at });
  };
  const stmt = branch([]);
  return {
    stmt,
    ElseIf: () => {
      throw new ModelError(
        'a test takes no ElseIf(…), whose conditions are read at once with it: nest an If in its Else',
      );
    },
    Else: (otherwise: Block) => {
      superseded(stmt);
      return { stmt: branch(block(otherwise)) };
    },
  };
}

type Arms = Extract<StmtNode, { kind: 'if' }>['arms'];
function chain<L extends string>(at: SourceLocation | undefined, arms: Arms): IfStmt<L> {
  const stmt = statement({ kind: 'if', arms, else: [], at });
  return {
    stmt,
    ElseIf: (cond, then) => {
      superseded(stmt);
      return chain(at, [...arms, { cond: conditionNode(cond, 'ElseIf()'), then: block(then) }]);
    },
    Else: (otherwise) => {
      superseded(stmt);
      return { stmt: statement({ kind: 'if', arms, else: block(otherwise), at }) };
    },
  };
}

/** Each test is one atomic step. Example: ``While(flag, { relax: c`cpu_relax()`() })`` */
export const While = exactly(
  'While',
  <const B extends Block>(cond: Bool | AtomicTest, body: B & NamesOnly<B>): Stmt<LabelsOf<B>> => {
    const rest = { body: block(body), at: whereWritten() };
    if (!(cond instanceof AtomicTest)) {
      return { stmt: statement({ kind: 'while', cond: conditionNode(cond, 'While()'), ...rest }) };
    }
    const { node: test, whether } = cond;
    return { stmt: statement({ kind: 'while test', test, whether, ...rest }) };
  },
);

/**
 * `length` copies of the body, one after another, i = 0 … length - 1. Takes no step of its own.
 * Example: ``For(2, (i) => ({ lock: c`lock page ${i}`(page.at(i).locked.set(true)) }))``
 */
export const For = exactly(
  'For',
  <const B extends Block>(length: number | Int, body: (i: Int) => B & NamesOnly<B>): Stmt<LabelsOf<B>> => {
    requireFunction(body, 'For(n, (i) => ({ … }))');
    const id = Symbol('i');
    const inner = block(body(new Int({ op: 'bound', id })));
    return { stmt: statement({ kind: 'for', length: intNode(length), id, body: inner, at: whereWritten() }) };
  },
);

type BlocksOf<A> = { readonly [K in keyof A]: A[K] & NamesOnly<A[K]> };
/**
 * Goes on with any arm whose first step is enabled; the choice and that first step are one. An arm that begins
 * with no step gets one that does nothing, named after the arm.
 * Example: ``Either({ hit: { get: c`get`(flag.set(true)) }, miss: {} })``
 */
export const Either = exactly(
  'Either',
  <const A extends { readonly [arm: string]: Block }>(
    arms: A & BlocksOf<A> & NamesOnly<A>,
  ): Stmt<{ [K in keyof A]: (K & string) | LabelsOf<A[K]> }[keyof A]> => {
    if (!isByName(arms)) {
      throw new ModelError(`Either(…) has arms by name, { arm: { label: … }, … }, not ${describe(arms)}`);
    }
    const blocks = Object.entries(arms as { readonly [arm: string]: Block }).map(([name, body]) => {
      requireName('arm', name);
      return [name, block(body)] as const;
    });
    return { stmt: statement({ kind: 'either', arms: blocks, at: whereWritten() }) };
  },
);

type ChosenFrom<D> = D extends number | Int
  ? Int
  : D extends SomeoneDomain
    ? ActorRef
    : D extends { readonly $enum: infer V extends string }
      ? Enum<V>
      : D extends IntDomain
        ? Int
        : Bool;
const handles = { enum: Enum, int: Int, bool: Bool, someone: ActorRef } as const;
/**
 * As Either, with one arm for each value: of a domain, or 0 … n - 1 for a number n; of someone(), each actor.
 * Example: ``Choose(int(0, 1), (i) => ({ mark: c`mark ${i}`(marks.at(i).set(true)) }))``
 */
export const Choose = exactly(
  'Choose',
  <D extends number | Int | AnyEnum | IntDomain | BoolDomain | SomeoneDomain, const B extends Block>(
    from: D,
    body: (v: ChosenFrom<D>) => B & NamesOnly<B>,
  ): Stmt<LabelsOf<B>> => {
    if (!(typeof from === 'number' || from instanceof Int || from instanceof Domain)) {
      throw new ModelError(`Choose(…) needs a number or a domain to choose from, not ${describe(from)}`);
    }
    requireFunction(body, 'Choose(domain, (v) => ({ … }))');
    const id = Symbol('v');
    const node = { op: 'bound', id } as const;
    const range = typeof from === 'number' || from instanceof Int ? intNode(from) : from.node;
    const kind = 'op' in range || range.kind === 'range' ? 'int' : range.kind;
    if (kind !== 'enum' && kind !== 'int' && kind !== 'bool' && kind !== 'someone') {
      throw new ModelError(
        `Choose(${domainText(range as DomainNode)}, …): only scalar domains can be chosen from`,
      );
    }
    const v = new handles[kind](node);
    const inner = block(body(v as unknown as ChosenFrom<D>));
    return { stmt: statement({ kind: 'choose', from: range, id, body: inner, at: whereWritten() }) };
  },
);

/** Goes on at a label of the same procedure. Takes no step of its own. Example: `Goto('retry')` */
export const Goto = exactly('Goto', (label: string): Stmt => {
  requireText(label, 'the label of Goto(…)');
  return { stmt: statement({ kind: 'goto', label, at: whereWritten() }) };
});

/** Leaves the procedure. Takes no step of its own. Example: `Return()` */
export const Return = exactly(
  'Return',
  (): Stmt => ({ stmt: statement({ kind: 'return', at: whereWritten() }) }),
);
