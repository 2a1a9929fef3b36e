// Plans by themselves: the plan of a step as data, and evaluating and writing a plan takes the steps of the reference
// engine on random Programs.

import { expect, test } from 'vitest';
import { arithmetic, equal, int, less, read, truth } from '../../ir/expression.js';
import type { Expr, Program, Step, Variable } from '../../ir/program.js';
import type { State } from '../../reference/semantics.js';
import { referenceSystem } from '../../reference/system.js';
import { EngineError } from '../../search/engine_error.js';
import { sameReport } from '../../testing/agree.js';
import { randomProgram } from '../../testing/random_program.js';
import { compile } from '../compile.js';
import { faultOf, PlanEvaluation } from './evaluate.js';
import { decode, encode, type Layout, maskOf } from './layout.js';
import type { StepPlan } from './step.js';

const value = (id: number): Expr => read({ variables: [id] }, 'int');

/** One thread with one step, from location 0 to 1, over numbers with these domains. */
function program(
  domains: readonly (readonly [number, number])[],
  step: Pick<Step, 'guard' | 'assignments'>,
): Program {
  const variable = ([min, max]: readonly [number, number], id: number): Variable => {
    return { id, name: `v${id}`, domain: { kind: 'int', min, max }, initial: [min] };
  };
  const locations = ['start', 'done'].map((label) => ({ label, path: label }));
  return {
    name: 'one step',
    settings: {},
    variables: domains.map(variable),
    threads: [{ id: 0, name: 't', locations, start: 0, done: 1 }],
    steps: [{ id: 0, thread: 0, from: 0, to: 1, label: 't.step', caption: '', source: {}, ...step }],
    initially: truth(true),
  };
}

/** The plan of the only step. */
const planOf = (of: Program): StepPlan => compile(of).plan.steps.get(0)!;

test('the plan of a step names what it reads, computes, checks and writes', () => {
  const of = program([[0, 4]], {
    guard: less('lt', value(0), int(4)),
    assignments: [{ target: { variables: [0] }, value: arithmetic('add', value(0), int(2)) }],
  });
  const { layout, plan } = compile(of);
  const [location, v0] = [layout.threads[0]!, layout.variables[0]!];
  expect([location, v0]).toEqual([
    { word: 0, shift: 0, bits: 1, min: 0, max: 1 },
    { word: 0, shift: 1, bits: 3, min: 0, max: 4 },
  ]);
  const read0 = { kind: 'field', field: v0 };
  expect(plan.steps.get(0)).toEqual({
    id: 0,
    thread: 0,
    label: 't.step',
    reads: [v0],
    guard: { kind: 'less', x: read0, y: { kind: 'constant', value: 4 } },
    guardCanFault: false,
    actions: [
      {
        kind: 'compute',
        local: 0,
        value: { kind: 'arithmetic', op: 'add', x: read0, y: { kind: 'constant', value: 2 }, isInt32: true },
      },
      {
        kind: 'check',
        value: { kind: 'local', local: 0 },
        max: 4,
        fault: { kind: 'domain', variables: [0] },
      },
    ],
    actionsCanFault: true,
    words: [{ word: 0, cleared: 0b1111, set: 0b0001, fields: [{ field: v0, local: 0 }] }],
    indexed: [],
    reports: false,
    locals: 1,
  });
});

test.each([
  [[0, 5], { max: 4 }],
  [[-1, 4], { min: 0 }],
  [[-1, 5], { min: 0, max: 4 }],
] as const)('a value in %j is checked against 0 to 4 where it can be outside: %j', (domain, bounds) => {
  const actions = planOf(
    program([[0, 4], domain], {
      guard: truth(true),
      assignments: [
        { target: { variables: [0] }, value: value(1) },
        { target: { variables: [1] }, value: value(0) },
      ],
    }),
  ).actions.filter(({ kind }) => kind === 'check');
  expect(actions).toEqual([
    { kind: 'check', value: expect.anything(), ...bounds, fault: { kind: 'domain', variables: [0] } },
  ]);
});

test('a step that is never enabled has no plan, and what never changes is a constant', () => {
  const set = [{ target: { variables: [0] }, value: int(1) }];
  const never = program(
    [
      [0, 1],
      [3, 9],
    ],
    { guard: equal(value(1), int(4)), assignments: set },
  );
  expect(compile(never).plan.steps.size).toBe(0);
  const always = program(
    [
      [0, 1],
      [3, 9],
    ],
    { guard: equal(value(1), int(3)), assignments: set },
  );
  expect(planOf(always).guard).toEqual({ kind: 'fixed', value: true });
});

test.each([
  ['a product that reaches 2^31 - 1', 2 ** 31 - 1, 1, true],
  ['a product that reaches 2^31', 2 ** 16, 2 ** 15, false],
  ['a product that reaches -2^31', -(2 ** 16), 2 ** 15, true],
  ['a product that falls below -2^31', -(2 ** 16), 2 ** 15 + 1, false],
])('%s fits into 32 bits: %d times %d, %s', (_, x, y, isInt32) => {
  const factor = (bound: number) => [Math.min(0, bound), Math.max(0, bound)] as const;
  const plan = planOf(
    program([factor(x), factor(y)], {
      guard: less('lt', int(5), arithmetic('mul', value(0), value(1))),
      assignments: [0, 1].map((id) => ({ target: { variables: [id] }, value: int(0) })),
    }),
  );
  expect(plan.guard).toMatchObject({ kind: 'less', y: { kind: 'arithmetic', op: 'mul', isInt32 } });
});

test('a product of exactly 2^31 is compared as that number, by both engines', async () => {
  const of = program(
    [
      [0, 2 ** 16],
      [0, 2 ** 15],
    ],
    {
      guard: less('lt', int(5), arithmetic('mul', value(0), value(1))),
      assignments: [0, 1].map((id) => ({ target: { variables: [id] }, value: int(0) })),
    },
  );
  const variables = of.variables.map((variable, i) => ({ ...variable, initial: [2 ** (16 - i)] }));
  const report = await sameReport({ ...of, variables }, []);
  expect(report?.evidence).toMatchObject({ states: 2, transitions: 1 });
});

/** The result of a plan in a state: the words of its successor, a fault, or nothing where the step is not enabled. */
function run(step: StepPlan, of: Program, words: Int32Array): Int32Array | string | undefined {
  const fault = faultOf(step, of, words, 0);
  if (fault !== undefined) return fault;
  const evaluation = new PlanEvaluation(of, words, 0);
  if (!evaluation.test(step.guard)) return undefined;
  for (const action of step.actions) evaluation.act(action);
  const after = words.slice();
  for (const { word, cleared, set, fields } of step.words) {
    after[word] = (words[word]! & ~cleared) | set;
    for (const { field, local } of fields) {
      after[word]! |= (evaluation.local(local) - field.min) << field.shift;
    }
  }
  for (const { fields, index, local } of step.indexed) {
    const field = fields[evaluation.local(index)]!;
    if (field.bits === 0) continue;
    const bits = (evaluation.local(local) - field.min) << field.shift;
    after[field.word] = (after[field.word]! & ~maskOf(field)) | bits;
  }
  return after;
}

const packed = (state: State, layout: Layout): Int32Array => {
  const words = new Int32Array(layout.words);
  encode({ at: state.at.toArray(), value: state.value.toArray() }, layout, words);
  return words;
};

/** Compares plans and reference engine in the first states of a Program; returns how many transitions they have. */
function compareTransitions(of: Program): number {
  const { plan, layout } = compile(of);
  const system = referenceSystem(of);
  const seen = system.seenStates();
  const states = system.initialStates().filter((state) => seen.add(state));
  let transitions = 0;
  for (let i = 0; i < Math.min(30, states.length); i++) {
    const words = packed(states[i]!, layout);
    const { at } = decode(layout, words);
    const found = plan.threads.flatMap(({ thread, locations }) => {
      const steps = locations.find((location) => location.at === at[thread])?.steps ?? [];
      return steps.flatMap((step) => {
        const result = run(step, of, words);
        return result === undefined ? [] : [[step.id, typeof result === 'string' ? result : [...result]]];
      });
    });
    const expected = system.transitions(states[i]!).map((transition) => {
      if (!('to' in transition)) return [transition.step, transition.fault];
      if (seen.add(transition.to)) states.push(transition.to);
      return [transition.step, [...packed(transition.to, layout)]];
    });
    expect(found).toEqual(expected);
    transitions += expected.length;
  }
  return transitions;
}

test('the plans of random Programs take the steps of the reference engine, with its words for faults', () => {
  let [transitions, refused] = [0, 0];
  for (let seed = 1; seed <= 600; seed++) {
    try {
      transitions += compareTransitions(randomProgram(seed).program);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      refused++;
    }
  }
  expect({ transitions: transitions > 5000, refused: refused < 30 }).toEqual({
    transitions: true,
    refused: true,
  });
});

test('the reads of a plan are all fields on which its guard and its actions depend', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const of = randomProgram(seed * 3).program;
    let compiled: ReturnType<typeof compile>;
    try {
      compiled = compile(of);
    } catch {
      continue;
    }
    const { layout, plan } = compiled;
    for (const step of plan.steps.values()) {
      const named = [...layout.threads, ...layout.variables].filter((field) => {
        const texts = JSON.stringify([
          step.guard,
          step.actions.map((action) => ('value' in action ? action.value : 0)),
        ]);
        return texts.includes(JSON.stringify(field)) && field.bits > 0;
      });
      expect(
        step.reads
          .filter(({ bits }) => bits > 0)
          .map((field) => JSON.stringify(field))
          .sort(),
      ).toEqual(named.map((field) => JSON.stringify(field)).sort());
    }
  }
});
