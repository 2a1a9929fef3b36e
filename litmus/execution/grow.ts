// The executions of a program that is too large to guess: graphs of events that grow by an event of any thread at a time,
// each graph once. A read takes its value from a write that is there already, so load buffering, where a read sees what is
// written because of it, is left out. A graph that breaks an axiom is not gone on with: no event mends it.

import { isTrue, LitmusFault } from '../program/arithmetic.js';
import type { Access, LitmusProgram } from '../program/instructions.js';
import { orderOf } from '../program/modification.js';
import type { FirstValues } from '../program/possible_values.js';
import {
  assigned,
  controlling,
  reached,
  startOfThread,
  type ThreadState,
  type Traced,
  traced,
} from '../program/thread.js';
import { LitmusError, type LitmusValue } from '../syntax/ast.js';
import type { Execution, LockPart, Pair } from './event.js';
import {
  type EventDetails,
  type EventName,
  ended,
  eventName,
  executionOf,
  firstThread,
  type Graph,
  keyOf,
  placeOf,
  placesMax,
  stepped,
  threadOf,
} from './graph.js';

export interface GrowVisitor {
  /** Does it satisfy the axioms? */
  readonly isPossible: (begun: Execution) => boolean;
  readonly visit: (whole: Execution & { readonly copy: () => Execution }) => void;
}

/** Visits each execution without load buffering once. Throws a LitmusError for what has no value. */
export function grow(initial: FirstValues, program: LitmusProgram, visitor: GrowVisitor): void {
  const firsts = program.locations.map((location) => first(location, initial.get(location) ?? 0));
  const growth = new GraphGrowth(program, firsts);
  const seen = new Set<string>();
  const open: Graph[] = [growth.start()];
  for (let graph = open.pop(); graph !== undefined; graph = open.pop()) {
    if (graph.threads.every(({ isEnded }) => isEnded)) {
      const execution = executionOf(graph, firsts);
      if (!hasLastReads(execution) || !visitor.isPossible(execution)) continue;
      if (graph.fault !== undefined) throw graph.fault;
      visitor.visit(execution);
      continue;
    }
    const next: Graph[] = [];
    for (const successor of growth.successors(graph)) {
      const key = keyOf(successor);
      if (seen.has(key)) continue;
      seen.add(key);
      if (!successor.isBackdated || visitor.isPossible(executionOf(successor, firsts))) next.push(successor);
    }
    open.push(...next.toReversed());
  }
}

const first = (location: string, value: LitmusValue): EventDetails => ({
  kind: 'write',
  location,
  value,
  isModification: false,
  text: `${location}=${value}`,
});

const hasLastReads = ({ events, coherence, readsFrom }: Execution): boolean =>
  events.every(
    ({ id, isLast, location }) => isLast === undefined || coherence.get(location!)!.at(-1) === readsFrom[id],
  );

/** What a thread does next, and with what it goes on. */
interface NextAccess {
  readonly graph: Graph;
  readonly thread: number;
  readonly state: ThreadState;
  readonly access: Access;
}

/** What a graph grows to. Long, since each kind of access is a method. */
class GraphGrowth {
  readonly #program: LitmusProgram;
  readonly #firsts: readonly EventDetails[];

  constructor(program: LitmusProgram, firsts: readonly EventDetails[]) {
    this.#program = program;
    this.#firsts = firsts;
  }

  start(): Graph {
    const thread = { state: startOfThread, isEnded: false, events: [], path: '' };
    return {
      threads: this.#program.threads.map(() => thread),
      readsFrom: new Map(),
      coherence: new Map(this.#firsts.map(({ location }, i) => [location!, [eventName(firstThread, i)]])),
      pairs: { modifications: [], address: [], data: [], control: [], flow: [] },
      fault: undefined,
      isBackdated: false,
    };
  }

  /** By one event; what others do not see is done at once, and alone. */
  successors(from: Graph): readonly Graph[] {
    const graph = { ...from, isBackdated: false };
    const all: Graph[] = [];
    for (const [thread, { isEnded, state }] of graph.threads.entries()) {
      if (isEnded) continue;
      const own = this.#attempt(graph, thread, () => {
        const now = reached(this.#program.threads[thread]!, state);
        switch (now.kind) {
          case 'impossible':
            return { isAlone: true, graphs: [] };
          case 'end':
            return { isAlone: true, graphs: [ended(graph, thread, now.state)] };
          case 'ways':
            return {
              isAlone: true,
              graphs: now.states.map((one, i) => stepped(graph, thread, one, `w${i}`)),
            };
          case 'access':
            return {
              isAlone: now.access.kind === 'fence',
              graphs: this.#access({ graph, thread, state: now.state, access: now.access }),
            };
        }
      });
      if (own.isAlone) return own.graphs;
      all.push(...own.graphs);
    }
    return all;
  }

  #attempt(
    graph: Graph,
    thread: number,
    work: () => { readonly isAlone: boolean; readonly graphs: readonly Graph[] },
  ): { readonly isAlone: boolean; readonly graphs: readonly Graph[] } {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LitmusFault)) throw error;
      const { state } = graph.threads[thread]!;
      const at = this.#program.threads[thread]!.slice(state.next).flatMap((one) =>
        'at' in one ? [one.at] : [],
      )[0];
      const fault =
        graph.fault ?? new LitmusError(`${error.message}, in an execution that the model allows`, at);
      return { isAlone: true, graphs: [{ ...ended(graph, thread, state), fault }] };
    }
  }

  #access(arrival: NextAccess): readonly Graph[] {
    const { access, graph, thread, state } = arrival;
    if (graph.threads[thread]!.events.length >= placesMax - 2)
      throw new LitmusError(
        `a thread has more than ${placesMax - 2} events, and no more fit: give fewer rounds, --unroll=N, or a smaller model`,
        access.at,
      );
    if (access.kind === 'fence') {
      const [added] = this.#added(arrival, { kind: 'fence', fence: access.fence }, nothing, []);
      return [stepped(added, thread, assigned(state, undefined, nothing), 'F')];
    }
    const address = traced(access.address, state);
    const location = String(address.value);
    if (!graph.coherence.has(location))
      throw new LitmusFault(`'${access.text}' accesses the address ${address.value}, where no location is`);
    switch (access.kind) {
      case 'read': {
        const last = access.isLast === undefined ? {} : { isLast: access.isLast };
        return this.#reads(arrival, location, address, { order: access.order, ...last }).map(
          ({ graph: next, name, value, source }) =>
            stepped(next, thread, assigned(state, access.to, { value, reads: [name] }), `r${source}`),
        );
      }
      case 'write': {
        const { value, reads } = traced(access.value, state);
        return this.#writes(arrival, location, address, { order: access.order, value }, reads).map((next) =>
          stepped(next, thread, assigned(state, undefined, nothing), 'W'),
        );
      }
      case 'update':
        return this.#update(arrival, access, location, address);
      case 'lock':
        return this.#takes(arrival, location, address).map(({ graph: next, source }) =>
          stepped(next, thread, assigned(state, undefined, nothing), `l${source}`),
        );
      case 'unlock':
        return this.#writes(arrival, location, address, { order: 'once', lock: 'UL', value: 0 }, []).map(
          (next) => stepped(next, thread, assigned(state, undefined, nothing), 'U'),
        );
      case 'trylock':
        return [
          ...this.#takes(arrival, location, address).map(({ graph: next, source, name }) =>
            stepped(next, thread, assigned(state, access.to, { value: 1, reads: [name] }), `t${source}`),
          ),
          ...this.#finds(arrival, location, address, 'LF', 1, access.to, 0),
        ];
      case 'is locked':
        return [
          ...this.#finds(arrival, location, address, 'RL', 1, access.to, 1),
          ...(access.isLast === undefined
            ? this.#finds(arrival, location, address, 'RU', 0, access.to, 0)
            : []),
        ];
      case 'modify':
        throw new Error('models have updates');
    }
  }

  /** Looks whether a lock is held. */
  #finds(
    arrival: NextAccess,
    location: string,
    address: Traced,
    lock: LockPart,
    wanted: number,
    to: string,
    answer: number,
  ): readonly Graph[] {
    const { thread, state, access } = arrival;
    const last = 'isLast' in access && access.isLast !== undefined ? { isLast: access.isLast } : {};
    return this.#reads(arrival, location, address, { order: 'once', lock, ...last })
      .filter(({ value }) => value === wanted)
      .map(({ graph, name, source }) =>
        stepped(graph, thread, assigned(state, to, { value: answer, reads: [name] }), `${lock}${source}`),
      );
  }

  #takes(arrival: NextAccess, location: string, address: Traced) {
    return this.#reads(arrival, location, address, { order: 'once', lock: 'LKR', isModification: false })
      .filter(({ value }) => value === 0)
      .flatMap(({ graph, name, source }) =>
        this.#writes(
          { ...arrival, graph },
          location,
          address,
          { order: 'once', lock: 'LKW', value: 1 },
          [],
          name,
          source,
        ).map((next) => ({ graph: next, name, source })),
      );
  }

  #update(
    arrival: NextAccess,
    { order, to, outcome, outcomes }: Access & { readonly kind: 'update' },
    location: string,
    address: Traced,
  ): readonly Graph[] {
    const { thread, state } = arrival;
    const part = (kind: 'read' | 'write') => ({ order: orderOf(order, kind), isModification: true });
    return this.#reads(arrival, location, address, part('read')).flatMap(({ graph, name, value, source }) => {
      const known = { ...assigned(state, to, { value, reads: [name] }), next: state.next };
      return outcomes.flatMap((one, i) => {
        const condition = traced(one.condition, known);
        if (!isTrue(condition.value)) return [];
        const end = (next: Graph) =>
          stepped(
            next,
            thread,
            assigned(known, outcome, { value: i, reads: condition.reads }),
            `u${source},${i}`,
          );
        if (one.value === undefined) return [end(graph)];
        const change = traced(one.value, known);
        const details = { ...part('write'), value: change.value };
        return this.#writes(
          { ...arrival, graph },
          location,
          address,
          details,
          change.reads,
          name,
          source,
        ).map(end);
      });
    });
  }

  #reads(arrival: NextAccess, location: string, address: Traced, details: Partial<EventDetails>) {
    const { graph, thread } = arrival;
    const name = eventName(thread, graph.threads[thread]!.events.length);
    const latest = graph.coherence.get(location)!.at(-1);
    return graph.coherence.get(location)!.map((source) => {
      const { value } = this.#eventOf(graph, source);
      const [added] = this.#added(
        arrival,
        { kind: 'read', location, value: value!, ...details },
        address,
        [],
      );
      return {
        graph: {
          ...added,
          readsFrom: new Map(graph.readsFrom).set(name, source),
          isBackdated: source !== latest,
        },
        name,
        source,
        value: value!,
      };
    });
  }

  /** In each place of coherence, or directly after the write that the read of the same access has read. */
  #writes(
    arrival: NextAccess,
    location: string,
    address: Traced,
    details: Partial<EventDetails>,
    data: readonly EventName[],
    read?: EventName,
    source?: EventName,
  ): readonly Graph[] {
    const { graph, thread } = arrival;
    const order = graph.coherence.get(location)!;
    const name = eventName(thread, graph.threads[thread]!.events.length);
    const places = order.flatMap((write, i) => (source === undefined || write === source ? [i + 1] : []));
    return places.map((place) => {
      const [added] = this.#added(arrival, { kind: 'write', location, ...details }, address, data);
      const coherence = new Map(graph.coherence).set(location, order.toSpliced(place, 0, name));
      const isBackdated = graph.isBackdated || place < order.length;
      const { pairs } = added;
      if (read === undefined) return { ...added, coherence, isBackdated };
      return {
        ...added,
        coherence,
        isBackdated,
        pairs: { ...pairs, modifications: [...pairs.modifications, [read, name]] },
      };
    });
  }

  #added(
    { graph, thread, state, access }: NextAccess,
    details: Partial<EventDetails> & Pick<EventDetails, 'kind'>,
    address: Traced,
    data: readonly EventName[],
  ): readonly [Graph] {
    const own = graph.threads[thread]!;
    const name = eventName(thread, own.events.length);
    const event: EventDetails = { at: access.at, text: access.text, isModification: false, ...details };
    const to = (from: readonly EventName[]): readonly Pair[] => from.map((one) => [one, name] as const);
    const { pairs } = graph;
    return [
      {
        ...graph,
        threads: graph.threads.with(thread, { ...own, events: [...own.events, event] }),
        pairs: {
          modifications: pairs.modifications,
          control: [...pairs.control, ...to(controlling(state))],
          address: [...pairs.address, ...to(address.reads)],
          data: [...pairs.data, ...to(data)],
          flow: [...pairs.flow, ...to([...address.reads, ...data])],
        },
      },
    ];
  }

  #eventOf = (graph: Graph, name: EventName): EventDetails =>
    (threadOf(name) === firstThread ? this.#firsts : graph.threads[threadOf(name)]!.events)[placeOf(name)]!;
}

const nothing: Traced = { value: 0, reads: [] };
