// The control flow of a thread of a Program without loops: each location once for each number of rounds that the thread
// has gone before it, and where control dependencies end.
//
//   while (test) body; last      --unroll=1      test, body, test', last; and from test' a way that is cut off

import type { Location, Program, Step, Thread } from '../../checker/ir/program.js';
import { LitmusError } from '../syntax/ast.js';
import { placeOfStep } from './place.js';

/** A location, after so many rounds. */
export interface FlowNode {
  readonly location: Location;
  readonly rounds: number;
  /** Steps of one statement, or of one arm of a choice, together. */
  readonly groups: readonly (readonly FlowStep[])[];
  /** So many sections of RCU are open here; none if that depends on the way. */
  readonly sections: number | undefined;
}

export interface FlowStep {
  readonly step: Step;
  /** Where it leads: to the node with this key; `cut`: to one round too many. */
  readonly to: string | 'cut';
}

export interface ThreadFlow {
  readonly start: string;
  /** In an order in which each comes behind those that lead to it. */
  readonly nodes: ReadonlyMap<string, FlowNode>;
  /** By location: the first that all ways from it meet at; none if they do not. */
  readonly meets: ReadonlyMap<Location, Location>;
}

/** At most so many locations, counted in every round. */
const nodesMax = 2_000;

const keyOf = (location: Location, rounds: number): string => `${location} ${rounds}`;

/** The flow of a thread, each loop going so many rounds at most. Throws a LitmusError for a loop without a bound. */
export function flowOf(program: Program, thread: Thread, rounds: number | undefined): ThreadFlow {
  const steps = program.steps.filter((step) => step.thread === thread.id && !isIdleRound(step));
  const from = (location: Location) => steps.filter((step) => step.from === location);
  const back = backSteps(thread.start, from);
  const [first] = back;
  if (first !== undefined && rounds === undefined) {
    throw new LitmusError(
      `${thread.name} goes round a loop at ${first.label}: give a number of rounds, --unroll=N`,
      placeOfStep(first),
    );
  }
  const order: [string, Omit<FlowNode, 'sections'>][] = [];
  const known = new Set<string>();
  const visit = (location: Location, done: number): void => {
    // After the end it does not matter how often it went round.
    const count = location === thread.done ? 0 : done;
    const key = keyOf(location, count);
    if (known.has(key)) return;
    known.add(key);
    if (known.size > nodesMax) {
      throw new LitmusError(
        `${thread.name} has more than ${nodesMax} steps, rounds of loops counted, and no more fit: give fewer rounds, --unroll=N, or a smaller model`,
      );
    }
    const leads = (step: Step): FlowStep => {
      const next = back.has(step) ? count + 1 : count;
      if (next > (rounds ?? 0)) return { step, to: 'cut' };
      return { step, to: keyOf(step.to, step.to === thread.done ? 0 : next) };
    };
    const flow = from(location).map(leads);
    for (const { step, to } of flow) if (to !== 'cut') visit(step.to, back.has(step) ? count + 1 : count);
    order.push([key, { location, rounds: count, groups: grouped(flow) }]);
  };
  visit(thread.start, 0);
  return {
    start: keyOf(thread.start, 0),
    nodes: withSections(order.toReversed()),
    meets: meetsOf(thread, steps),
  };
}

/** The nodes, which come in order, with the open sections of RCU at each. */
function withSections(
  order: readonly (readonly [string, Omit<FlowNode, 'sections'>])[],
): ReadonlyMap<string, FlowNode> {
  const open = new Map<string, number | undefined>();
  const nodes = order.map(([key, node]): [string, FlowNode] => {
    const sections = open.has(key) ? open.get(key) : 0;
    for (const { step, to } of node.groups.flat()) {
      // A report does not do what its statement does.
      const event = step.memory?.kind === 'rcu' && step.reports === undefined ? step.memory.event : undefined;
      const change = event === 'read_lock' ? 1 : event === 'read_unlock' ? -1 : 0;
      const after = sections === undefined ? undefined : Math.max(0, sections + change);
      open.set(to, open.has(to) && open.get(to) !== after ? undefined : after);
    }
    return [key, { ...node, sections }];
  });
  return new Map(nodes);
}

/** A round of waiting, which changes nothing: as if it were not there. */
const isIdleRound = (step: Step): boolean =>
  step.from === step.to &&
  step.reports === undefined &&
  step.memory === undefined &&
  (step.locks ?? []).length === 0 &&
  step.assignments.every(({ reset }) => reset === true);

/** The steps that close a loop, in depth-first order. */
function backSteps(start: Location, from: (location: Location) => readonly Step[]): ReadonlySet<Step> {
  const found = new Set<Step>();
  const state = new Map<Location, 'open' | 'done'>();
  const visit = (location: Location): void => {
    state.set(location, 'open');
    for (const step of from(location)) {
      const there = state.get(step.to);
      if (there === 'open') found.add(step);
      else if (there === undefined) visit(step.to);
    }
    state.set(location, 'done');
  };
  visit(start);
  return found;
}

function grouped(flow: readonly FlowStep[]): readonly (readonly FlowStep[])[] {
  const groups = new Map<string, FlowStep[]>();
  for (const one of flow) {
    const { label, armPath = '' } = one.step;
    const key = `${label} ${armPath}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Immediate post-dominators; that an actor dies or waits for ever is no way to go on. */
function meetsOf(thread: Thread, steps: readonly Step[]): ReadonlyMap<Location, Location> {
  const next = new Map<Location, ReadonlySet<Location>>();
  const all = new Set([thread.start, ...steps.flatMap(({ from, to }) => [from, to])]);
  for (const location of all) {
    const after = steps.filter(({ from, to }) => from === location && to !== thread.dead).map(({ to }) => to);
    next.set(location, new Set(after));
  }
  const behind = new Map<Location, ReadonlySet<Location>>();
  for (const location of all)
    behind.set(location, next.get(location)!.size === 0 ? new Set([location]) : all);
  for (let isShrinking = true; isShrinking; ) {
    isShrinking = false;
    for (const location of all) {
      const [first, ...rest] = [...next.get(location)!].map((one) => behind.get(one)!);
      if (first === undefined) continue;
      const common = [...first].filter((one) => rest.every((other) => other.has(one)));
      const now = new Set([location, ...common]);
      if (now.size < behind.get(location)!.size) {
        behind.set(location, now);
        isShrinking = true;
      }
    }
  }
  const meets = new Map<Location, Location>();
  for (const location of all) {
    const proper = [...behind.get(location)!].filter((one) => one !== location);
    // The nearest is the one behind which all others are.
    const nearest = proper.find((one) => proper.every((other) => behind.get(one)!.has(other)));
    if (nearest !== undefined) meets.set(location, nearest);
  }
  return meets;
}
