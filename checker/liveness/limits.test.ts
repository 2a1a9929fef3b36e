// All long-running work of a liveness check can be stopped, and what cannot be decided is reported as undecided.

import { describe, expect, test } from 'vitest';
import type { Formula } from '../../properties/language/temporal.js';
import { explore } from '../explore.js';
import { equal, int, not, read, truth } from '../ir/expression.js';
import type { Expr, Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import type { LimitReached } from '../search/limit.js';
import { counters } from '../testing/small_programs.js';

const liveness = (formula: Formula<Expr>): Property => ({
  ...{ name: 'it', expectation: 'liveness', condition: truth(true), source: {} },
  liveness: { formula, fairness: [] },
});
const state = (x: Expr): Formula<Expr> => ({ op: 'state', x });
const next = (x: Formula<Expr>): Formula<Expr> => ({ op: 'next', x });

describe('a search for counterexamples to liveness', () => {
  const program = counters(4, 12);
  const last: Formula<Expr> = {
    op: 'eventually',
    x: state(equal(read({ variables: [0] }, 'int'), int(12))),
  };

  test('counts towards the memory limit of the search', async () => {
    const within = async (mebibytes: number) => {
      const { verdict, evidence } = await explore(program, [liveness(last)], {
        memoryMax: mebibytes * 2 ** 20,
      });
      return [verdict, evidence.states, evidence.limit?.text];
    };
    const alone = await explore(program, [], { memoryMax: 2 * 2 ** 20 });
    expect([alone.verdict, alone.evidence.states]).toEqual(['holds', 13 ** 4]);
    expect(await within(2)).toEqual(['incomplete', 13 ** 4, '2 MiB of memory']);
    expect(await within(16)).toEqual(['holds', 13 ** 4, undefined]);
  });

  test('reports progress while the graph, the letters and the product are made, and can be stopped at each', async () => {
    const stopped: LimitReached = { kind: 'interrupt', text: 'enough' };
    const steps: number[] = [];
    await explore(program, [liveness(last)], {
      onProgress: ({ queue }) => {
        steps.push(queue);
        return undefined;
      },
    });
    const all = steps.length;
    expect(all).toBeGreaterThan(10);
    for (const at of [all - 1, all - 5, all - 10]) {
      let seen = 0;
      const { verdict, evidence, properties } = await explore(program, [liveness(last)], {
        onProgress: () => (++seen > at ? stopped : undefined),
      });
      expect([verdict, evidence.limit, properties[0]!.verdict]).toEqual(['incomplete', stopped, 'unknown']);
    }
  });
});

describe('a formula whose automaton is too large', () => {
  /** One actor that flips any of the given number of flags for ever. */
  const flags = (count: number): Program => ({
    ...{ name: 'flags', settings: {}, initially: truth(true) },
    variables: Array.from({ length: count }, (_, id) => {
      return { id, name: `f${id}`, domain: { kind: 'bool' }, initial: [0] };
    }),
    threads: [
      {
        ...{ id: 0, name: 'p', start: 0, done: 1 },
        locations: ['flip', 'done'].map((label) => ({ label, path: label })),
      },
    ],
    steps: Array.from({ length: count }, (_, id) => ({
      ...{ id, thread: 0, from: 0, to: 0, label: `f${id}`, caption: '', source: {}, guard: truth(true) },
      assignments: [{ target: { variables: [id] }, value: not(read({ variables: [id] }, 'bool')) }],
    })),
  });
  /** Some flag is set, and not four steps later: until then, the automaton must store this for each flag and step. */
  const pending = (count: number): Formula<Expr> =>
    Array.from({ length: count }, (_, i): Formula<Expr> => {
      const flag = state(read({ variables: [i] }, 'bool'));
      const later = next(next(next(next(flag))));
      return { op: 'eventually', x: { op: 'and', x: flag, y: { op: 'not', x: later } } };
    }).reduce((x, y) => ({ op: 'or', x, y }));

  test('is undecided, and the part that makes it large is named with its size', async () => {
    const { verdict, evidence, properties } = await explore(flags(12), [liveness(pending(12))]);
    expect([verdict, evidence.exhaustive, properties[0]!.verdict]).toEqual(['incomplete', true, 'unknown']);
    expect(evidence.limit).toMatchInlineSnapshot(`
      {
        "kind": "formula",
        "text": "the size of a formula: the automaton of 'it' is too large because of '((eventually (f0 and (not (next (next (next (next f0))))))) or (eventually (f1 and (not (next (next (next (next f1)))))))) or (eventually (f2 and (not (next (next (next (next f2)))))))', with 3 conditions and 23 operators",
      }
    `);
  });

  test('is decided where the states need a small part of it', async () => {
    const { verdict } = await explore(flags(4), [liveness(pending(4))]);
    expect(verdict).toBe('violated');
  });

  test('is not called vacuous where only what must come first makes it large', async () => {
    const always = liveness(state(truth(true)));
    const isVacuousAfter = async (first: Formula<Expr>) => {
      const preceded = { ...always, liveness: { ...always.liveness!, antecedents: [first] } };
      const { properties } = await explore(flags(12), [preceded]);
      expect(properties[0]!.verdict).toBe('holds');
      return properties[0]!.isVacuous === true;
    };
    expect(await isVacuousAfter({ op: 'not', x: pending(12) })).toBe(false);
    expect(await isVacuousAfter(state(truth(false)))).toBe(true);
  });
});
