// Small Programs whose state spaces are known on paper.

import { arithmetic, equal, int, less, read, truth } from '../ir/expression.js';
import type { Expr, Program, Step, Thread, Variable } from '../ir/program.js';
import type { Property } from '../property/property.js';

const value = (id: number): Expr => read({ variables: [id] }, 'int');
const plain = { caption: '', source: {} };

/** A thread that stays at its location. */
const still = (id: number, name: string): Thread => {
  return { id, name, locations: [{ label: 'loop', path: 'loop' }], start: 0, done: 0 };
};

/**
 * Threads that count up to `max`, each its own counter: (max + 1)^count states, count · max · (max + 1)^(count - 1)
 * transitions, depth count · max. A larger domain makes states wider, not more.
 */
export function counters(count: number, max: number, domainMax = max): Program {
  const ids = Array.from({ length: count }, (_, id) => id);
  const domain = { kind: 'int', min: 0, max: domainMax } as const;
  return {
    name: 'counters',
    settings: {},
    variables: ids.map((id): Variable => ({ id, name: `c${id}`, domain, initial: [0] })),
    threads: ids.map((id) => still(id, `t${id}`)),
    steps: ids.map((id): Step => {
      const target = { variables: [id] };
      const assignments = [{ target, value: arithmetic('add', value(id), int(1)) }];
      const guard = less('lt', value(id), int(max));
      return { ...plain, id, thread: id, from: 0, to: 0, label: 'count', guard, assignments };
    }),
    initially: truth(true),
  };
}

/** The numbers of states and transitions of `counters`. */
export const countersHave = (count: number, max: number) => {
  return {
    states: (max + 1) ** count,
    transitions: count * max * (max + 1) ** (count - 1),
    depth: count * max,
  };
};

/** A thread that chooses values for one variable after the other: level k has values^k states. */
export function choices(count: number, values: number): Program {
  const ids = Array.from({ length: count }, (_, id) => id);
  const domain = { kind: 'int', min: 0, max: values } as const;
  const end = { label: 'loop', path: 'loop' };
  return {
    name: 'choices',
    settings: {},
    variables: ids.map((id): Variable => ({ id, name: `c${id}`, domain, initial: [0] })),
    threads: [{ ...still(0, 'chooser'), locations: [...ids.map(() => end), end], done: count }],
    steps: ids.flatMap((from) =>
      Array.from({ length: values }, (_, v): Step => {
        const assignments = [{ target: { variables: [from] }, value: int(v + 1) }];
        const id = from * values + v;
        const guard = truth(true);
        return { ...plain, id, thread: 0, from, to: from + 1, label: `choose ${v}`, guard, assignments };
      }),
    ),
    initially: truth(true),
  };
}

/** A graph given by its paths, `graph('0 1 3', '0 2 3')`: a step for each edge, from the first node on. */
export function graph(...paths: readonly string[]): Program {
  const nodes = paths.map((path) => path.split(' ').map(Number));
  const edges = new Map<string, readonly [number, number]>();
  for (const path of nodes) {
    path.slice(1).forEach((to, i) => {
      edges.set(`${path[i]} ${to}`, [path[i]!, to]);
    });
  }
  const first = nodes[0]![0]!;
  const max = Math.max(...nodes.flat());
  return {
    name: 'graph',
    settings: {},
    variables: [{ id: 0, name: 'node', domain: { kind: 'int', min: 0, max }, initial: [first] }],
    threads: [
      { ...still(0, 'walker'), locations: [0, 1].map(() => ({ label: 'loop', path: 'loop' })), done: 1 },
    ],
    steps: [...edges.values()].map(([from, to], id): Step => {
      const assignments = [{ target: { variables: [0] }, value: int(to) }];
      return {
        ...plain,
        id,
        thread: 0,
        from: 0,
        to: 0,
        label: `${from}-${to}`,
        guard: equal(value(0), int(from)),
        assignments,
      };
    }),
    initially: truth(true),
  };
}

/** The property that a node of a graph is never, at some time, or always the current one. */
export const nodeIs = (expectation: 'always' | 'never' | 'sometimes', node: number): Property => {
  return { name: `${expectation} ${node}`, expectation, condition: equal(value(0), int(node)), source: {} };
};
