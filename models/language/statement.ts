// Statements and blocks. A block is an object literal: its keys are the labels, in program order, its values
// the statements. One label is one atomic step, or pure control (For, Either, Choose, Goto, Return, Call) that
// takes no step of its own.

import { created, dropped, superseded } from './creation.js';
import {
  type AnyEnum,
  type BoolDomain,
  type Domain,
  type DomainNode,
  domainText,
  type IntDomain,
} from './domain.js';
import {
  Bool,
  conditionNode,
  describe,
  Enum,
  Expr,
  type ExprNode,
  Int,
  intNode,
  type Place,
} from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import type { Effect } from './variable.js';

/** Waits until true: the step is enabled only then. */
export interface Guard {
  readonly guard: ExprNode;
}
/** Reports `message` when the condition is false as the step is taken. */
export interface StepExpectation {
  readonly expect: ExprNode;
  readonly message: string;
  /** After a bug the actor is dead; after a warning it goes on. */
  readonly severity: 'bug' | 'warning';
  /** Reports as soon as the actor stands before the step, whether or not the step's guards are true. */
  readonly onArrival?: true;
  /** The built-in check with which the expectation is switched off. */
  readonly check?: string;
}
/** The same effect for every i in 0 … length - 1, all in this one step. */
export interface EffectForAll {
  readonly length: ExprNode;
  readonly id: symbol;
  readonly forAll: Effect;
}
/** Effects that all read what was there before any of them. */
export interface EffectsAtOnce {
  readonly atOnce: readonly Effect[];
}
/** Parts that the step has only under some settings. */
export interface GivenParts {
  readonly given: ExprNode;
  readonly parts: readonly Part[];
}
/** An actor that stands at the step need never go on. */
export interface Resting {
  readonly rests: true;
}
export type Part = Effect | EffectForAll | EffectsAtOnce | Guard | StepExpectation | GivenParts | Resting;

/** The effects among some parts, those inside others included. */
export const effectsIn = (parts: readonly Part[]): readonly Effect[] =>
  parts.flatMap((part) => {
    if ('given' in part) return effectsIn(part.parts);
    if ('forAll' in part) return [part.forAll];
    if ('atOnce' in part) return part.atOnce;
    return 'effect' in part ? [part] : [];
  });

export type CaptionPart = string | Place | ExprNode;

/** A statement, and where the model says it. */
export type StmtNode = { readonly at: SourceLocation | undefined } & (
  | {
      readonly kind: 'step';
      /** What the kernel does here, and in which of its files. */
      readonly caption: readonly CaptionPart[];
      readonly file: string;
      readonly parts: readonly Part[];
    }
  | {
      readonly kind: 'if';
      readonly arms: readonly { readonly cond: ExprNode; readonly then: BlockNode }[];
      readonly else: BlockNode;
    }
  | { readonly kind: 'while'; readonly cond: ExprNode; readonly body: BlockNode }
  | { readonly kind: 'for'; readonly length: ExprNode; readonly id: symbol; readonly body: BlockNode }
  | { readonly kind: 'either'; readonly arms: BlocksNode }
  | {
      readonly kind: 'choose';
      readonly from: DomainNode | ExprNode;
      readonly id: symbol;
      readonly body: BlockNode;
    }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'return' }
  | {
      readonly kind: 'call';
      readonly procedure: ProcedureNode;
      readonly args: { readonly [local: string]: ExprNode };
    }
);
export type BlockNode = readonly (readonly [label: string, stmt: StmtNode])[];
type BlocksNode = readonly (readonly [name: string, body: BlockNode])[];

/** A procedure as data; its body is built when the model is lowered. */
export interface ProcedureNode {
  readonly name: string;
  readonly locals: { readonly [name: string]: Domain<unknown> };
  readonly body: () => BlockNode;
  readonly at: SourceLocation | undefined;
}

declare const $labels: unique symbol;

/** A statement whose inner labels are L. */
export interface Stmt<L extends string = never> {
  readonly stmt: StmtNode;
  readonly [$labels]?: L;
}
// biome-ignore lint/suspicious/noExplicitAny: any labels at all
export type Block = { readonly [label: string]: Stmt<any> };

/** All labels of a block, nested ones included. */
export type LabelsOf<B> = {
  [K in keyof B]: (K & string) | (B[K] extends Stmt<infer L> ? L : never);
}[keyof B] extends infer L extends string
  ? L
  : never;

/** JavaScript moves integer-like keys to the front of an object: such a label would reorder the program. */
export type NamesOnly<B> = {
  readonly [K in keyof B]: K extends number | `${number}` ? ['a label must not be a number', K] : B[K];
};

/** Refuses what cannot stand in `procedure.label`. */
export function requireName(what: string, name: string, at = whereWritten()): void {
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw new ModelError(`the ${what} '${name}' is not a name (letters, digits and _, no digit first)`, at);
}

/** A statement that must find its way into a block. */
export const statement = (node: StmtNode): StmtNode => created(node, dropped.statement);
const part = <P extends Part>(node: P): P => created(node, dropped.part);

/** A block as data. `at` is where the model says it. */
export function block(statements: Block, at = whereWritten()): BlockNode {
  if (typeof statements !== 'object' || statements === null) {
    throw new ModelError(`a block is an object of labelled statements, not ${describe(statements)}`, at);
  }
  return Object.entries(statements).map(([label, statement]) => {
    requireName('label', label, at);
    // The types promise a statement; a model in plain JavaScript may break the promise.
    const { stmt }: { readonly stmt?: StmtNode } = Object(statement);
    if (stmt !== undefined) return [label, stmt] as const;
    const problem = `'${label}' is not a statement but ${describe(statement)}`;
    throw new ModelError(`${problem}; an effect needs its step: c\`what it does\`(…)`, at);
  });
}

/**
 * A tag that quotes one C file: ``c`clear the pmd`(pmd.set('none'))`` is one atomic step, and says what the
 * kernel does there. Places and expressions may stand in the text: ``c`spin_lock(${ptl})`(ptl.take())``.
 */
export const source =
  (file: string) =>
  (
    text: TemplateStringsArray,
    ...args: readonly (string | { readonly place: Place } | Int | Enum<string>)[]
  ) => {
    const at = whereWritten();
    const caption = text.flatMap((words, i): CaptionPart[] => {
      const arg = args[i];
      return i < args.length ? [words, captionPart(arg)] : [words];
    });
    return (...parts: readonly Part[]): Stmt => {
      for (const each of parts) requirePart(each);
      return { stmt: statement({ kind: 'step', caption, file, parts, at }) };
    };
  };

function captionPart(arg: unknown): CaptionPart {
  if (typeof arg === 'string' || typeof arg === 'number' || typeof arg === 'boolean') return String(arg);
  const { place }: { readonly place?: Place } = Object(arg);
  if (place !== undefined) return place;
  if (arg instanceof Expr) return arg.node;
  throw new ModelError(`a caption has words, places and expressions, not ${describe(arg)}`);
}

const partKinds = ['effect', 'forAll', 'atOnce', 'guard', 'expect', 'given', 'rests'] as const;

/** Throws a ModelError for what is no part of a step. */
function requirePart(x: unknown): void {
  if (typeof x === 'object' && x !== null && partKinds.some((kind) => kind in x)) return;
  const hint = x instanceof Bool ? ': when(…) waits for it, expects(…) demands it' : '';
  throw new ModelError(`a step has effects, guards and expectations, not ${describe(x)}${hint}`);
}

/** The step waits until `cond` is true. */
export const when = (cond: Bool): Guard => part({ guard: conditionNode(cond, 'when()') });

/**
 * A part of a step: an actor that stands there is not waited for. It is where a server idles, such as a kworker that
 * waits for work. A run may end while it stands there; where it is stuck elsewhere is a deadlock as for anybody.
 */
export const rests = (): Resting => part({ rests: true });

/** The same effect for every i in 0 … length - 1, all in one step. */
export const forAll = (length: number | Int, effect: (i: Int) => Effect): EffectForAll => {
  const id = Symbol('i');
  return part({ length: intNode(length), id, forAll: effect(new Int({ op: 'bound', id })) });
};

/**
 * Effects that exchange values: each reads what was there before all of them, in whatever order they are written. So
 * `atOnce(a.set(b), b.set(a))` is `swap(a, b)`; side by side in a step they would be refused, for in C the second would
 * read what the first has written.
 */
export const atOnce = (...effects: readonly Effect[]): EffectsAtOnce => {
  for (const each of effects) {
    if (Object(each).effect === undefined) {
      throw new ModelError(`atOnce() has effects, not ${describe(each)}`);
    }
  }
  return part({ atOnce: effects });
};

/** Parts that the step has only if a condition on settings is true. */
export const given = (cond: Bool, ...parts: readonly Part[]): GivenParts => {
  for (const each of parts) requirePart(each);
  return part({ given: conditionNode(cond, 'given()'), parts });
};

const expectation = (whose: string, cond: Bool, rest: Omit<StepExpectation, 'expect'>): StepExpectation =>
  part({ expect: conditionNode(cond, `${whose}()`), ...rest });

/** The step reports a bug, and its actor dies there, if `cond` is false when the step is taken. */
export const expects = (cond: Bool, message: string): StepExpectation =>
  expectation('expects', cond, { message, severity: 'bug' });
/** The step reports a warning, and goes on, if `cond` is false when it is taken. */
export const expectsSoftly = (cond: Bool, message: string): StepExpectation =>
  expectation('expectsSoftly', cond, { message, severity: 'warning' });
/**
 * As `expects`, but the bug is reported as soon as the actor stands before the step, whether or not the step's guards
 * are true: a spinner that reads freed memory is wrong even if it never stops waiting. In the first step of an arm of
 * Either it is an `expects`, for the arm need not be chosen.
 */
export const demands = (cond: Bool, message: string): StepExpectation =>
  expectation('demands', cond, { message, severity: 'bug', onArrival: true });
/**
 * As `demands`, with a warning: the actor reports it once, and stands before the same step as before. `check` names the
 * built-in check with which it is switched off.
 */
export const demandsSoftly = (cond: Bool, message: string, check?: string): StepExpectation =>
  expectation('demandsSoftly', cond, {
    message,
    severity: 'warning',
    onArrival: true,
    ...(check !== undefined && { check }),
  });

export interface IfStmt<L extends string> extends Stmt<L> {
  ElseIf<const B extends Block>(cond: Bool, then: B & NamesOnly<B>): IfStmt<L | LabelsOf<B>>;
  Else<const B extends Block>(otherwise: B & NamesOnly<B>): Stmt<L | LabelsOf<B>>;
}

/** One atomic step that reads and branches; the conditions of the whole chain are read at once. */
export const If = <const B extends Block>(cond: Bool, then: B & NamesOnly<B>): IfStmt<LabelsOf<B>> =>
  chain(whereWritten(), [{ cond: conditionNode(cond, 'If()'), then: block(then) }]);

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

/** Each test is one atomic step. */
export const While = <const B extends Block>(cond: Bool, body: B & NamesOnly<B>): Stmt<LabelsOf<B>> => ({
  stmt: statement({
    kind: 'while',
    cond: conditionNode(cond, 'While()'),
    body: block(body),
    at: whereWritten(),
  }),
});

/** `length` copies of the body, one after another, i = 0 … length - 1. Takes no step of its own. */
export const For = <const B extends Block>(
  length: number | Int,
  body: (i: Int) => B & NamesOnly<B>,
): Stmt<LabelsOf<B>> => {
  const id = Symbol('i');
  const inner = block(body(new Int({ op: 'bound', id })));
  return { stmt: statement({ kind: 'for', length: intNode(length), id, body: inner, at: whereWritten() }) };
};

type BlocksOf<A> = { readonly [K in keyof A]: A[K] & NamesOnly<A[K]> };
/**
 * Goes on with any arm whose first step is enabled; the choice and that first step are one. An arm that begins
 * with no step gets one that does nothing, named after the arm.
 */
export const Either = <const A extends { readonly [arm: string]: Block }>(
  arms: A & BlocksOf<A> & NamesOnly<A>,
): Stmt<{ [K in keyof A]: (K & string) | LabelsOf<A[K]> }[keyof A]> => ({
  stmt: statement({
    kind: 'either',
    arms: Object.entries(arms as { readonly [arm: string]: Block }).map(([name, body]) => {
      requireName('arm', name);
      return [name, block(body)] as const;
    }),
    at: whereWritten(),
  }),
});

type ChosenFrom<D> = D extends number | Int
  ? Int
  : D extends { readonly $enum: infer V extends string }
    ? Enum<V>
    : D extends IntDomain
      ? Int
      : Bool;
/** As Either, with one arm for each value: of a domain, or 0 … n - 1 for a number n. */
export const Choose = <D extends number | Int | AnyEnum | IntDomain | BoolDomain, const B extends Block>(
  from: D,
  body: (v: ChosenFrom<D>) => B & NamesOnly<B>,
): Stmt<LabelsOf<B>> => {
  const id = Symbol('v');
  const node = { op: 'bound', id } as const;
  const range = typeof from === 'number' || from instanceof Int ? intNode(from) : from.node;
  const kind = 'op' in range ? 'int' : range.kind;
  if (kind === 'owner' || kind === 'holders' || kind === 'record' || kind === 'array') {
    throw new ModelError(
      `Choose(${domainText(range as DomainNode)}, …): only scalar domains can be chosen from`,
    );
  }
  const v = kind === 'enum' ? new Enum(node) : kind === 'int' ? new Int(node) : new Bool(node);
  const inner = block(body(v as unknown as ChosenFrom<D>));
  return { stmt: statement({ kind: 'choose', from: range, id, body: inner, at: whereWritten() }) };
};

/** Goes on at a label of the same procedure. Takes no step of its own. */
export const Goto = (label: string): Stmt => ({
  stmt: statement({ kind: 'goto', label, at: whereWritten() }),
});

/** Leaves the procedure. Takes no step of its own. */
export const Return = (): Stmt => ({ stmt: statement({ kind: 'return', at: whereWritten() }) });
