// A graph of events that grows by an event of any thread at a time: a value. Its events have names that do not change, and
// are numbered when it is looked at as an execution.

import type { ThreadState } from '../program/thread.js';
import type { LitmusError } from '../syntax/ast.js';
import type { Execution, MemoryEvent, Pair } from './event.js';

/** An event's name while the graph grows: of a thread and its place there; first values are of thread -1. */
export type EventName = number;
export const [placesMax, firstThread] = [128, -1];
export const eventName = (thread: number, place: number): EventName => (thread + 1) * placesMax + place;
export const threadOf = (name: EventName): number => Math.floor(name / placesMax) - 1;
export const placeOf = (name: EventName): number => name % placesMax;

export type EventDetails = Omit<MemoryEvent, 'id' | 'thread'>;

export interface GrowingThread {
  readonly state: ThreadState;
  readonly isEnded: boolean;
  readonly events: readonly EventDetails[];
  /** The choices that it has made. */
  readonly path: string;
}

const dependencies = ['modifications', 'address', 'data', 'control', 'flow'] as const;
type DependencyPairs = { readonly [name in (typeof dependencies)[number]]: readonly Pair[] };

export interface Graph {
  readonly threads: readonly GrowingThread[];
  readonly readsFrom: ReadonlyMap<EventName, EventName>;
  readonly coherence: ReadonlyMap<string, readonly EventName[]>;
  readonly pairs: DependencyPairs;
  readonly fault: LitmusError | undefined;
  /** Has its last event read what is not the latest, or been put before another write? Else it breaks nothing. */
  readonly isBackdated: boolean;
}

/** Graphs with the same choices are the same. */
export const keyOf = ({ threads, coherence }: Graph): string =>
  `${threads.map(({ path, isEnded }) => `${path}${isEnded ? '.' : ''}`).join('|')}|${[...coherence.values()].join(';')}`;

/** With events numbered: first values, then those of each thread. */
export function executionOf(
  { threads, readsFrom, coherence, pairs }: Graph,
  firsts: readonly EventDetails[],
): Execution & { readonly copy: () => Execution } {
  const starts = [0];
  let count = firsts.length;
  for (const { events } of threads) {
    starts.push(count);
    count += events.length;
  }
  const id = (name: EventName): number => starts[threadOf(name) + 1]! + placeOf(name);
  const lists = [firsts, ...threads.map(({ events }) => events)];
  const events = lists.flatMap((of, i) =>
    of.map((event, place): MemoryEvent => ({ ...event, id: starts[i]! + place, thread: i - 1 })),
  );
  const sources: (number | undefined)[] = events.map(() => undefined);
  for (const [read, source] of readsFrom) sources[id(read)] = id(source);
  const numbered = (of: readonly Pair[]): readonly Pair[] => of.map(([from, to]) => [id(from), id(to)]);
  const execution: Execution = {
    events,
    readsFrom: sources,
    coherence: new Map([...coherence].map(([location, writes]) => [location, writes.map(id)])),
    modifications: numbered(pairs.modifications),
    address: numbered(pairs.address),
    data: numbered(pairs.data),
    control: numbered(pairs.control),
    flow: numbered(pairs.flow),
    registers: threads.map(
      ({ state }) => new Map([...state.registers].map(([name, { value }]) => [name, value])),
    ),
  };
  return { ...execution, copy: () => execution };
}

/** After a choice of a thread. */
export function stepped(graph: Graph, thread: number, state: ThreadState, choice: string): Graph {
  const own = graph.threads[thread]!;
  return { ...graph, threads: graph.threads.with(thread, { ...own, state, path: `${own.path}${choice} ` }) };
}

/** After its end. */
export const ended = (graph: Graph, thread: number, state: ThreadState): Graph => ({
  ...graph,
  threads: graph.threads.with(thread, { ...graph.threads[thread]!, state, isEnded: true }),
});
