// Labels: which labels exist, which are refused, and at which locations an actor is at one.

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
import { innerBlocks, LabelNames } from './label_names.js';
import { labelHint } from './nearest.js';

/** The parts of a statement's own step. */
export function partsOf(stmt: StmtNode): readonly Part[] {
  if (stmt.kind === 'step') return stmt.parts;
  if (stmt.kind !== 'test' && stmt.kind !== 'while test') return [];
  return [...stmt.test.both, ...stmt.test.yes, ...stmt.test.no];
}

/** Does the body assign to this local of its procedure? */
export function assigns(body: BlockNode, procedure: string, local: string): boolean {
  return body.some(([, stmt]) => {
    const isAssigned = effectsIn(partsOf(stmt)).some(
      ({ place }) => place.procedure === procedure && place.name === local,
    );
    if (isAssigned) return true;
    if (stmt.kind === 'body') {
      const { leaving } = stmt;
      const way: BlockNode = leaving === undefined ? [] : [[leaving.label, leaving.stmt]];
      return assigns([...stmt.block, ...way], procedure, local);
    }
    if (stmt.kind === 'call') {
      const { into } = stmt;
      if (into?.procedure === procedure && into.name === local) return true;
      // An inline may be given places of its user.
      return stmt.procedure.inline !== undefined && assigns(stmt.procedure.body(), procedure, local);
    }
    return innerBlocks(stmt).some(({ block }) => assigns(block, procedure, local));
  });
}

/** How deep statements may nest: each level takes some of the stack. */
const depthMax = 299;

function requireShallow(procedure: ProcedureNode): void {
  const open = [{ block: procedure.body(), depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { block, depth } = next;
    for (const [, stmt] of block) {
      if (depth > depthMax) {
        const problem = `more than ${depthMax} nested statements: move some into procedures`;
        throw new ModelError(`${procedure.name}: ${problem}`, stmt.at);
      }
      open.push(...innerBlocks(stmt).map((inner) => ({ block: inner.block, depth: depth + 1 })));
    }
  }
}

/** By the name of a procedure: its labels, including those that the settings rule out; of an inline, for each use. */
type LabelsByProcedure = ReadonlyMap<string, readonly LabelNames[]>;

/** All labels of a procedure and its callees. */
function labelsOf(root: ProcedureNode): LabelsByProcedure {
  const labels = new Map<string, LabelNames[]>();
  const seen = new Map<string, ProcedureNode>();
  const procedure = (of: ProcedureNode): void => {
    const known = seen.get(of.name);
    if (known === of) return;
    if (known !== undefined && (known.inline === undefined || known.inline !== of.inline)) {
      throw new ModelError(`two procedures are named '${of.name}'`, of.at);
    }
    seen.set(of.name, of);
    requireShallow(of);
    const names = new LabelNames(of, of.body());
    labels.set(of.name, [...(labels.get(of.name) ?? []), names]);
    callees(of.body());
  };
  const callees = (body: BlockNode): void => {
    for (const [, stmt] of body) {
      if (stmt.kind === 'call') procedure(stmt.procedure);
      if (stmt.kind === 'body' && stmt.leaving?.stmt.kind === 'call') procedure(stmt.leaving.stmt.procedure);
      for (const inner of innerBlocks(stmt)) callees(inner.block);
    }
  };
  procedure(root);
  return labels;
}

/**
 * The names of the labels that `procedure.label`, or `procedure.outer.label`, matches. Refuses a text that matches
 * none, or several.
 */
function meant(text: string, labels: LabelsByProcedure, from: SourceLocation | undefined): readonly string[] {
  const [procedure = '', ...parts] = text.split('.');
  const found = (labels.get(procedure) ?? []).flatMap((names) => names.meant(parts));
  const names = [...new Set(found.flatMap(({ name, isJump }) => (isJump ? [] : [name])))];
  if (names.length === 0) {
    if (found.length > 0) throw new ModelError(`no actor is ever at '${text}': it takes no step`, from);
    const all = [...labels.values()].flat().flatMap((of) => of.names);
    const known = all.flatMap(({ name, isJump }) => (isJump ? [] : [name]));
    throw new ModelError(`no label '${text}'${labelHint(text, known)}`, from);
  }
  if (names.length > 1 && parts.length === 1) {
    const said = names.map((name) => `'${name}'`).join(' or ');
    throw new ModelError(`${procedure} has several labels '${parts[0]}': say ${said}`, from);
  }
  return names;
}

/** The locations of labels. Guards may name labels before all threads are built: such locations are filled in later. */
export class LabelPlaces {
  readonly #labels: readonly LabelsByProcedure[];
  readonly #asked: ((threads: readonly LoweredThread[]) => void)[] = [];
  #threads: readonly LoweredThread[] | undefined;

  constructor(actors: readonly ActorsNode[]) {
    const known = new Map([...new Set(actors)].map((node) => [node, labelsOf(node.procedure)] as const));
    this.#labels = actors.map((node) => known.get(node)!);
  }

  standsAt(thread: ThreadId, label: string, from: SourceLocation | undefined): Expr {
    const names = meant(label, this.#labels[thread]!, from);
    return this.#ask(thread, (lowered) => {
      const all = names.flatMap((name) => lowered.labels.get(name) ?? []);
      return [...new Set(all)].sort((a, b) => a - b);
    });
  }

  isDone(thread: ThreadId): Expr {
    return this.#ask(thread, (lowered) => [lowered.done]);
  }

  isBusy(thread: ThreadId): Expr {
    return this.#ask(thread, ({ locations, start, done }) =>
      [...locations.keys()].filter((place) => place !== start && place !== done),
    );
  }

  isDead(thread: ThreadId): Expr {
    return this.#ask(thread, ({ dead }) => (dead === undefined ? [] : [dead]));
  }

  isFinished(from: SourceLocation | undefined): Expr {
    const threads = this.#threads;
    if (threads === undefined) {
      throw new ModelError('finished can only be used in a property', from);
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
