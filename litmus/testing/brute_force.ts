// All executions of a test without any pruning: every thread with every value that a read might have, every write of
// that value to read from, every order of writes. Only the axioms choose, once an execution is whole.

import type { Execution, MemoryEvent, Pair } from '../execution/event.js';
import { ExecutionFacts } from '../execution/facts.js';
import { type AxiomaticModel, broken, Evaluator } from '../models/model.js';
import { compile } from '../program/compile.js';
import type { Access, LitmusProgram } from '../program/instructions.js';
import { changeOf, isComputed, onlyLoads, orderOf, resultOf } from '../program/modification.js';
import { possibleWrites } from '../program/possible_values.js';
import {
  assigned,
  controlling,
  reached,
  startOfThread,
  type ThreadState,
  traced,
} from '../program/thread.js';
import type { LitmusTest, LitmusValue } from '../syntax/ast.js';
import { isTrueAtEnd, nameOf, valueAtEnd } from '../verdict/condition.js';

/** A thread alone: its events, numbered from 0, and what depends on what. */
interface Trace {
  readonly events: readonly Omit<MemoryEvent, 'id' | 'thread'>[];
  readonly pairs: readonly (readonly [name: keyof Execution & string, from: number, to: number])[];
  readonly registers: ReadonlyMap<string, LitmusValue>;
}

/** Counts and final states, as `judge` has them. */
export function bruteForce(test: LitmusTest, model: AxiomaticModel) {
  const program = compile(test);
  const states = new Set<string>();
  let [positive, negative] = [0, 0];
  for (const execution of allExecutions(test, program)) {
    const evaluation = new Evaluator(new ExecutionFacts(execution));
    if (broken(evaluation, model) !== undefined) continue;
    states.add(test.locations.map((each) => `${nameOf(each)}=${valueAtEnd(execution, each)}`).join(' '));
    if (isTrueAtEnd(execution, test.condition.proposition)) positive++;
    else negative++;
  }
  return { states, positive, negative };
}

function* allExecutions(test: LitmusTest, program: LitmusProgram): Generator<Execution> {
  const written = possibleWrites(test.initial, program);
  const values = new Map(
    program.locations.map((name) => [
      name,
      [...new Set([test.initial.get(name) ?? 0, ...written.flatMap((of) => [...(of.get(name) ?? [])])])],
    ]),
  );
  const traces = program.threads.map((code) => [
    ...tracesOf(code, startOfThread, { events: [], pairs: [], registers: new Map() }, values),
  ]);
  for (const chosen of choices(traces)) yield* joined(test, program, chosen);
}

function* choices<T>([first, ...rest]: readonly (readonly T[])[]): Generator<readonly T[]> {
  if (first === undefined) yield [];
  else for (const one of first) for (const others of choices(rest)) yield [one, ...others];
}

function* tracesOf(
  code: LitmusProgram['threads'][number],
  from: ThreadState,
  trace: Trace,
  values: ReadonlyMap<string, readonly LitmusValue[]>,
): Generator<Trace> {
  const now = reached(code, from);
  if (now.kind === 'end') {
    yield {
      ...trace,
      registers: new Map([...now.state.registers].map(([name, { value }]) => [name, value])),
    };
    return;
  }
  if (now.kind !== 'access') throw new Error('tests make no choices');
  for (const { events, pairs, next } of outcomes(now.access, now.state, trace.events.length, values)) {
    yield* tracesOf(
      code,
      next,
      { ...trace, events: [...trace.events, ...events], pairs: [...trace.pairs, ...pairs] },
      values,
    );
  }
}

interface Outcome extends Pick<Trace, 'events' | 'pairs'> {
  readonly next: ThreadState;
}

function* outcomes(
  access: Access,
  state: ThreadState,
  id: number,
  values: ReadonlyMap<string, readonly LitmusValue[]>,
): Generator<Outcome> {
  const { at, text } = access;
  const plain = { at, text, isModification: false } as const;
  if (access.kind === 'fence') {
    yield {
      events: [{ ...plain, kind: 'fence', fence: access.fence }],
      pairs: [],
      next: assigned(state, undefined, nothing),
    };
    return;
  }
  const address = traced(access.address, state);
  const location = String(address.value);
  const depends = (event: number, data: readonly number[] = []) => [
    ...controlling(state).map((read) => ['control', read, event] as const),
    ...address.reads.map((read) => ['address', read, event] as const),
    ...data.map((read) => ['data', read, event] as const),
    ...[...data, ...address.reads].map((read) => ['flow', read, event] as const),
  ];
  const here = { ...plain, location };
  switch (access.kind) {
    case 'read':
      for (const value of values.get(location)!) {
        yield {
          events: [{ ...here, kind: 'read', order: access.order, value }],
          pairs: depends(id),
          next: assigned(state, access.to, { value, reads: [id] }),
        };
      }
      return;
    case 'write': {
      const { value, reads } = traced(access.value, state);
      yield {
        events: [{ ...here, kind: 'write', order: access.order, value }],
        pairs: depends(id, reads),
        next: assigned(state, undefined, nothing),
      };
      return;
    }
    case 'lock': {
      const events = [
        { ...here, kind: 'read', order: 'once', lock: 'LKR', value: 0 },
        { ...here, kind: 'write', order: 'once', lock: 'LKW', value: 1 },
      ] as const;
      yield {
        events,
        pairs: [...depends(id), ...depends(id + 1), ['modifications', id, id + 1]],
        next: assigned(state, undefined, nothing),
      };
      return;
    }
    case 'unlock':
      yield {
        events: [{ ...here, kind: 'write', order: 'once', lock: 'UL', value: 0 }],
        pairs: depends(id),
        next: assigned(state, undefined, nothing),
      };
      return;
    case 'modify':
      for (const old of values.get(location)!) yield modified(access, state, id, old, here, depends);
      return;
    default:
      throw new Error(`brute force does not know ${access.kind}`);
  }
}

function modified(
  { primitive, operand, expected, to }: Access & { readonly kind: 'modify' },
  state: ThreadState,
  id: number,
  old: LitmusValue,
  here: Omit<MemoryEvent, 'id' | 'thread' | 'kind'>,
  depends: (event: number, data?: readonly number[]) => Trace['pairs'],
): Outcome {
  const given = traced(operand, state);
  const change = changeOf(primitive, old, given.value, traced(expected, state).value);
  const next = assigned(state, to, { value: resultOf(primitive, old, change), reads: [id] });
  const part = (kind: 'read' | 'write', value: LitmusValue) =>
    ({ ...here, kind, value, order: orderOf(primitive.order, kind), isModification: true }) as const;
  if (change === undefined) {
    const expects = traced(expected, state).value;
    const loaded = { ...here, kind: 'read', value: old, order: 'once', isModification: false } as const;
    const event = onlyLoads(primitive, old, expects) ? loaded : part('read', old);
    return { events: [event], pairs: depends(id), next };
  }
  const data = isComputed(primitive) ? [...given.reads, id] : given.reads;
  const pairs = [...depends(id), ...depends(id + 1, data), ['modifications', id, id + 1] as const];
  return { events: [part('read', old), part('write', change)], pairs, next };
}

const nothing = { value: 0, reads: [] };

/** Traces side by side, with every choice of sources and orders. */
function* joined(test: LitmusTest, program: LitmusProgram, traces: readonly Trace[]): Generator<Execution> {
  const firsts = program.locations.map(
    (location) =>
      ({
        thread: -1,
        kind: 'write',
        location,
        value: test.initial.get(location) ?? 0,
        isModification: false,
        text: location,
      }) as const,
  );
  const events: MemoryEvent[] = [
    ...firsts,
    ...traces.flatMap((trace, thread) => trace.events.map((event) => ({ ...event, thread }))),
  ].map((event, id) => ({ ...event, id }));
  const starts = traces.map(
    (_, i) => firsts.length + traces.slice(0, i).reduce((sum, trace) => sum + trace.events.length, 0),
  );
  const pairs = (name: string): readonly Pair[] =>
    traces.flatMap((trace, i) =>
      trace.pairs
        .filter(([of]) => of === name)
        .map(([, from, to]) => [from + starts[i]!, to + starts[i]!] as const),
    );
  const writes = events.filter(({ kind }) => kind === 'write');
  const sources = events.map(({ kind, location, value }) =>
    kind === 'read'
      ? writes.filter((write) => write.location === location && write.value === value).map(({ id }) => id)
      : [undefined],
  );
  const orders = program.locations.map((location, i) =>
    [
      ...permutations(
        writes.filter((write) => write.location === location && write.thread !== -1).map(({ id }) => id),
      ),
    ].map((order) => [i, ...order]),
  );
  for (const readsFrom of choices(sources)) {
    for (const chosen of choices(orders)) {
      const coherence = new Map(program.locations.map((location, i) => [location, chosen[i]!]));
      const execution: Execution = {
        events,
        readsFrom,
        coherence,
        modifications: pairs('modifications'),
        address: pairs('address'),
        data: pairs('data'),
        control: pairs('control'),
        flow: pairs('flow'),
        registers: traces.map(({ registers }) => registers),
      };
      if (isGrounded(execution)) yield execution;
    }
  }
}

function* permutations(of: readonly number[]): Generator<readonly number[]> {
  if (of.length === 0) yield [];
  for (const first of of)
    for (const rest of permutations(of.filter((one) => one !== first))) yield [first, ...rest];
}

/** No value comes from itself: what has no source behind it is taken away until nothing is left. */
function isGrounded({ events, flow, readsFrom }: Execution): boolean {
  let left = new Set(events.map(({ id }) => id));
  for (;;) {
    const next = new Set(
      [...left].filter(
        (id) =>
          flow.some(([from, to]) => to === id && left.has(from)) ||
          (readsFrom[id] !== undefined && left.has(readsFrom[id])),
      ),
    );
    if (next.size === left.size) return next.size === 0;
    left = next;
  }
}
