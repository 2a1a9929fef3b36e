// The state graph of a small Program, for graph tools: dot for Graphviz, aut (Aldebaran) for CADP and mCRL2. States are
// numbered in breadth-first order.
//
//   des (0, 2, 3)            the initial state, the transitions, the states
//   (0, "load (a)", 1)
//   (1, "store (a)", 2)

import { typeOfDomain, valueText } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import type { Program, StepId } from '../ir/program.js';
import { type ReferenceGraph, referenceGraph } from '../reference/reference_graph.js';
import type { State } from '../reference/semantics.js';
import { plainText } from './names.js';
import { ExportError } from './refusals.js';

interface ExportedEdge {
  readonly from: number;
  readonly step: StepId;
  /** Undefined where the step has a fault. */
  readonly to: number | undefined;
}
interface ExportedGraph {
  readonly states: readonly State[];
  readonly initialCount: number;
  /** In the order of their states, and of the steps out of each. */
  readonly edges: readonly ExportedEdge[];
}

/** Larger graphs are of no use to people. */
const statesMaxDefault = 10_000;

/** Explores the Program. Throws an ExportError if it has more states than `statesMax`. */
function graphOf(program: Program, statesMax: number): ExportedGraph {
  const { states, initialCount, first, to, step, faults } = finished(program, statesMax);
  const edges = [
    ...states.flatMap((_, from) =>
      [...to.subarray(first[from], first[from + 1])].map((target, i): ExportedEdge => {
        return { from, step: step[first[from]! + i]!, to: target };
      }),
    ),
    ...faults.map((fault): ExportedEdge => ({ ...fault, to: undefined })),
  ];
  return { states, initialCount, edges: edges.sort((a, b) => a.from - b.from || a.step - b.step) };
}

function finished(program: Program, statesMax: number): ReferenceGraph {
  const work = referenceGraph(program);
  for (;;) {
    const { done, value } = work.next();
    if ((done ? value.stateCount : value.count) > statesMax) {
      throw new ExportError(`${program.name} has more than ${statesMax} states: too many for a graph`);
    }
    if (done) return value;
  }
}

function edgeText(step: StepId, program: Program): string {
  const { label, thread } = program.steps[step]!;
  return plainText(`${label} (${program.threads[thread]!.name})`);
}

/**
 * The state graph for Graphviz: `dot -Tsvg`. A node shows the location of every thread and the value of every variable.
 */
export function exportDot(bare: Program, statesMax = statesMaxDefault): string {
  const program = composed(bare);
  const { states, initialCount, edges } = graphOf(program, statesMax);
  const faults = edges.some(({ to }) => to === undefined);
  return [
    `digraph "${plainText(program.name)}" {`,
    '  node [shape=box, fontname=monospace]; edge [fontname=monospace];',
    ...states.map((state, i) => {
      const look = i < initialCount ? ', peripheries=2' : '';
      return `  ${i} [label="${stateText(state, program).join('\\l')}\\l"${look}];`;
    }),
    ...(faults ? ['  fault [label="a value outside its domain", style=dashed];'] : []),
    ...edges.map(
      ({ from, step, to }) => `  ${from} -> ${to ?? 'fault'} [label="${edgeText(step, program)}"];`,
    ),
    '}',
    '',
  ].join('\n');
}

function stateText({ at, value }: State, program: Program): readonly string[] {
  const places = program.threads.map(({ id, name, locations }) => `${name}: ${locations[at.get(id)!]!.path}`);
  const values = program.variables.map(
    ({ id, name, domain }) => `${name} = ${valueText(value.get(id)!, typeOfDomain(domain))}`,
  );
  return [...places, ...values].map(plainText);
}

/**
 * The state graph as an Aldebaran file. It has one initial state: where the Program has several, an extra state with an
 * edge to each of them. A step with a fault leads to an extra state, the last.
 */
export function exportAut(program: Program, statesMax = statesMaxDefault): string {
  const { states, initialCount, edges } = graphOf(program, statesMax);
  const before = initialCount === 1 ? 0 : 1;
  const fault = states.length + before;
  const faults = edges.some(({ to }) => to === undefined);
  const choices = before === 0 ? [] : [...Array(initialCount).keys()].map((i) => `(0, "initial", ${i + 1})`);
  const lines = edges.map(
    ({ from, step, to }) =>
      `(${from + before}, "${edgeText(step, program)}", ${to === undefined ? fault : to + before})`,
  );
  const all = [...choices, ...lines];
  return [`des (0, ${all.length}, ${fault + (faults ? 1 : 0)})`, ...all, ''].join('\n');
}
