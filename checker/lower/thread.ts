// From the drafts of one thread to its locations and steps: aliases are resolved, forks opened, what cannot be
// reached dropped; then every expectation becomes a reporting step, and locals that are no longer live are reset.

import { ModelError } from '../../models/language/index.js';
import { liveLocals } from '../analyse/live_variables.js';
import { type Ownership, ownership } from '../analyse/ownership.js';
import { and, constant, isFalse, not, read, rewrite, truth, typeOfDomain } from '../ir/expression.js';
import type {
  Assignment,
  Cell,
  Expr,
  Location,
  LocationInfo,
  Step,
  ThreadId,
  Variable,
  VariableId,
} from '../ir/program.js';
import type { Draft, DraftExpectation, Flow } from './draft.js';

/** A draft between resolved locations. */
interface Edge extends Draft {
  /** Locals that start anew on the way. */
  readonly fresh: readonly VariableId[];
}
type UnnumberedStep = Omit<Step, 'id'>;
/** A step, and the locals that start anew on its way. */
type FreshStep = UnnumberedStep & { readonly fresh: readonly VariableId[] };

export interface LoweredThread {
  readonly locations: readonly LocationInfo[];
  readonly start: Location;
  readonly done: Location;
  readonly dead: Location | undefined;
  readonly steps: readonly UnnumberedStep[];
  /** Where an actor stands that is about to run a label. */
  readonly labels: ReadonlyMap<string, readonly Location[]>;
}

export function finishThread(
  thread: ThreadId,
  flow: Flow,
  ends: { readonly start: Location; readonly done: Location },
  variables: readonly Variable[],
): LoweredThread {
  const start = standing(flow, ends.start).at;
  const edges = reachableEdges(flow, start, ends.done, variables);
  const order = [...new Set([start, ...[...flow.begins.keys()].filter((at) => edges.has(at))])];
  if (start === ends.done) order.pop();
  const number = new Map(order.map((at, i) => [at, i] as const)).set(ends.done, order.length);
  const numbered = order.flatMap((at) =>
    (edges.get(at) ?? [])
      .filter(canBeTaken)
      .map((edge) => ({ ...edge, from: number.get(at)!, to: number.get(edge.to)! })),
  );
  const done = order.length;
  const owned = ownershipOf(numbered, number.get(start)!, variables);
  const steps = numbered.flatMap((edge) => expand(edge, thread, done + 1, owned.get(edge.from)!, variables));
  const mortal = steps.some((step) => step.to === done + 1);
  return {
    locations: [
      ...order.map((at) => describe(edges.get(at)!)),
      { label: 'done', path: 'done' },
      ...(mortal ? [{ label: 'dead', path: 'dead' }] : []),
    ],
    start: number.get(start)!,
    done,
    dead: mortal ? done + 1 : undefined,
    steps: resetDeadLocals(steps, thread, variables),
    labels: labelsOf(flow, numbered, number),
  };
}

/** False for a step that the settings rule out. */
const canBeTaken = ({ guard }: Edge): boolean => !isFalse(guard);

function describe(edges: readonly Edge[]): LocationInfo {
  const { label, path } = edges.find(canBeTaken) ?? edges[0]!;
  return { label, path };
}

/** Where control that reaches a location comes to stand. */
function standing(flow: Flow, from: Location) {
  const { at, fresh } = flow.resolve(from);
  if (at === undefined) throw new ModelError('this loop never takes a step', flow.begins.get(from));
  return { at, fresh };
}

function reachableEdges(flow: Flow, start: Location, done: Location, variables: readonly Variable[]) {
  const drafts = new Map<Location, Draft[]>();
  for (const draft of flow.drafts) drafts.set(draft.from, [...(drafts.get(draft.from) ?? []), draft]);
  const forks = new Map(flow.forks.map((fork) => [fork.at, fork] as const));

  const leaving = (at: Location): readonly Edge[] => [
    ...(drafts.get(at) ?? []).map((draft): Edge => {
      const { at: to, fresh } = standing(flow, draft.to);
      return { ...draft, to, fresh };
    }),
    ...(forks.get(at)?.arms ?? []).flatMap((arm) => {
      const { at: first, fresh } = standing(flow, arm.entry);
      const inside = first >= arm.entry && first < arm.end;
      if (!inside) return [{ ...arm.skip, from: at, to: first, fresh }];
      return leaving(first).map((edge) => ({ ...startAnew(edge, fresh, variables), from: at }));
    }),
  ];

  const edges = new Map<Location, readonly Edge[]>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === done || edges.has(at)) continue;
    const out = leaving(at);
    if (out.length === 0) throw new ModelError('this loop never takes a step', flow.begins.get(at));
    edges.set(at, out);
    open.push(...out.filter(canBeTaken).map((edge) => edge.to));
  }
  return edges;
}

/** The edge, for a thread in which these locals still hold what is about to start anew: their first values. */
function startAnew(edge: Edge, fresh: readonly VariableId[], variables: readonly Variable[]): Edge {
  if (fresh.length === 0) return edge;
  const initially = (x: Expr) =>
    rewrite(x, (y) => {
      if (y.op !== 'read' || !y.cell.variables.every((id) => fresh.includes(id))) return y;
      const values = new Set(y.cell.variables.map((id) => variables[id]!.initial[0]!));
      if (values.size > 1)
        throw new ModelError('an arm cannot begin by reading an array of different first values');
      return constant([...values][0]!, y.type);
    });
  const cell = (of: Cell): Cell => (of.index === undefined ? of : { ...of, index: initially(of.index) });
  return {
    ...edge,
    guard: initially(edge.guard),
    expectations: edge.expectations.map((expectation) => ({
      ...expectation,
      condition: initially(expectation.condition),
    })),
    assignments: edge.assignments.map(({ target, value }) => ({
      target: cell(target),
      value: initially(value),
    })),
  };
}

function ownershipOf(edges: readonly Edge[], start: Location, variables: readonly Variable[]) {
  const locks = variables.filter((variable) => variable.lock !== undefined).map((variable) => variable.id);
  const lockEdges = edges.map(({ from, to, takes, drops }) => ({
    from,
    to,
    takes: takes.map((cell) => cell.variables),
    drops: drops.map((cell) => cell.variables),
  }));
  return ownership(start, lockEdges, locks);
}

/** The step itself, and one reporting step for each expectation that control flow does not already grant. */
function expand(
  edge: Edge,
  thread: ThreadId,
  dead: Location,
  owned: Ownership,
  variables: readonly Variable[],
): readonly FreshStep[] {
  const { from, to, label, caption, source, fresh, assignments } = edge;
  const base = { thread, from, label, caption, source, fresh };
  const steps: FreshStep[] = [];
  let guard = edge.guard;
  const expectations = [
    ...edge.drops.map((cell) => ownsWhatItDrops(cell, edge, thread, owned, variables)),
    ...edge.expectations,
  ];
  for (const { condition, message, kind } of expectations) {
    const granted = decide(condition, thread, owned, variables);
    const fails = and(guard, not(granted));
    if (!isFalse(fails)) {
      const report = { guard: fails, reports: { kind, message } };
      steps.push(
        kind === 'bug'
          ? { ...base, ...report, to: dead, assignments: [] }
          : { ...base, ...report, to, assignments },
      );
    }
    guard = and(guard, granted);
  }
  if (!isFalse(guard)) steps.push({ ...base, guard, to, assignments });
  return steps;
}

function ownsWhatItDrops(
  cell: Cell,
  edge: Edge,
  thread: ThreadId,
  owned: Ownership,
  variables: readonly Variable[],
): DraftExpectation {
  const lock = variables[cell.variables[0]!]!;
  if (cell.variables.length === 1 && owned.get(lock.id) === false) {
    throw new ModelError(`${edge.caption}: ${lock.name} is never held here`, edge.source.model);
  }
  const type = typeOfDomain(lock.domain);
  const value = read(cell, type);
  const condition: Expr = type === 'bool' ? value : { op: 'eq', x: value, y: constant(thread + 1, type) };
  return { condition, message: `${edge.caption}: not held by the actor that drops it`, kind: 'bug' };
}

/** Replaces what a condition asks about this thread's own locks by what control flow decides. */
function decide(condition: Expr, thread: ThreadId, owned: Ownership, variables: readonly Variable[]): Expr {
  return rewrite(condition, (x) => {
    if (x.op === 'read' && x.cell.variables.length === 1) {
      const lock = variables[x.cell.variables[0]!]!;
      const fact = lock.holder === thread ? owned.get(lock.id) : undefined;
      return fact === undefined ? x : truth(fact);
    }
    if (x.op !== 'eq' || x.x.op !== 'read' || x.y.op !== 'const' || x.x.cell.variables.length !== 1) return x;
    const lock = variables[x.x.cell.variables[0]!]!;
    const fact = lock.domain.kind === 'owner' ? owned.get(lock.id) : undefined;
    if (fact === undefined) return x;
    if (x.y.value === thread + 1) return truth(fact);
    return fact ? truth(false) : x;
  });
}

/** Adds the resets of locals that die in a step, and drops what a step stores in a local that is dead. */
function resetDeadLocals(
  steps: readonly FreshStep[],
  thread: ThreadId,
  variables: readonly Variable[],
): readonly UnnumberedStep[] {
  const locals = new Set(variables.filter((variable) => variable.thread === thread).map(({ id }) => id));
  if (locals.size === 0) return steps.map(({ fresh: _, ...step }) => step);
  const live = liveLocals(steps, locals);
  const none: ReadonlySet<VariableId> = new Set();
  return steps.map(({ fresh, ...step }) => {
    const before = live.get(step.from) ?? none;
    const after = live.get(step.to) ?? none;
    const dies = (id: VariableId) => locals.has(id) && (!after.has(id) || fresh.includes(id));
    const kept = step.assignments.filter(({ target }) => !target.variables.every(dies));
    const resets = [...before].filter(dies).map((id): Assignment => {
      const { domain, initial } = variables[id]!;
      return { target: { variables: [id] }, value: constant(initial[0]!, typeOfDomain(domain)), reset: true };
    });
    return {
      ...step,
      assignments: [...kept, ...resets.sort((a, b) => a.target.variables[0]! - b.target.variables[0]!)],
    };
  });
}

/** The locations of a label: where its statements begin, if a step of theirs leaves from there. */
function labelsOf(flow: Flow, edges: readonly Edge[], number: ReadonlyMap<Location, number>) {
  const labels = new Map<string, Set<Location>>();
  const add = (label: string, at: Location) => labels.set(label, (labels.get(label) ?? new Set()).add(at));
  for (const edge of edges) add(edge.label, edge.from);
  for (const [label, extents] of flow.labels) {
    for (const { start, made, end } of extents) {
      const { at } = flow.resolve(start);
      const inside = at !== undefined && (at === start || (at >= made && at < end));
      const location = inside ? number.get(at) : undefined;
      if (location !== undefined) add(label, location);
    }
  }
  return new Map([...labels].map(([label, at]) => [label, [...at].sort((a, b) => a - b)] as const));
}
