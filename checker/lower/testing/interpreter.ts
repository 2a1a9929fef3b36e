// A second semantics of models: an interpreter of their blocks as they are written, without a Program. Locals are kept
// for ever, nothing is folded or numbered. Lowering must agree with it on everything that other actors can read.
// Handles shared ints and bools, locals, arrays of them, and every kind of statement.

import type {
  BlockNode,
  ExprNode,
  Model,
  Place,
  ProcedureNode,
  StmtNode,
  TestNode,
} from '../../../models/language/index.js';
import { effectsIn } from '../../../models/language/index.js';

type Value = number | boolean;
export type Values = ReadonlyMap<string, Value>;

/** A procedure call in progress, and where it returns to. */
interface Frame {
  readonly procedure: ProcedureNode;
  readonly exit: Point | undefined;
}

/** About to run statement `i` of a block; after the last one, continues at `up`. Undefined: done. */
interface Point {
  readonly block: BlockNode;
  readonly i: number;
  readonly up: Point | undefined;
  readonly frame: Frame;
  /** The values of loop indices and choices. */
  readonly bound: ReadonlyMap<symbol, number>;
  /** The enclosing blocks in its procedure, from outside, the current one last: as positions at their beginnings. */
  readonly around: readonly Point[];
  /** The arms of choices that enclose it. */
  readonly arms: readonly symbol[];
}

export interface InterpreterState {
  readonly shared: Values;
  readonly threads: readonly { readonly at: Point | undefined; readonly locals: Values }[];
}

interface Move {
  readonly label: string;
  readonly state: InterpreterState;
}

/** The observable part of a state as text: the shared variables, and which actors are done. */
export const seen = ({ shared, threads }: InterpreterState): string =>
  [...[...shared.values()].map(Number), ...threads.map(({ at }) => Number(at === undefined))].join(' ');

const numbers = new WeakMap<object, number>();
let next = 0;
const numberOf = (block: object): number => {
  if (!numbers.has(block)) numbers.set(block, next++);
  return numbers.get(block)!;
};

/** A text that is different for each state. */
export const keyOf = ({ shared, threads }: InterpreterState): string =>
  JSON.stringify([[...shared], threads.map(({ at, locals }) => [pointKey(at), [...locals].sort()])]);

const pointKey = (at: Point | undefined): string =>
  at === undefined
    ? '.'
    : `${numberOf(at.block)}:${at.i} ${[...at.bound.values()]} ${pointKey(at.up)} ${pointKey(at.frame.exit)}`;

export class Interpreter {
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  initial(): InterpreterState {
    const shared = new Map<string, Value>();
    for (const [name, { node }] of Object.entries(this.#model.state)) {
      shared.set(name, node.kind === 'bool' ? false : 0);
    }
    const threads = this.#model.actors.map(({ procedure }) => {
      const locals = new Map(firstLocals(procedure));
      return settle(begin(procedure, undefined, new Map(), []), locals, shared);
    });
    return { shared, threads };
  }

  moves(state: InterpreterState): readonly Move[] {
    return state.threads.flatMap(({ at, locals }, thread) =>
      at === undefined
        ? []
        : this.#movesAt(at, locals, state.shared).map(({ label, shared, next }) => ({
            label: `${thread} ${label}`,
            state: { shared, threads: state.threads.with(thread, next) },
          })),
    );
  }

  #movesAt(at: Point, locals: Values, shared: Values): readonly Taken[] {
    const [label, stmt] = at.block[at.i]!;
    const name = `${at.frame.procedure.name}.${label}`;
    const env: Env = { locals, shared, bound: at.bound };
    const go = (to: Point | undefined, after: Env = env): Taken => ({
      label: name,
      shared: after.shared,
      next: settle(to, after.locals, after.shared),
    });
    switch (stmt.kind) {
      case 'step':
        return stepEnabled(stmt, env) ? [go(after(at), effect(stmt, env))] : [];
      case 'if': {
        const arm = stmt.arms.find(({ cond }) => evaluate(cond, env));
        return [go(enter(at, arm?.then ?? stmt.else))];
      }
      case 'test':
      case 'while test':
        return answers(stmt.test, env).map(({ answer, after: now }) => {
          if (stmt.kind === 'test') return go(enter(at, answer ? stmt.then : stmt.else), now);
          return go(answer === stmt.whether ? enter(at, stmt.body, at) : after(at), now);
        });
      case 'while':
        return [go(evaluate(stmt.cond, env) ? enter(at, stmt.body, at) : after(at))];
      case 'call':
        return [go(call(at, stmt), { ...env, locals: pass(stmt, env) })];
      case 'either':
        return stmt.arms.flatMap(([arm, body]) =>
          this.#arm(at, `${at.frame.procedure.name}.${arm}`, body, env),
        );
      case 'choose':
        return [0, 1].flatMap((value) => {
          const bound = new Map(at.bound).set(stmt.id, value);
          return this.#arm({ ...at, bound }, `${name}_${value}`, stmt.body, env);
        });
      default:
        throw new Error(`${stmt.kind} takes no step`);
    }
  }

  /** The first step of an arm, or a step that does nothing if the arm has none. */
  #arm(at: Point, label: string, body: BlockNode, { locals, shared }: Env): readonly Taken[] {
    const arm = Symbol('arm');
    const next = settle(enter({ ...at, arms: [...at.arms, arm] }, body, after(at)), locals, shared);
    if (next.at === undefined || !next.at.arms.includes(arm)) return [{ label, shared, next }];
    return this.#movesAt(next.at, next.locals, shared);
  }
}

interface Taken {
  readonly label: string;
  readonly shared: Values;
  readonly next: InterpreterState['threads'][number];
}
interface Env {
  readonly locals: Values;
  readonly shared: Values;
  readonly bound: ReadonlyMap<symbol, number>;
}

/** Follows control that takes no step, as far as possible. Locals are reset when a procedure is entered. */
function settle(
  from: Point | undefined,
  locals: Values,
  shared: Values,
): InterpreterState['threads'][number] {
  let [at, own] = [from, locals];
  for (let turns = 0; at !== undefined; turns++) {
    if (turns > 1_000) throw new Error('a loop without a step');
    if (at.i >= at.block.length) {
      at = at.up;
      continue;
    }
    const [, stmt] = at.block[at.i]!;
    const env: Env = { locals: own, shared, bound: at.bound };
    if (stmt.kind === 'goto') at = target(at, stmt.label);
    else if (stmt.kind === 'return') at = at.frame.exit;
    else if (stmt.kind === 'for') at = unrolled(at, stmt, Number(evaluate(stmt.length, env)));
    else if (stmt.kind === 'while' && stmt.cond.op === 'const')
      at = stmt.cond.value ? enter(at, stmt.body, at) : after(at);
    else if (stmt.kind === 'call' && !takesStep(stmt, at.bound)) {
      own = pass(stmt, env);
      at = call(at, stmt);
    } else break;
  }
  return { at, locals: own };
}

const after = (at: Point): Point | undefined => (at.i + 1 < at.block.length ? { ...at, i: at.i + 1 } : at.up);

/** Into a block inside the statement; after the block, continues at `up`. */
function enter(at: Point, block: BlockNode, up: Point | undefined = after(at)): Point | undefined {
  const inner: Point = { ...at, block, i: 0, up };
  return { ...inner, around: [...at.around, inner] };
}

function begin(
  procedure: ProcedureNode,
  exit: Point | undefined,
  bound: Point['bound'],
  arms: Point['arms'],
): Point {
  const frame: Frame = { procedure, exit };
  const first: Point = { block: procedure.body(), i: 0, up: exit, frame, bound, around: [], arms };
  return { ...first, around: [first] };
}

function unrolled(at: Point, stmt: Extract<StmtNode, { kind: 'for' }>, length: number): Point | undefined {
  let next = after(at);
  for (let i = length - 1; i >= 0; i--) {
    next = enter({ ...at, bound: new Map(at.bound).set(stmt.id, i) }, stmt.body, next);
  }
  return next;
}

function target(at: Point, label: string): Point {
  for (const around of [...at.around].reverse()) {
    const i = around.block.findIndex(([name]) => name === label);
    if (i < 0) continue;
    const outside = at.around.slice(0, at.around.indexOf(around) + 1);
    return { ...around, i, around: outside };
  }
  throw new Error(`no label ${label}`);
}

type Call = Extract<StmtNode, { kind: 'call' }>;

const call = (at: Point, stmt: Call): Point => begin(stmt.procedure, after(at), at.bound, at.arms);

/** The locals of the callee are reset, and get the arguments. */
function pass(stmt: Call, env: Env): Values {
  const locals = new Map(env.locals);
  for (const [name, value] of firstLocals(stmt.procedure)) locals.set(name, value);
  for (const [name, arg] of Object.entries(stmt.args)) {
    locals.set(`${stmt.procedure.name}.${name}`, evaluate(arg, env));
  }
  return locals;
}

function firstLocals({ name, locals }: ProcedureNode): readonly (readonly [string, Value])[] {
  return Object.entries(locals).flatMap(([local, { node }]) => {
    if (node.kind !== 'array') return [[`${name}.${local}`, node.kind === 'bool' ? false : 0] as const];
    const first = node.element.node.kind === 'bool' ? false : 0;
    return [0, 1].map((i) => [`${name}.${local}.${i}`, first] as const);
  });
}

/** Does a call store something: an argument that varies, or one for a local that the callee assigns to? */
const takesStep = ({ procedure, args }: Call, bound: Point['bound']): boolean =>
  Object.entries(args).some(([local, arg]) => varies(arg, bound) || isAssigned(procedure.body(), local));

const varies = (node: ExprNode, bound: Point['bound']): boolean =>
  node.op === 'read' || ('x' in node && varies(node.x, bound)) || ('y' in node && varies(node.y, bound));

const isAssigned = (body: BlockNode, local: string): boolean =>
  body.some(([, stmt]) => {
    if (stmt.kind === 'step')
      return effectsIn(stmt.parts).some(({ place }) => place.procedure !== undefined && place.name === local);
    if (stmt.kind === 'if')
      return [...stmt.arms.map(({ then }) => then), stmt.else].some((b) => isAssigned(b, local));
    if (stmt.kind === 'test' || stmt.kind === 'while test') {
      const { both, yes, no } = stmt.test;
      const isOwn = effectsIn([...both, ...yes, ...no]).some(
        ({ place }) => place.procedure !== undefined && place.name === local,
      );
      const blocks = stmt.kind === 'test' ? [stmt.then, stmt.else] : [stmt.body];
      return isOwn || blocks.some((b) => isAssigned(b, local));
    }
    if (stmt.kind === 'either') return stmt.arms.some(([, b]) => isAssigned(b, local));
    return 'body' in stmt && isAssigned(stmt.body, local);
  });

type Step = Extract<StmtNode, { kind: 'step' }>;

/** The possible answers of a test, and the state after each. */
function answers(test: TestNode, env: Env): readonly { readonly answer: boolean; readonly after: Env }[] {
  if (!stepEnabled({ parts: test.both }, env)) return [];
  const is = Boolean(evaluate(test.cond, env));
  const mayFail = test.mayFail !== undefined && Boolean(evaluate(test.mayFail, env));
  const possible = is && mayFail ? [true, false] : [is];
  return possible.map((answer) => {
    return { answer, after: effect({ parts: [...test.both, ...(answer ? test.yes : test.no)] }, env) };
  });
}

const stepEnabled = (stmt: Pick<Step, 'parts'>, env: Env): boolean =>
  stmt.parts.every((part) => !('guard' in part) || Boolean(evaluate(part.guard, env)));

/** All effects at once: each reads the state before. */
function effect(stmt: Pick<Step, 'parts'>, env: Env): Env {
  const shared = new Map(env.shared);
  const locals = new Map(env.locals);
  for (const part of effectsIn(stmt.parts)) {
    if (part.effect !== 'set') throw new Error('locks are tested elsewhere');
    const value = evaluate(part.to, env);
    if (part.place.procedure === undefined) shared.set(placeKey(part.place, env), value);
    else locals.set(placeKey(part.place, env), value);
  }
  return { ...env, shared, locals };
}

const placeKey = (place: Place, env: Env): string => {
  const index = place.path.map((part) =>
    typeof part === 'string' ? `.${part}` : `.${Number(evaluate(part, env))}`,
  );
  return `${place.procedure === undefined ? '' : `${place.procedure}.`}${place.name}${index.join('')}`;
};

function evaluate(node: ExprNode, env: Env): Value {
  const number = (x: ExprNode) => Number(evaluate(x, env));
  switch (node.op) {
    case 'const':
      return node.value as Value;
    case 'bound':
      return env.bound.get(node.id)!;
    case 'read':
      // The result of a procedure that was never called is its local's first value; results are numbers.
      return (
        (node.place.procedure === undefined ? env.shared : env.locals).get(placeKey(node.place, env)) ?? 0
      );
    case 'not':
      return !evaluate(node.x, env);
    case 'and':
      return Boolean(evaluate(node.x, env)) && Boolean(evaluate(node.y, env));
    case 'or':
      return Boolean(evaluate(node.x, env)) || Boolean(evaluate(node.y, env));
    case 'eq':
      return number(node.x) === number(node.y);
    case 'lt':
      return number(node.x) < number(node.y);
    case 'add':
      return number(node.x) + number(node.y);
    case 'mod':
      return number(node.x) % number(node.y);
    default:
      throw new Error(`${node.op} is not interpreted`);
  }
}
