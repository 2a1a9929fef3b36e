// State graphs as text: numbered breadth first, every step an edge.

import { describe, expect, test } from 'vitest';
import { truth } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import type { Program } from '../ir/program.js';
import { referenceGraph } from '../reference/reference_graph.js';
import { finish } from '../search/work.js';
import { stateStream } from '../state_stream.js';
import { autLines, dotLines, stateLines } from './graph_formats.js';
import { ExportError } from './refusals.js';
import { specimen } from './testing/specimen.js';

/** Two threads that take one step each. */
const diamond: Program = {
  ...{ name: 'diamond', settings: {}, initially: truth(true) },
  variables: [{ id: 0, name: 'last', domain: { kind: 'enum', values: ['a', 'b'] }, initial: [0] }],
  threads: ['a', 'b'].map((name, id) => ({
    ...{ id, name, start: 0, done: 1 },
    locations: ['go', 'done'].map((label) => ({ label, path: label })),
  })),
  steps: [0, 1].map((id) => ({
    ...{ id, thread: id, from: 0, to: 1, label: 'go', caption: 'go', source: {}, guard: truth(true) },
    assignments: [
      { target: { variables: [0] }, value: { op: 'const', value: id, type: ['a', 'b'] } as const },
    ],
  })),
};

const exportDot = (program: Program, statesMax?: number) =>
  [...dotLines(program, stateStream(program), statesMax)].join('');
const exportAut = (program: Program) => [...autLines(program, stateStream(program))].join('');

describe('state graphs', () => {
  test('dot: two threads of one step each, and a state for each order', () => {
    expect(exportDot(diamond)).toMatchInlineSnapshot(`
      "digraph "diamond" {
        node [shape=box, fontname=monospace]; edge [fontname=monospace];
        0 [label="a: go\\lb: go\\llast = a\\l", peripheries=2];
        1 [label="a: done\\lb: go\\llast = a\\l"];
        2 [label="a: go\\lb: done\\llast = b\\l"];
        3 [label="a: done\\lb: done\\llast = b\\l"];
        4 [label="a: done\\lb: done\\llast = a\\l"];
        0 -> 1 [label="go (a)"];
        0 -> 2 [label="go (b)"];
        1 -> 3 [label="go (b)"];
        2 -> 4 [label="go (a)"];
      }
      "
    `);
  });

  test('aut: the same graph', () => {
    expect(exportAut(diamond)).toMatchInlineSnapshot(`
      "des (0, 4, 5)
      (0, "go (a)", 1)
      (0, "go (b)", 2)
      (1, "go (b)", 3)
      (2, "go (a)", 4)
      "
    `);
  });

  test('aut has one initial state: where there are more, one stands before them', () => {
    const many = { ...diamond, variables: [{ ...diamond.variables[0]!, initial: [0, 1] }] };
    expect(exportAut(many).split('\n').slice(0, 3)).toEqual([
      'des (0, 8, 7)',
      '(0, "initial", 1)',
      '(0, "initial", 2)',
    ]);
  });

  test('a step without a meaning leads to a state of its own', () => {
    const variables = [{ ...diamond.variables[0]!, domain: { kind: 'enum', values: ['a'] } } as const];
    expect(exportAut({ ...diamond, variables }).split('\n')[0]).toBe('des (0, 3, 3)');
    expect(exportDot({ ...diamond, variables })).toContain('-> fault [label="go (b)"]');
  });

  test('a graph that is too large to read is refused', () => {
    expect(() => exportDot(specimen, 10)).toThrow(ExportError);
  });

  test('states: a line for the model, for each state with its transitions, and for how many there were', () => {
    expect([...stateLines(diamond, stateStream(diamond))].join('')).toMatchInlineSnapshot(`
      "{"kind":"raceproof states","schema":1,"model":"diamond","settings":{}}
      {"state":0,"initial":true,"at":{"a":"go","b":"go"},"values":{"last":"a"}}
      {"from":0,"to":1,"actor":"a","label":"go"}
      {"from":0,"to":2,"actor":"b","label":"go"}
      {"state":1,"at":{"a":"done","b":"go"},"values":{"last":"a"}}
      {"from":1,"to":3,"actor":"b","label":"go"}
      {"state":2,"at":{"a":"go","b":"done"},"values":{"last":"b"}}
      {"from":2,"to":4,"actor":"a","label":"go"}
      {"state":3,"at":{"a":"done","b":"done"},"values":{"last":"b"}}
      {"state":4,"at":{"a":"done","b":"done"},"values":{"last":"a"}}
      {"states":5,"transitions":4}
      "
    `);
  });

  test('states: a step without a meaning has no state to lead to', () => {
    const variables = [{ ...diamond.variables[0]!, domain: { kind: 'enum', values: ['a'] } } as const];
    const program = { ...diamond, variables };
    const lines = [...stateLines(program, stateStream(program))].map((line) => JSON.parse(line));
    expect(lines.filter(({ fault }) => fault)).toEqual([
      { from: 0, fault: true, actor: 'b', label: 'go' },
      { from: 1, fault: true, actor: 'b', label: 'go' },
    ]);
  });

  test('are those of the reference engine, state by state and edge by edge', () => {
    const { stateCount, initialCount, first, to, step } = finish(referenceGraph(composed(specimen)));
    const all = [...stateStream(specimen)].map((state) => ({ ...state }));
    expect(all.length).toBe(stateCount);
    expect(all.filter(({ isInitial }) => isInitial).length).toBe(initialCount);
    for (const { number, transitions } of all) {
      const edges = transitions.filter((edge) => edge.to !== undefined);
      expect(edges.map((edge) => edge.to)).toEqual([...to.subarray(first[number], first[number + 1])]);
      expect(edges.map((edge) => edge.step)).toEqual([...step.subarray(first[number], first[number + 1])]);
    }
  });
});
