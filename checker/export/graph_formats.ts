// The state graph of a Program as text, line by line, while its states are found: dot for Graphviz, aut (Aldebaran) for
// CADP and mCRL2, and JSON lines for programs. States are numbered in breadth-first order.
//
//   des (0, 2, 3)            the initial state, the transitions, the states
//   (0, "load (a)", 1)
//   (1, "store (a)", 2)

import { typeOfDomain, valueText } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import type { Program, StepId } from '../ir/program.js';
import type { ExpandedState } from '../search/expanded_state.js';
import { plainText } from './names.js';
import { ExportError } from './refusals.js';

/** Of a Program; can be read as often as needed, and is the same each time. */
export type ExpandedStates = Iterable<ExpandedState>;

/** Larger graphs are of no use to people. */
export const statesMaxForPeople = 10_000;

interface GraphCounts {
  readonly states: number;
  readonly initial: number;
  readonly transitions: number;
  readonly faults: number;
}

/** Throws an ExportError if there are more states than `statesMax`. */
function countsOf({ name }: Program, all: ExpandedStates, statesMax: number): GraphCounts {
  let [states, initial, transitions, faults] = [0, 0, 0, 0];
  for (const state of all) {
    if (++states > statesMax) {
      throw new ExportError(
        `${name} has more than ${statesMax} states: too many for a graph to look at; --out=FILE writes all of them`,
      );
    }
    if (state.isInitial) initial += 1;
    transitions += state.transitions.length;
    faults += state.transitions.filter(({ to }) => to === undefined).length;
  }
  return { states, initial, transitions, faults };
}

function edgeText(step: StepId, program: Program): string {
  const { label, thread } = program.steps[step]!;
  return plainText(`${label} (${program.threads[thread]!.name})`);
}

/**
 * The state graph for Graphviz: `dot -Tsvg`. A node shows the location of every thread and the value of every variable.
 */
export function* dotLines(
  bare: Program,
  all: ExpandedStates,
  statesMax = Number.POSITIVE_INFINITY,
): Generator<string> {
  const program = composed(bare);
  const { faults } = countsOf(program, all, statesMax);
  yield `digraph "${plainText(program.name)}" {\n`;
  yield '  node [shape=box, fontname=monospace]; edge [fontname=monospace];\n';
  for (const { number, isInitial, columns } of all) {
    const text = [...namedColumns(columns, program)].map(([name, value, isPlace]) =>
      plainText(isPlace ? `${name}: ${value}` : `${name} = ${value}`),
    );
    yield `  ${number} [label="${text.join('\\l')}\\l"${isInitial ? ', peripheries=2' : ''}];\n`;
  }
  if (faults > 0) yield '  fault [label="a value outside its domain", style=dashed];\n';
  for (const { number, transitions } of all) {
    for (const { step, to } of transitions) {
      yield `  ${number} -> ${to ?? 'fault'} [label="${edgeText(step, program)}"];\n`;
    }
  }
  yield '}\n';
}

/** The name of each thread and variable with its location or value as text, and whether it is a location. */
function* namedColumns(
  columns: readonly number[],
  { threads, variables }: Program,
): Generator<readonly [string, string, boolean]> {
  for (const [i, { name, locations }] of threads.entries()) yield [name, locations[columns[i]!]!.path, true];
  for (const [i, { name, domain }] of variables.entries()) {
    yield [name, valueText(columns[threads.length + i]!, typeOfDomain(domain)), false];
  }
}

/**
 * The state graph as an Aldebaran file. It has one initial state: where the Program has several, an extra state with an
 * edge to each of them. A step with a fault leads to an extra state, the last.
 */
export function* autLines(
  bare: Program,
  all: ExpandedStates,
  statesMax = Number.POSITIVE_INFINITY,
): Generator<string> {
  const program = composed(bare);
  const { states, initial, transitions, faults } = countsOf(program, all, statesMax);
  const before = initial === 1 ? 0 : 1;
  const choices = before === 0 ? 0 : initial;
  const fault = states + before;
  yield `des (0, ${choices + transitions}, ${fault + (faults > 0 ? 1 : 0)})\n`;
  for (let i = 0; i < choices; i++) yield `(0, "initial", ${i + 1})\n`;
  for (const { number, transitions: steps } of all) {
    for (const { step, to } of steps) {
      yield `(${number + before}, "${edgeText(step, program)}", ${to === undefined ? fault : to + before})\n`;
    }
  }
}

/** JSON, an object a line: what the model is; each state with its transitions behind it; at last how many there were. */
export function* stateLines(bare: Program, all: ExpandedStates): Generator<string> {
  const program = composed(bare);
  const { name: model, settings, threads } = program;
  const line = (object: object) => `${JSON.stringify(object)}\n`;
  yield line({ kind: 'raceproof states', schema: 1, model, settings });
  let [states, count] = [0, 0];
  for (const { number, isInitial, columns, transitions } of all) {
    states += 1;
    count += transitions.length;
    yield line({ state: number, ...(isInitial && { initial: true }), ...namedState(columns, program) });
    for (const { step, to } of transitions) {
      const { label, thread } = program.steps[step]!;
      const where = to === undefined ? { fault: true } : { to };
      yield line({ from: number, ...where, actor: threads[thread]!.name, label });
    }
  }
  yield line({ states, transitions: count });
}

/** Locations by actor, and values by variable: numbers, booleans and words. */
function namedState(columns: readonly number[], { threads, variables }: Program): object {
  const at = threads.map(({ name, locations }, i) => [name, locations[columns[i]!]!.path] as const);
  const values = variables.map(({ name, domain }, i) => {
    const value = columns[threads.length + i]!;
    const named =
      domain.kind === 'int' ? value : domain.kind === 'bool' ? value !== 0 : domain.values[value]!;
    return [name, named] as const;
  });
  return { at: Object.fromEntries(at), values: Object.fromEntries(values) };
}
