// For tests: a graph written as text, as a Program whose only actor walks on it. Nodes are single characters; the
// conditions that are true at nodes are listed by name.
//
//   graphProgram('ab bc cb', { p: 'a', q: 'bc' })      a -> b -> c -> b, p at a, q at b and c; the run starts at a

import { at, truth } from '../../ir/expression.js';
import type { Expr, Program, Variable } from '../../ir/program.js';

export interface GraphProgram {
  readonly program: Program;
  /** The named conditions. */
  readonly atoms: { readonly [name: string]: Expr };
}

/** Nodes are numbered in the order in which the text names them; the first is where the run starts. */
export function graphProgram(
  edges: string,
  truths: { readonly [name: string]: string },
  variables: readonly Variable[] = [],
): GraphProgram {
  const pairs = edges.split(' ');
  const nodes = [...new Set(pairs.join(''))];
  const steps = nodes.flatMap((node, from) =>
    pairs
      .filter((pair) => pair[0] === node && pair.length === 2)
      .map((pair) => ({ from, to: nodes.indexOf(pair[1]!), label: pair })),
  );
  const locations = nodes.map((node) => ({ label: node, path: node }));
  const program: Program = {
    name: edges,
    settings: {},
    variables,
    threads: [
      {
        id: 0,
        name: 'walker',
        locations: [...locations, { label: 'done', path: 'done' }],
        start: 0,
        done: nodes.length,
      },
    ],
    steps: steps.map(({ from, to, label }, id) => ({
      ...{ id, thread: 0, from, to, label, caption: label, source: {}, guard: truth(true), assignments: [] },
    })),
    initially: truth(true),
  };
  const atoms = Object.entries(truths).map(([name, of]) => {
    const locations = [...of].map((node) => nodes.indexOf(node)).filter((location) => location >= 0);
    return [name, at(0, locations)] as const;
  });
  return { program, atoms: Object.fromEntries(atoms) };
}
