// Steps: one atomic step with its caption, and its answer if it has one. An atomic test is a step with two outcomes, on
// which If and While branch; a valued step has a value. Either can be stored, or stand alone, as a call in C whose
// value is ignored.

import { exactly } from './arity.js';
import { created, dropped, superseded } from './creation.js';
import type { Shape } from './domain.js';
import {
  type Bool,
  conditionNode,
  describe,
  type Enum,
  Expr,
  type ExprNode,
  type Int,
  type Place,
} from './expression.js';
import { ModelError, whereWritten } from './location.js';
import { type Guard, type Part, type Resting, requirePart } from './parts.js';
import { requireOptions, requireText } from './required.js';
import type { Storable } from './scalar_variable.js';
import type { ActorRef } from './someone.js';
import {
  type CaptionPart,
  type PlaceInC,
  type Stmt,
  type StmtNode,
  statement,
  type TestNode,
} from './statement.js';
import { type AnyRecord, isRecord, type Pointer, requireRecord } from './variable.js';

/** The effects of a test beside its answer. */
export interface TestParts {
  /** Parts of the step for both answers. A guard waits before the test is made. */
  readonly both?: readonly Part[];
  /**
   * Parts of the step if the answer is true. A lock that is taken here is tried: the answer is false if it is not
   * available.
   */
  readonly yes?: readonly AnswerPart[];
  /** Parts of the step if the answer is false. */
  readonly no?: readonly AnswerPart[];
  /** Where this is true, the answer may be false although the condition is true: an attempt that may fail. */
  readonly mayFail?: Bool;
}
/** A part without a guard: the test would wait for one of its answers. */
export type AnswerPart = Exclude<Part, Guard | Resting>;

/** When a step with a value has no effect, and its value in that case. */
interface Failure {
  /** It succeeds only where this is true. */
  readonly unless: Bool;
  /** It may fail even there, where this is true. */
  readonly mayFail: Bool;
  readonly value: ExprNode;
}

/** A step whose value can be stored: `old.assign(xchg(p, 0))`. Alone it is a statement whose value is ignored. */
export class Valued<V> implements Stmt, Storable<V, Stmt> {
  declare readonly $value: V;
  readonly stmt: StmtNode;
  readonly #step: StepNode;
  readonly #value: ExprNode;
  readonly #failure: Failure | undefined;

  constructor(step: StepNode, value: ExprNode, failure?: Failure) {
    this.#step = step;
    this.#value = value;
    this.#failure = failure;
    this.stmt = statement(attempted(step, failure));
  }
  /** The same step if it succeeds; otherwise it has no effects, and this value. */
  orElse(
    value: string | number | boolean,
    { unless, mayFail }: Pick<Failure, 'unless' | 'mayFail'>,
  ): Valued<V> {
    superseded(this.stmt);
    return new Valued(this.#step, this.#value, { unless, mayFail, value: { op: 'const', value } });
  }
  storedIn(place: Place): Stmt {
    superseded(this.stmt);
    const store = (to: ExprNode): Part => ({ stores: { effect: 'set', place, to } });
    const step = {
      ...this.#step,
      caption: [place, ' = ', ...this.#step.caption],
      parts: [...this.#step.parts, store(this.#value)],
    };
    const otherwise = this.#failure === undefined ? [] : [store(this.#failure.value)];
    return { stmt: statement(attempted(step, this.#failure, otherwise)) };
  }
}
type StepNode = Extract<StmtNode, { kind: 'step' }>;

/** The step itself, or a test of whether it succeeds. */
function attempted(step: StepNode, failure: Failure | undefined, otherwise: readonly Part[] = []): StmtNode {
  if (failure === undefined) return step;
  const { caption, file, inC, at, parts } = step;
  const [cond, mayFail] = [
    conditionNode(failure.unless, 'orElse()'),
    conditionNode(failure.mayFail, 'orElse()'),
  ];
  const where = { file, ...(inC !== undefined && { inC }) };
  const test: TestNode = { caption, ...where, at, cond, both: [], yes: parts, no: otherwise, mayFail };
  return { kind: 'test', test, then: [], else: [], at };
}

/**
 * An atomic test with effects: `If(trylock_page(page), …)`, `While(not(t), …)`, `got.assign(t)`. It is one step, which
 * gives an answer and has the effects of that answer. It is no condition: C evaluates `a && trylock(b)` at two moments,
 * so nest.
 */
export interface AtomicTest {
  readonly $value: boolean;
  /** A test is never called; but as a callable value TypeScript refuses `if (test)`, as it does for an `Expr`. */
  (never: never): never;
}
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: no class can declare that it can be called
export class AtomicTest implements Stmt, Storable<boolean, Stmt> {
  declare readonly $value: boolean;
  readonly node: TestNode;
  /** The answer that counts as true. */
  readonly whether: boolean;

  constructor(node: TestNode, whether = true) {
    this.node = node;
    this.whether = whether;
  }
  negated(): AtomicTest {
    return new AtomicTest(this.node, !this.whether);
  }
  get stmt(): StmtNode {
    return { kind: 'test', test: this.node, then: [], else: [], at: this.node.at };
  }
  storedIn(place: Place): Stmt {
    superseded(this.node);
    const store = (answer: boolean): Part => {
      return { effect: 'set', place, to: { op: 'const', value: answer === this.whether } };
    };
    const caption = [place, this.whether ? ' = ' : ' = !', ...this.node.caption];
    const [yes, no] = [
      [...this.node.yes, store(true)],
      [...this.node.no, store(false)],
    ];
    const test = created({ ...this.node, caption, yes, no }, dropped.test);
    return { stmt: { kind: 'test', test, then: [], else: [], at: test.at } };
  }
}

/** A caption that becomes a step with parts, or with an answer. */
export interface Captioned {
  (...parts: readonly Part[]): Stmt;
  /**
   * An atomic test: two outcomes of one step, selected by the condition. As in any step, its parts are read before any
   * of its effects.
   */
  test(cond: Bool, outcomes?: TestParts): AtomicTest;
  /** A step that has a value, read before its effects: `` c`xchg(${x}, ${n})`.value(x, x.set(n)) ``. */
  value(x: Int, ...parts: readonly Part[]): Valued<number>;
  value(x: Bool, ...parts: readonly Part[]): Valued<boolean>;
  value<V extends string>(x: Enum<V>, ...parts: readonly Part[]): Valued<V>;
  value<S extends Shape>(x: Pointer<S>, ...parts: readonly Part[]): Valued<Pointer<S>>;
  value(x: ActorRef, ...parts: readonly Part[]): Valued<ActorRef>;
}

/** A file of C, and where in it: `mm/rmap.c:1498`, or `mm/rmap.c: try_to_unmap_one()`. */
function placeIn(
  path: string,
  at: number | string | undefined,
  modelled: Pick<PlaceInC, 'digest'>,
): Pick<StepNode, 'file' | 'inC'> {
  requireText(path, 'the C file of source(…)');
  requireOptions(modelled, ['digest'], `source('${path}', …)`);
  const { digest } = modelled;
  if (digest !== undefined && (typeof at !== 'string' || !/^[0-9a-f]{16}$/.test(String(digest)))) {
    throw new ModelError(
      `the digest of source('${path}', 'function', { digest }) is that of a function, 16 digits of 'raceproof show MODEL --beside=DIR --digests', not ${describe(digest)}`,
    );
  }
  if (at === undefined) return { file: path };
  if (typeof at === 'number' && Number.isInteger(at) && at > 0) {
    return { file: `${path}:${at}`, inC: { path, line: at } };
  }
  if (typeof at === 'string' && /^[A-Za-z_]\w*$/.test(at)) {
    return { file: `${path}: ${at}()`, inC: { path, function: at, ...(digest !== undefined && { digest }) } };
  }
  throw new ModelError(
    `source('${path}', …) has a line, from 1 up, or the name of a function, not ${describe(at)}`,
  );
}

/**
 * A tag that quotes one C file: ``c`clear the pmd`(pmd.set('none'))`` is one atomic step; the text says what the kernel
 * does there. Places and expressions may stand in the text: ``c`spin_lock(${ptl})`(ptl.take())``. A second argument says
 * where in the file, and `c.at(1498)` or `c.at('try_to_unmap_one')` says it for one step. With the `digest` of the
 * function that was modelled, `raceproof show MODEL --beside=DIR` says whether it has changed since.
 * Example: ``source('mm/rmap.c', 'try_to_unmap_one')`clear the pmd`(pmd.set('none'))``
 */
export const source = exactly(
  'source',
  (file: string, at?: number | string, modelled: Pick<PlaceInC, 'digest'> = {}) =>
    Object.assign(quoting(file, at, modelled), {
      at: exactly('source(…).at', (where: number | string, modelled: Pick<PlaceInC, 'digest'> = {}) =>
        quoting(file, where, modelled),
      ),
    }),
);

const quoting =
  (path: string, where: number | string | undefined, modelled: Pick<PlaceInC, 'digest'>) =>
  (
    text: TemplateStringsArray,
    ...args: readonly (
      | string
      | { readonly place: Place }
      | Int
      | Enum<string>
      | Pointer<Shape>
      | ActorRef
      | AnyRecord
    )[]
  ): Captioned => {
    const at = whereWritten();
    const place = placeIn(path, where, modelled);
    const caption = text.flatMap((words, i): CaptionPart[] => {
      const arg = args[i];
      return i < args.length ? [words, captionPart(arg)] : [words];
    });
    const step = (...parts: readonly Part[]): StepNode => {
      for (const each of parts) requirePart(each);
      return { kind: 'step', caption, ...place, parts, at };
    };
    const test = (cond: Bool, { both = [], yes = [], no = [], mayFail }: TestParts = {}): AtomicTest => {
      for (const each of [...both, ...yes, ...no]) requirePart(each);
      for (const each of [...yes, ...no]) refuseWaiting(each);
      const node: TestNode = {
        ...{ caption, ...place, at, both, yes, no },
        cond: conditionNode(cond, '.test()'),
        ...(mayFail !== undefined && { mayFail: conditionNode(mayFail, 'mayFail') }),
      };
      return new AtomicTest(created(node, dropped.test));
    };
    const value = (x: Expr<unknown>, ...parts: readonly Part[]) => {
      if (x instanceof Expr) return new Valued<never>(step(...parts), x.node);
      throw new ModelError(`.value() needs an expression, not ${describe(x)}`);
    };
    return Object.assign((...parts: readonly Part[]): Stmt => ({ stmt: statement(step(...parts)) }), {
      test,
      value,
    });
  };

/** The parts of one answer must not decide whether the step is taken. */
function refuseWaiting(part: Part): void {
  if ('guard' in part || 'rests' in part) {
    throw new ModelError(
      `the parts 'yes' and 'no' of a test cannot wait: put when(…) and rests() into 'both'`,
    );
  }
  if ('expect' in part && part.onArrival) {
    throw new ModelError(
      `the parts 'yes' and 'no' of a test cannot demand anything on arrival, before there is an answer: put the demand into 'both', or use expects(…)`,
    );
  }
  if ('given' in part || 'onlyIf' in part) for (const each of part.parts) refuseWaiting(each);
}

function captionPart(arg: unknown): CaptionPart {
  if (typeof arg === 'string' || typeof arg === 'number' || typeof arg === 'boolean') return String(arg);
  if (isRecord(arg)) return requireRecord(arg, 'a caption').place;
  const { place }: { readonly place?: Place } = Object(arg);
  if (place !== undefined) return place;
  if (arg instanceof Expr) return arg.node;
  throw new ModelError(`a caption has words, places and expressions, not ${describe(arg)}`);
}
