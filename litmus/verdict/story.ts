// The execution that decides a verdict, for printing: events with letters, the edges of a picture, and the cycle that
// forbids it, or that no interleaving has.

import type { Execution, MemoryEvent } from '../execution/event.js';
import { ExecutionFacts } from '../execution/facts.js';
import { type AxiomaticModel, broken, Evaluator, reasonOf } from '../models/model.js';
import { sc } from '../models/sc.js';
import type { Edge } from '../relations/explain.js';
import { type Forbidden, forbiddenOf, type NoForbidden } from './forbidden.js';
import type { LitmusVerdict } from './verdict.js';

export interface VerdictStory {
  readonly execution: Execution;
  /** By thread, where they are not P0, P1 and so on. */
  readonly threadNames?: readonly string[];
  readonly isAllowed: boolean;
  /** The axiom that is broken. */
  readonly axiom: string | undefined;
  /** Edges that lead from one to the next, and back; without one, the execution is an interleaving. */
  readonly cycle: readonly Edge[];
  /** Pairs of the cycle in program order that nothing in the model keeps in order. */
  readonly unordered: readonly Edge[];
  /** An order of all events in which each read sees the latest write, if there is one. */
  readonly interleaving: readonly number[] | undefined;
}

/** The story of a verdict, or why it has no execution. */
export function storyOf(verdict: LitmusVerdict): VerdictStory | NoForbidden {
  const { witness, model } = verdict;
  if (witness === undefined) {
    const forbidden = forbiddenOf(verdict);
    if (typeof forbidden === 'string') return forbidden;
    return forbiddenStory(forbidden);
  }
  return allowedStory(witness, model);
}

/** The story of an execution that the model allows. */
export function allowedStory(execution: Execution, model: AxiomaticModel): VerdictStory {
  const evaluation = new Evaluator(new ExecutionFacts(execution));
  const axiom = broken(evaluation, sc);
  const cycle = axiom === undefined ? [] : reasonOf(evaluation, axiom);
  const keeps = evaluation.relation(model.keeps);
  const unordered = joinedPo(cycle).filter(({ name, from, to }) => name === 'po' && !keeps.has(from, to));
  const interleaving = axiom === undefined ? inOrder(evaluation, execution) : undefined;
  return {
    execution,
    isAllowed: true,
    axiom: undefined,
    cycle: joinedPo(cycle),
    unordered,
    interleaving,
  };
}

/** The story of an execution that the model forbids. */
const forbiddenStory = ({ execution, axiom, reason }: Forbidden): VerdictStory => ({
  execution,
  isAllowed: false,
  axiom: axiom.name,
  cycle: reason,
  unordered: [],
  interleaving: undefined,
});

/** Program order is transitive: of several of its edges in a row, only the first and the last event are shown. */
function joinedPo(cycle: readonly Edge[]): readonly Edge[] {
  const edges: Edge[] = [];
  for (const edge of cycle) {
    const last = edges.at(-1);
    if (last?.name === 'po' && edge.name === 'po') edges[edges.length - 1] = { ...last, to: edge.to };
    else edges.push(edge);
  }
  return edges;
}

/** The events of threads, each behind those that must come first; of several, the one of the first thread. */
function inOrder(evaluation: Evaluator, { events }: Execution): readonly number[] {
  const before = evaluation.relation(sc.axioms.at(-1)!.of);
  const left = new Set(events.map(({ id }) => id));
  const order: number[] = [];
  while (left.size > 0) {
    const next = [...left].find((event) => ![...left].some((other) => before.has(other, event)))!;
    left.delete(next);
    order.push(next);
  }
  return order.filter((event) => events[event]!.thread !== -1);
}

export const threadName = ({ threadNames }: Pick<VerdictStory, 'threadNames'>, thread: number): string =>
  threadNames?.[thread] ?? `P${thread}`;

/** 'a' for the first event of a thread, and so on; first values have none. */
export function letterOf({ events }: Execution, event: number): string {
  const index = event - events.findIndex(({ thread }) => thread !== -1);
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letter + Math.floor(index / 26);
}

/** What an event does: 'R x=1', 'W y=2', 'smp_wmb()'. */
export function actionOf({ kind, location, value, text }: MemoryEvent): string {
  return kind === 'fence' ? text.replace(/;$/, '') : `${kind === 'read' ? 'R' : 'W'} ${location}=${value}`;
}

/** Edges for a picture: program order, rf, co and fr from each event to the next. That first values come first is not drawn. */
export function picturedEdges({ events, readsFrom, coherence }: Execution): readonly Edge[] {
  const po = events.flatMap(({ id, thread }) =>
    thread !== -1 && events[id + 1]?.thread === thread ? [{ from: id, to: id + 1, name: 'po' }] : [],
  );
  const rf = readsFrom.flatMap((from, to) => (from === undefined ? [] : [{ from, to, name: 'rf' }]));
  const co = [...coherence.values()].flatMap(([, ...writes]) =>
    writes.slice(1).map((to, i) => ({ from: writes[i]!, to, name: 'co' })),
  );
  const fr = rf.flatMap(({ from: source, to: read }) => {
    const writes = coherence.get(events[read]!.location!)!;
    const next = writes[writes.indexOf(source) + 1];
    return next === undefined || (next === read + 1 && isPartOfSame(events, read, next))
      ? []
      : [{ from: read, to: next, name: 'fr' }];
  });
  return [...po, ...rf, ...co, ...fr];
}

/** The write of the read-modify-write that a read begins. */
const isPartOfSame = (events: readonly MemoryEvent[], read: number, write: number): boolean =>
  events[read]!.thread === events[write]!.thread && events[read]!.at === events[write]!.at;
