// From the drafts of one thread to its locations and steps: aliases are resolved, forks expanded, unreachable locations
// dropped; then expectations become steps that report, and dead locals are reset.

import { ModelError } from '../../models/language/index.js';
import type { CheckName } from '../ir/built_in_checks.js';
import { constant, indexed, isFalse, rewrite } from '../ir/expression.js';
import type { Cell, Expr, Location, LocationInfo, ThreadId, VariableId } from '../ir/program.js';
import type { ProgramNames } from '../ir/text.js';
import type { ActorEnds } from './cpus.js';
import type {
  Arrival,
  Draft,
  DraftExpectation,
  Flow,
  FlowEdge,
  Fork,
  LoweredThread,
  ThreadNames,
} from './draft.js';
import { reportingSteps, type Twin } from './expectations.js';
import { resetDeadLocals } from './resets.js';

export function finishThread(
  thread: ThreadId,
  flow: Flow,
  last: ActorEnds,
  names: ThreadNames,
  without: ReadonlySet<CheckName>,
): LoweredThread {
  const first = standing(flow, last.start).at;
  const graph = new ControlFlowGraph(flow, last.done, names);
  graph.visit(first);
  const order = [...new Set([first, ...flow.begins.keys()])].filter((at) => graph.edges.has(at));
  const done = order.length;
  const number = new Map(order.map((at, i) => [at, i] as const)).set(last.done, done);
  const edges = order.flatMap((at) =>
    graph.leaving(at).map((edge): FlowEdge => {
      const isArm = edge.label !== graph.describe(at).label;
      const ends = { from: number.get(at)!, to: number.get(edge.to)! };
      return { ...edge, ...ends, ...(isArm && { armPath: edge.path }) };
    }),
  );
  const start = number.get(first)!;
  const dead = done + 1;
  const ends = { start, done, dead, end: done + 2, comesAgain: last.comesAgain };
  const { steps, twins, takenAgain } = reportingSteps(edges, thread, ends, names, without);
  const isMortal = steps.some((step) => step.to === dead);
  const lowered: LoweredThread = {
    locations: [
      ...order.map((at) => graph.describe(at)),
      { label: 'done', path: 'done' },
      { label: 'dead', path: 'dead' },
      ...twins.map((twin) => describeTwin(graph.describe(order[twin.of]!), twin)),
    ],
    start,
    done,
    dead: isMortal ? dead : undefined,
    rests: [...new Set(edges.flatMap(({ from, rests }) => (rests ? [from] : [])))],
    steps: resetDeadLocals(steps, names),
    labels: labelsOf(flow, graph, number, edges),
    takenAgain,
  };
  return placed(lowered, twins, dead);
}

/** A twin differs only in its path: an actor there is still at the label. */
const describeTwin = ({ label, path }: LocationInfo, { after }: Twin): LocationInfo => ({
  label,
  path: `${path}[${after}]`,
});

/** Puts each twin next to its original, with the same labels; drops `dead` if no step of the actor reports a bug. */
function placed(lowered: LoweredThread, twins: readonly Twin[], dead: Location): LoweredThread {
  const twinsOf = (at: Location) => [at, ...twins.filter(({ of }) => of === at).map((twin) => twin.at)];
  const order = lowered.locations
    .slice(0, dead)
    .flatMap((_, at) => twinsOf(at))
    .concat(lowered.dead === undefined ? [] : [dead]);
  const number = new Map(order.map((at, i) => [at, i] as const));
  return {
    locations: order.map((at) => lowered.locations[at]!),
    start: number.get(lowered.start)!,
    done: number.get(lowered.done)!,
    dead: number.get(dead),
    rests: lowered.rests.flatMap(twinsOf).map((one) => number.get(one)!),
    steps: lowered.steps
      .map((step) => ({ ...step, from: number.get(step.from)!, to: number.get(step.to)! }))
      .sort((a, b) => a.from - b.from),
    takenAgain: lowered.takenAgain,
    labels: new Map(
      [...lowered.labels].map(([label, at]) => [label, at.flatMap(twinsOf).map((one) => number.get(one)!)]),
    ),
  };
}

/** The location at which control that reaches a location stops. */
function standing(flow: Flow, from: Location): Arrived {
  const [first, ...others] = waysFrom(flow, from);
  if (others.length === 0 && first!.loops.length === 0) return first!;
  throw new ModelError('a loop whose length is left open needs a step before it here', flow.begins.get(from));
}

type Arrived = Arrival & { readonly at: Location };

/** All of them: several behind a loop that is not unrolled. */
function waysFrom(flow: Flow, from: Location): readonly Arrived[] {
  return flow.arrivals(from).map((arrival) => {
    const { at, via } = arrival;
    if (at !== undefined) return { ...arrival, at };
    const statement = via.find((location) => flow.begins.has(location));
    throw new ModelError('this loop never takes a step', flow.begins.get(statement ?? from));
  });
}

const isPossible = ({ guard }: FlowEdge): boolean => !isFalse(guard);
const isDemanded = ({ onArrival }: DraftExpectation): boolean => onArrival;

/** The locations that a thread can reach by its own control flow, and the edges between them. */
class ControlFlowGraph {
  /** All edges by their start. */
  readonly edges = new Map<Location, readonly FlowEdge[]>();
  /** For the first location of an arm: the forks that its steps have been merged into. */
  readonly #mergedInto = new Map<Location, Set<Location>>();
  readonly #flow: Flow;
  readonly #done: Location;
  readonly #names: ProgramNames;
  readonly #drafts = new Map<Location, Draft[]>();
  readonly #forks: ReadonlyMap<Location, Fork>;

  constructor(flow: Flow, done: Location, names: ProgramNames) {
    this.#flow = flow;
    this.#done = done;
    this.#names = names;
    for (const draft of flow.drafts) {
      this.#drafts.set(draft.from, [...(this.#drafts.get(draft.from) ?? []), draft]);
    }
    this.#forks = new Map(flow.forks.map((fork) => [fork.at, fork] as const));
  }

  visit(start: Location): void {
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === this.#done || this.edges.has(at)) continue;
      const out = this.#out(at);
      if (out.length === 0) throw new ModelError('this loop never takes a step', this.#flow.begins.get(at));
      this.edges.set(at, out);
      open.push(...out.filter(isPossible).map((edge) => edge.to));
    }
  }

  /** The edges that the settings do not rule out. */
  leaving(at: Location): readonly FlowEdge[] {
    return this.edges.get(at)!.filter((edge) => isPossible(edge) || edge.expectations.some(isDemanded));
  }

  describe(at: Location): LocationInfo {
    const { label, path } = this.#forks.get(at) ?? this.leaving(at)[0] ?? this.edges.get(at)![0]!;
    return { label, path };
  }

  /** A location, and the forks that its steps have been merged into. */
  sites(at: Location): readonly Location[] {
    return [at, ...[...(this.#mergedInto.get(at) ?? [])].flatMap((fork) => this.sites(fork))];
  }

  #out(at: Location): readonly FlowEdge[] {
    const drafts = (this.#drafts.get(at) ?? []).flatMap((draft) =>
      waysFrom(this.#flow, draft.to).map(({ at: to, fresh, loops }): FlowEdge => {
        return { ...draft, to, fresh, anew: [], isChosen: false, ...(loops.length > 0 && { loops }) };
      }),
    );
    const arms = (this.#forks.get(at)?.arms ?? []).flatMap((arm): readonly FlowEdge[] => {
      const { at: first, fresh } = standing(this.#flow, arm.entry);
      const beginsWithStep = first >= arm.entry && first < arm.end;
      if (!beginsWithStep) return [{ ...arm.skip, from: at, to: first, fresh, anew: [], isChosen: true }];
      this.#mergedInto.set(first, (this.#mergedInto.get(first) ?? new Set()).add(at));
      return this.#out(first).map((edge) => ({ ...startAnew(chosen(edge), fresh, this.#names), from: at }));
    });
    return [...drafts, ...arms];
  }
}

/** The edge as the first of an arm: an actor before it need not choose it, so nothing is checked on arrival. */
const chosen = (edge: FlowEdge): FlowEdge => ({
  ...edge,
  isChosen: true,
  expectations: edge.expectations.map((one) => ({ ...one, onArrival: false })),
});

/** The edge if these locals are reset when it begins, and still have the values of an earlier call. */
function startAnew(edge: FlowEdge, fresh: readonly VariableId[], { variables }: ProgramNames): FlowEdge {
  if (fresh.length === 0) return edge;
  const initially = (x: Expr) =>
    rewrite(x, (y) => {
      if (y.op !== 'read' || !y.cell.variables.every((id) => fresh.includes(id))) return y;
      const [value, ...others] = new Set(y.cell.variables.map((id) => variables[id]!.initial[0]!));
      if (others.length === 0) return constant(value!, y.type);
      const problem = 'an arm cannot begin by reading an array whose first values differ';
      throw new ModelError(problem, edge.source.model);
    });
  const cell = (of: Cell): Cell => (of.index === undefined ? of : indexed(of, initially(of.index)));
  return {
    ...edge,
    anew: [...edge.anew, ...fresh],
    guard: initially(edge.guard),
    ...(edge.test && { test: { ...edge.test, guard: initially(edge.test.guard) } }),
    expectations: edge.expectations.map((expectation) => ({
      ...expectation,
      condition: initially(expectation.condition),
    })),
    assignments: edge.assignments.map(({ target, value }) => ({
      target: cell(target),
      value: initially(value),
    })),
    locks: edge.locks.map((change) => ({ ...change, lock: cell(change.lock) })),
    ...(edge.queue !== undefined && { queue: cell(edge.queue) }),
  };
}

/** The locations of a label: where its statements begin, if a step of theirs leaves from there. */
function labelsOf(
  flow: Flow,
  graph: ControlFlowGraph,
  number: ReadonlyMap<Location, Location>,
  edges: readonly FlowEdge[],
): LoweredThread['labels'] {
  const labels = new Map<string, Set<Location>>();
  const add = (label: string, at: Location) => labels.set(label, (labels.get(label) ?? new Set()).add(at));
  for (const edge of edges) add(edge.label, edge.from);
  const addSites = (label: string, at: Location) => {
    for (const site of graph.sites(at)) if (number.has(site)) add(label, number.get(site)!);
  };
  for (const { at, arms } of flow.forks) for (const { skip } of arms) addSites(skip.label, at);
  for (const [label, extents] of flow.labels) {
    for (const { start, made, end } of extents) {
      const { at } = flow.resolve(start);
      if (at !== undefined && (at === start || (at >= made && at < end))) addSites(label, at);
    }
  }
  return new Map([...labels].map(([label, at]) => [label, [...at].sort((a, b) => a - b)] as const));
}
