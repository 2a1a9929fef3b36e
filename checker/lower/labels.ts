// Labels: which there are, which are refused, and where an actor stands that is at one.

import {
  type ActorsNode,
  type BlockNode,
  effectsIn,
  ModelError,
  type Part,
  type ProcedureNode,
  type SourceLocation,
  type StmtNode,
} from '../../models/language/index.js';
import { allOf, and, anyOf, at, not } from '../ir/expression.js';
import type { Expr, Location, ThreadId } from '../ir/program.js';
import type { LoweredThread } from './draft.js';
import { didYouMean } from './nearest.js';

/** The blocks directly inside a statement. */
function innerBlocks(stmt: StmtNode): readonly BlockNode[] {
  switch (stmt.kind) {
    case 'if':
      return [...stmt.arms.map((arm) => arm.then), stmt.else];
    case 'test':
      return [stmt.then, stmt.else];
    case 'while':
    case 'while test':
    case 'for':
    case 'choose':
      return [stmt.body];
    case 'either':
      return stmt.arms.map(([, body]) => body);
    default:
      return [];
  }
}

/** The parts of a statement's own step. */
function partsOf(stmt: StmtNode): readonly Part[] {
  if (stmt.kind === 'step') return stmt.parts;
  if (stmt.kind !== 'test' && stmt.kind !== 'while test') return [];
  return [...stmt.test.both, ...stmt.test.yes, ...stmt.test.no];
}

/** Refuses a label that two statements of a procedure have. An arm is a label; its first statement may share it. */
export function refuseDuplicates(procedure: ProcedureNode, body: BlockNode): void {
  const seen = new Set<string>();
  const add = (label: string, location: SourceLocation | undefined) => {
    if (seen.has(label)) throw new ModelError(`${procedure.name} has two labels '${label}'`, location);
    seen.add(label);
  };
  const visit = (block: BlockNode, arm?: string): void => {
    for (const [i, [label, stmt]] of block.entries()) {
      if (i > 0 || label !== arm) add(label, stmt.at);
      if (stmt.kind === 'either') for (const [name] of stmt.arms) add(name, stmt.at);
      const names = stmt.kind === 'either' ? stmt.arms.map(([name]) => name) : [];
      innerBlocks(stmt).forEach((inner, k) => {
        visit(inner, names[k]);
      });
    }
  };
  visit(body);
}

/** Does the body assign to this local of its procedure? */
export function assigns(body: BlockNode, procedure: string, local: string): boolean {
  return body.some(([, stmt]) => {
    const isAssigned = effectsIn(partsOf(stmt)).some(
      ({ place }) => place.procedure === procedure && place.name === local,
    );
    return isAssigned || innerBlocks(stmt).some((inner) => assigns(inner, procedure, local));
  });
}

interface ProcedureLabels {
  readonly steps: ReadonlySet<string>;
  /** Goto and Return. */
  readonly jumps: ReadonlySet<string>;
}

/** How many statements may stand inside each other: each level takes some of the stack. */
const depthMax = 299;

function requireShallow(procedure: ProcedureNode): void {
  const open = [{ block: procedure.body(), depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { block, depth } = next;
    for (const [, stmt] of block) {
      if (depth > depthMax) {
        const problem = `more than ${depthMax} statements stand inside each other: make procedures of some`;
        throw new ModelError(`${procedure.name}: ${problem}`, stmt.at);
      }
      open.push(...innerBlocks(stmt).map((inner) => ({ block: inner, depth: depth + 1 })));
    }
  }
}

/** All labels of a procedure and its callees, those included that the settings fold away. */
function labelsOf(root: ProcedureNode): ProcedureLabels {
  const steps = new Set<string>();
  const jumps = new Set<string>();
  const seen = new Map<string, ProcedureNode>();
  const procedure = (of: ProcedureNode): void => {
    const known = seen.get(of.name);
    if (known === of) return;
    if (known !== undefined) throw new ModelError(`two procedures are named '${of.name}'`, of.at);
    seen.set(of.name, of);
    requireShallow(of);
    block(of.name, of.body());
  };
  const block = (name: string, body: BlockNode): void => {
    for (const [label, stmt] of body) {
      (stmt.kind === 'goto' || stmt.kind === 'return' ? jumps : steps).add(`${name}.${label}`);
      if (stmt.kind === 'either') for (const [arm] of stmt.arms) steps.add(`${name}.${arm}`);
      if (stmt.kind === 'call') procedure(stmt.procedure);
      for (const inner of innerBlocks(stmt)) block(name, inner);
    }
  };
  procedure(root);
  return { steps, jumps };
}

/** Where threads stand at a label. Steps may ask before all threads are built: such answers are filled in later. */
export class LabelPlaces {
  readonly #labels: readonly ProcedureLabels[];
  readonly #asked: ((threads: readonly LoweredThread[]) => void)[] = [];
  #threads: readonly LoweredThread[] | undefined;

  constructor(actors: readonly ActorsNode[]) {
    const known = new Map([...new Set(actors)].map((node) => [node, labelsOf(node.procedure)] as const));
    this.#labels = actors.map((node) => known.get(node)!);
  }

  standsAt(thread: ThreadId, label: string, from: SourceLocation | undefined): Expr {
    const { steps, jumps } = this.#labels[thread]!;
    if (jumps.has(label)) throw new ModelError(`nobody stands at '${label}': it takes no step`, from);
    if (!steps.has(label)) {
      throw new ModelError(`no label '${label}'${didYouMean(label, [...steps])}`, from);
    }
    return this.#ask(thread, (lowered) => lowered.labels.get(label) ?? []);
  }

  isDone(thread: ThreadId): Expr {
    return this.#ask(thread, (lowered) => [lowered.done]);
  }

  isDead(thread: ThreadId): Expr {
    return this.#ask(thread, ({ dead }) => (dead === undefined ? [] : [dead]));
  }

  isFinished(from: SourceLocation | undefined): Expr {
    const threads = this.#threads;
    if (threads === undefined) {
      throw new ModelError('only a property can ask whether everything is finished', from);
    }
    const isIdle = ({ steps }: LoweredThread, place: Location): Expr =>
      not(anyOf(steps.flatMap(({ from, guard }) => (from === place ? [guard] : []))));
    const all = threads.map((thread, id) =>
      anyOf([
        at(id, [thread.done]),
        ...thread.rests.map((place) => and(at(id, [place]), isIdle(thread, place))),
      ]),
    );
    return { ...allOf(all), name: 'finished' };
  }

  #ask(thread: ThreadId, answer: (lowered: LoweredThread) => readonly Location[]): Expr {
    if (this.#threads !== undefined) return at(thread, answer(this.#threads[thread]!));
    const locations: Location[] = [];
    this.#asked.push((threads) => locations.push(...answer(threads[thread]!)));
    return { op: 'at', thread, locations };
  }

  settle(threads: readonly LoweredThread[]): void {
    this.#threads = threads;
    for (const fill of this.#asked) fill(threads);
  }
}
