// Actors that are stuck: neither done nor at rest, and no run from here contains a step of theirs, although others go
// on for ever. A stuck actor stays at its location, so no edge leaves the set of states in which it is kept. Of these
// states those count from which a run can end in a cyclic component that no edge leaves.
//
//   0 -p-> 1   1 -timer-> 2   2 -timer-> 1      q takes no step anywhere: kept in 0, 1, 2; { 1, 2 } is cyclic: q is stuck
//
// A component does not count in which no actor moves (the end of a run, or a deadlock), actors wait for each other's
// locks (a deadlock), an actor is dead, or a step has a fault: other checks report those.

import { findComponents } from '../../properties/automaton/components.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import { at } from '../ir/expression.js';
import { mayStayAt, type Program, type Thread, type ThreadId } from '../ir/program.js';
import type { Finding } from '../search/report.js';
import type { Work } from '../search/work.js';
import { type EdgesInto, edgesInto, pathTo, reaching, statesPerProgress } from './backward.js';

/** The shortest path to a state in which an actor is stuck; undefined if none ever is. */
export function* findStuck(program: Program, graph: StateGraph): Work<Finding | undefined, Growth> {
  let known: EdgesInto | undefined;
  const into = () => {
    known ??= edgesInto(graph);
    return known;
  };
  const isCounted = countedIn(program, graph);
  const stuckIn = new Map<ThreadId, Uint8Array>();
  let nearest = graph.stateCount;
  for (const thread of program.threads) {
    const kept = yield* keptIn(program, graph, into, thread);
    if (kept === undefined) continue;
    const rounds = yield* roundsIn(graph, kept, isCounted);
    const goesOn = yield* reaching(into(), rounds);
    const stuck = kept.map((mark, s) => mark & goesOn[s]!);
    const first = stuck.indexOf(1);
    if (first < 0) continue;
    stuckIn.set(thread.id, stuck);
    nearest = Math.min(nearest, first);
  }
  if (stuckIn.size === 0) return undefined;
  const threads = [...stuckIn].flatMap(([thread, stuck]) => (stuck[nearest] === 1 ? [thread] : []));
  return { path: pathTo(graph, nearest), stuck: threads };
}

/**
 * Marks the states from which the thread never takes a step, at locations where it may not stay; undefined if there are
 * none.
 */
function* keptIn(
  { steps }: Program,
  graph: StateGraph,
  into: () => EdgesInto,
  thread: Thread,
): Work<Uint8Array | undefined, Growth> {
  const { stateCount, first, step } = graph;
  const isOwn = Uint8Array.from(steps, (one) => Number(one.thread === thread.id));
  const mayStay = graph.truthOf(at(thread.id, mayStayAt(thread)));
  const moves = new Uint8Array(stateCount);
  let waiting: number[] = [];
  for (let s = 0; s < stateCount; s++) {
    if (s % statesPerProgress === statesPerProgress - 1) yield { count: s, bytes: 2 * stateCount };
    for (let edge = first[s]!; edge < first[s + 1]! && moves[s] === 0; edge++) moves[s] = isOwn[step[edge]!]!;
    if (moves[s] === 0 && mayStay(s) !== true) waiting.push(s);
  }
  // Most edges lead to states with larger numbers, so one sweep from the last to the first finds most states that can go on.
  const met = moves.slice();
  for (let sweep = 0; sweep < sweepsMax && waiting.length > 0; sweep++) {
    waiting = waiting
      .reverse()
      .filter((s) => !leadsTo(graph, s, met))
      .reverse();
    yield { count: stateCount, bytes: 3 * stateCount };
  }
  if (waiting.length === 0) return undefined;
  const canMove = yield* reaching(into(), met);
  const kept = new Uint8Array(stateCount);
  for (const s of waiting) kept[s] = 1 - canMove[s]!;
  return kept.includes(1) ? kept : undefined;
}

/** How many sweeps are made before all edges are read backward. */
const sweepsMax = 3;

/** Does an edge lead from a state to one that is marked? Then it is marked too. */
function leadsTo({ first, to }: StateGraph, s: number, marks: Uint8Array): boolean {
  for (let edge = first[s]!; edge < first[s + 1]! && marks[s] === 0; edge++) marks[s] = marks[to[edge]!]!;
  return marks[s] === 1;
}

/** Marks the states of cyclic components among `kept` that no edge leaves. */
function* roundsIn(
  { stateCount, first, to }: StateGraph,
  kept: Uint8Array,
  isCounted: (states: readonly number[]) => boolean,
): Work<Uint8Array, Growth> {
  const searching = findComponents({ first, to }, kept.keys(), (s) => kept[s] === 1);
  let found = searching.next();
  for (; !found.done; found = searching.next()) yield { count: found.value, bytes: 32 * stateCount };
  const marks = new Uint8Array(stateCount);
  const component = new Int32Array(stateCount);
  let looks = 0;
  for (const [i, states] of found.value.entries()) {
    for (const s of states) component[s] = i + 1;
    let isLast = true;
    let moves = 0;
    for (const s of states) {
      if (++looks % statesPerProgress === 0) yield { count: looks, bytes: 32 * stateCount };
      for (let edge = first[s]!; edge < first[s + 1]! && isLast; edge++, moves++) {
        isLast = component[to[edge]!] === i + 1;
      }
    }
    if (isLast && moves > 0 && isCounted(states)) for (const s of states) marks[s] = 1;
  }
  return marks;
}

/** Does no other check report anything in the component? */
function countedIn({ threads, without }: Program, graph: StateGraph): (states: readonly number[]) => boolean {
  const isDead = threads.flatMap(({ id, dead }) =>
    dead === undefined ? [] : [graph.truthOf(at(id, [dead]))],
  );
  const saysDeadlock = !without?.includes('deadlock');
  return (states) =>
    !(saysDeadlock && graph.hasLockCycle(states[0]!)) &&
    !states.some((state) => isDead.some((dead) => dead(state) === true) || graph.hasFault(state));
}
