// Formulas on small graphs whose answers are obvious, on the graphs of both engines; and random formulas, where every
// counterexample must be confirmed by definition, and every formula that holds must hold on all short lassos.

import { describe, expect, test } from 'vitest';
import { normalise, truthOf } from '../../properties/automaton/index.js';
import { literal } from '../../properties/automaton/normal.js';
import { type Formula, mapAtoms } from '../../properties/language/temporal.js';
import { compile } from '../compiled/compile.js';
import { compiledGraph } from '../compiled/search/compiled_graph.js';
import type { StateGraph } from '../graph/state_graph.js';
import { didYouMean, initialStates, take } from '../index.js';
import type { Expr, Program } from '../ir/program.js';
import type { Fairness, Property } from '../property/property.js';
import { parseFormula } from '../property/text/parser.js';
import { referenceGraph } from '../reference/reference_graph.js';
import type { State } from '../reference/semantics.js';
import { type Check, checksOf, type Finding } from '../search/report.js';
import { finish } from '../search/work.js';
import { objection } from './confirm.js';
import { livenessOf } from './run.js';
import { graphProgram } from './testing/graph_program.js';

function graphsOf(program: Program): readonly StateGraph[] {
  return [referenceGraph(program), compiledGraph(compile(program))].map(finish);
}

/** The finding of a check on the graphs of both engines, which must be the same. */
function findingOf(
  program: Program,
  formula: Formula<Expr>,
  fairness: readonly Fairness[],
  shortest = false,
) {
  const property: Property = {
    ...{ name: 'it', expectation: 'liveness', condition: { op: 'const', value: 1, type: 'bool' } },
    ...{ liveness: { formula, fairness }, source: {} },
  };
  const check = checksOf(program, [property])[0] as Check;
  const found = [referenceGraph(program), compiledGraph(compile(program))].map((building) => {
    const { findings, undecided } = finish(livenessOf(program, building, [check], shortest));
    expect(undecided.size).toBe(0);
    return findings.get(check);
  });
  expect(found[0]).toEqual(found[1]);
  if (found[0] !== undefined) expect(confirm(program, check, found[0])).toBeUndefined();
  return found[0];
}

/** The reasons why a finding is wrong. */
function confirm(program: Program, check: Check, { path, loop }: Finding): string | undefined {
  const states: State[] = [initialStates(program)[path.initial]!];
  for (const step of path.steps) states.push(take(program.steps[step]!, states.at(-1)!, program));
  return objection(program, check.liveness!, { states, steps: path.steps, loop });
}

/** A finding as the edges that it takes, the loop in parentheses: `ab bc (cb bc)`; `holds` if there is none. */
function lassoText(program: Program, finding: Finding | undefined): string {
  if (finding === undefined) return 'holds';
  const labels = finding.path.steps.map((step) => program.steps[step]!.label);
  if (finding.loop === undefined) return `${labels.join(' ')} .`.trim();
  const [stem, loop] = [labels.slice(0, finding.loop), labels.slice(finding.loop)];
  return `${stem.join(' ')} (${loop.join(' ')})`.trim();
}

/** The text language, with p and q for conditions on nodes: `walker at a|b`. */
function formulaOf(text: string, program: Program, truths: { readonly [name: string]: string }) {
  const named = text.replace(/\b[pqr]\b/g, (name) => {
    const nodes = [...truths[name]!];
    return nodes.length === 0 ? 'false' : `(walker at ${nodes.join('|')})`;
  });
  return parseFormula(named, program, didYouMean);
}

describe('a formula, a graph, and the loop that the formula forbids', () => {
  // Nodes are letters, edges are pairs; p, q and r are true at the nodes listed. '.' is a run that ends.
  const line = { edges: 'ab bc', p: 'a', q: 'c', r: '' };
  const cycle = { edges: 'ab bc ca', p: 'a', q: 'c', r: '' };
  const choice = { edges: 'ab ac bb cc', p: 'b', q: 'c', r: 'a' };
  const exit = { edges: 'aa ab bc', p: 'a', q: 'c', r: 'b' };
  const eight = { edges: 'ab ba ac ca', p: 'b', q: 'c', r: 'a' };
  test.each([
    // A run that ends repeats its last state.
    [line, 'F q', 'holds'],
    [line, 'G F q', 'holds'],
    [line, 'F G q', 'holds'],
    [line, 'G F p', 'ab bc .'],
    [line, 'F (p and X p)', 'ab bc .'],
    [line, 'F (q and X q)', 'holds'],
    [line, 'X X X q', 'holds'],
    [line, 'p U q', 'ab bc .'],
    [line, '(not q) U q', 'holds'],
    [line, 'F r', 'ab bc .'],
    // A run in a cycle.
    [cycle, 'G F p and G F q', 'holds'],
    [cycle, 'F G p', '(ab bc ca)'],
    [cycle, 'G (p -> F q)', 'holds'],
    [cycle, 'G (p -> X q)', '(ab bc ca)'],
    [cycle, 'G (p -> X X q)', 'holds'],
    [cycle, 'p leadsTo q', 'holds'],
    [cycle, 'q leadsTo r', '(ab bc ca)'],
    [cycle, 'F G (p or q)', '(ab bc ca)'],
    // A run with a choice.
    [choice, 'F p', 'ac (cc)'],
    [choice, 'F q', 'ab (bb)'],
    [choice, 'F (p or q)', 'holds'],
    [choice, 'F G p or F G q', 'holds'],
    [choice, 'G F p -> G F r', 'ab (bb)'],
    [choice, 'r U (p or q)', 'holds'],
    [choice, 'r W p', 'ac (cc)'],
    [choice, 'p R (r or q)', 'ab (bb)'],
    // A run that may stay for ever.
    [exit, 'F q', '(aa)'],
    [exit, 'G F q', '(aa)'],
    [exit, 'F q or G p', 'holds'],
    [exit, 'p W q', 'ab bc .'],
    [exit, 'p W r', 'holds'],
    [exit, 'r leadsTo q', 'holds'],
    [exit, 'p leadsTo r', '(aa)'],
    // A run in one of two cycles.
    [eight, 'G F p', '(ac ca)'],
    [eight, 'G F p or G F q', 'holds'],
    [eight, 'G F p -> G F q', '(ab ba)'],
    [eight, 'G F r', 'holds'],
    [eight, 'F G not p or G F q', '(ab ba)'],
    [eight, 'not (G F p and G F q)', '(ab ba ac ca)'],
    [eight, 'G (p -> X X q)', '(ab ba)'],
  ] as const)('%o: %s', (graph, text, expected) => {
    const { edges, ...truths } = graph;
    const { program } = graphProgram(edges, truths);
    expect(lassoText(program, findingOf(program, formulaOf(text, program, truths), []))).toBe(expected);
  });
});

describe('fairness', () => {
  const fair = (program: Program, strength: 'weak' | 'strong', label: string): Fairness => {
    const steps = program.steps.filter((step) => step.label === label).map(({ id }) => id);
    return { strength, name: label, steps };
  };
  const { program } = graphProgram('aa ab bc', { q: 'c' });
  const both = graphProgram('ab ba bc', { q: 'c' }).program;
  const never = (of: Program) => parseFormula('F (walker at c)', of);

  test('a step that stays enabled is taken under weak fairness', () => {
    expect(lassoText(program, findingOf(program, never(program), [fair(program, 'weak', 'ab')]))).toBe(
      'holds',
    );
  });
  test('a step that is enabled infinitely often is taken under strong fairness only', () => {
    expect(lassoText(both, findingOf(both, never(both), [fair(both, 'weak', 'bc')]))).toBe('(ab ba)');
    expect(lassoText(both, findingOf(both, never(both), [fair(both, 'strong', 'bc')]))).toBe('holds');
  });
  test('a component without the states that enable a starved step may still have a fair loop', () => {
    // Strong fairness to bd drives a run out of a b c; in a e it is not enabled, and a e a e … is fair.
    const { program: larger } = graphProgram('ab bc ca ae ea bd', { q: 'd' });
    const formula = parseFormula('F (walker at d)', larger);
    expect(lassoText(larger, findingOf(larger, formula, [fair(larger, 'strong', 'bd')]))).toBe('(ae ea)');
    const all = ['bd', 'ab'].map((label) => fair(larger, 'strong', label));
    expect(lassoText(larger, findingOf(larger, formula, all))).toBe('holds');
  });
});

test('a loop includes the detour that strong fairness requires', () => {
  // a b a b … alone would violate the formula, but bc is enabled in it and never taken.
  const { program } = graphProgram('ab ba bc ca', { p: '' });
  const formula = parseFormula('F (walker is done)', program);
  const steps = program.steps.filter(({ label }) => label === 'bc').map(({ id }) => id);
  const to = (strength: 'weak' | 'strong'): Fairness => ({ strength, name: 'bc', steps });
  expect(lassoText(program, findingOf(program, formula, [to('weak')]))).toBe('(ab ba)');
  expect(lassoText(program, findingOf(program, formula, [to('strong')]))).toBe('(ab bc ca)');
  expect(lassoText(program, findingOf(program, formula, [to('strong')], true))).toBe('(ab bc ca)');
});

test('the shortest lasso is found where the nearest fair component has a long one', () => {
  const { program } = graphProgram('ab bc cd da ae ef fe', { p: 'z' });
  const formula = parseFormula('F (walker is done)', program);
  expect(lassoText(program, findingOf(program, formula, []))).toBe('(ab bc cd da)');
  expect(lassoText(program, findingOf(program, formula, [], true))).toBe('ae (ef fe)');
});

test('the shortest counterexample counts steps of the run, not edges of the automaton', () => {
  // The automaton may read the last state any number of times.
  const end = graphProgram('ab bc', { q: 'z' });
  for (const [text, steps] of [
    ['F q', 2],
    ['X X X X F q', 2],
    ['true ~> q', 2],
  ] as const) {
    const finding = findingOf(end.program, formulaOf(text, end.program, { q: '' }), [], true);
    expect(finding?.path.steps.length).toBe(steps);
  }
  // The automaton reads the loop twice before it returns to its state.
  const { program } = graphProgram('ab ba', {});
  const formula = formulaOf('not G (p -> X X X p or X X p)', program, { p: 'a' });
  expect(lassoText(program, findingOf(program, formula, [], true))).toBe('(ab ba)');
});

describe('a formula may have any number of parts', () => {
  test('forty events that should occur in the order of their numbers, and occur in another order', () => {
    const events = 40;
    const nodes = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].slice(0, events + 1);
    const edges = nodes.slice(1).map((node, i) => nodes[i]! + node);
    const { program, atoms } = graphProgram(edges.join(' '), {
      // Event 1 is the last to occur, the others occur in order.
      ...Object.fromEntries(
        nodes.slice(1).map((_, i) => [`e${i}`, i === 1 ? nodes.at(-1)! : nodes.slice(i + 1).join('')]),
      ),
    });
    const state = (i: number): Formula<Expr> => ({ op: 'state', x: atoms[`e${i}`]! });
    const inOrder = nodes.slice(2).map((_, i): Formula<Expr> => {
      return { op: 'weakUntil', x: { op: 'not', x: state(i + 1) }, y: state(i) };
    });
    const last: Formula<Expr> = { op: 'eventually', x: state(events - 1) };
    const both = (x: Formula<Expr>, y: Formula<Expr>): Formula<Expr> => ({ op: 'and', x, y });
    expect(findingOf(program, inOrder.slice(0, 1).reduce(both, last), [])).toBeUndefined();
    expect(findingOf(program, inOrder.reduce(both, last), [])?.path.steps.length).toBe(events);
  });

  test('forty fairness constraints, of which only the last makes it hold', () => {
    const { program } = graphProgram('aa ab bc', { q: 'c' });
    const none: Fairness = { strength: 'weak', name: 'nobody', steps: [] };
    const ab = program.steps.find(({ label }) => label === 'ab')!;
    const many = Array.from({ length: 39 }, () => none);
    const never = parseFormula('F (walker at c)', program);
    expect(lassoText(program, findingOf(program, never, many))).toBe('(aa)');
    for (const strength of ['weak', 'strong'] as const) {
      const fairness = [...many, { strength, name: 'ab', steps: [ab.id] }];
      expect(lassoText(program, findingOf(program, never, fairness))).toBe('holds');
    }
  });
});

test('both engines deliver the same graph', () => {
  const { program } = graphProgram('ab bc cb ca bd', {});
  const [reference, compiled] = graphsOf(program);
  const plain = ({ stateCount, initialCount, first, to, step }: StateGraph) => {
    return { stateCount, initialCount, first: [...first], to: [...to], step: [...step] };
  };
  expect(plain(compiled!)).toEqual(plain(reference!));
  expect(plain(reference!)).toEqual({
    ...{ stateCount: 4, initialCount: 1, first: [0, 1, 3, 5, 5] },
    ...{ to: [1, 2, 3, 1, 0], step: [0, 1, 2, 3, 4] },
  });
});

describe('random formulas on random graphs', () => {
  const ops = ['not', 'next', 'eventually', 'always', 'and', 'or', 'until', 'release', 'leadsTo'] as const;
  const isUnary = (op: string): op is (typeof ops)[0 | 1 | 2 | 3] =>
    ops.slice(0, 4).some((one) => one === op);
  function randomFormula(below: (n: number) => number, depth: number): Formula<string> {
    if (depth === 0) return { op: 'state', x: 'pq'[below(2)]! };
    const op = ops[below(ops.length)]!;
    const x = randomFormula(below, depth - 1);
    return isUnary(op) ? { op, x } : { op, x, y: randomFormula(below, depth - 1) };
  }

  /** All lassos of a graph with up to `length` edges, as words; a run that ends repeats its last node. */
  function wordsOf(edges: readonly string[], length: number) {
    const paths = [edges[0]![0]!];
    const words: { readonly nodes: string; readonly loop: number; readonly steps: number }[] = [];
    for (const path of paths) {
      const out = edges.filter((edge) => edge[0] === path.at(-1));
      if (out.length === 0) words.push({ nodes: path, loop: path.length - 1, steps: path.length - 1 });
      for (const [, to] of out) {
        for (const [i, node] of [...path].entries()) {
          if (node === to) words.push({ nodes: path, loop: i, steps: path.length });
        }
        if (path.length < length) paths.push(path + to!);
      }
    }
    return words;
  }

  test('1,000 of them: each finding is a counterexample, a shortest one on request, and without a finding there is none', () => {
    const below = numbers(5);
    const seen = { holds: 0, violated: 0 };
    for (let i = 0; i < 1000; i++) {
      const pairs = Array.from({ length: 4 }, () => 'abcd'[below(4)]! + 'abcd'[below(4)]!);
      const edges = [...new Set([`a${'abcd'[below(4)]}`, ...pairs])];
      const truths = { p: 'abcd'.slice(below(4)), q: 'abcd'.slice(0, below(5)) };
      const { program, atoms } = graphProgram(edges.join(' '), truths);
      const formula = randomFormula(below, 3);
      const finding = findingOf(
        program,
        mapAtoms(formula, (x) => ({ op: 'state', x: atoms[x]! })),
        [],
        i % 2 === 0,
      );
      const normal = normalise(formula, true, (x) => literal('pq'.indexOf(x), true));
      const bad = wordsOf(edges, 6).filter(({ nodes, loop }) => {
        const letters = [...nodes].map((node) => {
          return BigInt(Number(truths.p.includes(node)) + 2 * Number(truths.q.includes(node)));
        });
        return !truthOf(normal, { letters, loop })[0];
      });
      const context = `${normal.key} on ${edges.join(' ')}`;
      expect(finding === undefined, context).toBe(bad.length === 0);
      if (i % 2 === 0 && finding !== undefined) {
        expect(finding.isShortest).toBeUndefined();
        expect(finding.path.steps.length, context).toBe(Math.min(...bad.map(({ steps }) => steps)));
      }
      seen[finding === undefined ? 'holds' : 'violated']++;
    }
    expect(seen).toEqual({ holds: 493, violated: 507 });
  });
});

/** A fixed sequence of numbers below n (Numerical Recipes' constants). */
function numbers(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}
