// The semantics, operation by operation. The tests of the search are beside the search.

import { describe, expect, test } from 'vitest';
import { arithmetic, at, constant, ifElse, int, less, not, read, truth } from '../ir/expression.js';
import type { Assignment, Domain, Expr, Program, Step, Variable } from '../ir/program.js';
import { evaluate, initialStates, isEnabled, type State, take } from './semantics.js';
import { referenceSystem } from './system.js';

const domains: { readonly [name: string]: Domain } = {
  x: { kind: 'int', min: -4, max: 4 },
  y: { kind: 'int', min: -4, max: 4 },
  flag: { kind: 'bool' },
  word: { kind: 'enum', values: ['none', 'huge'] },
  'a[0]': { kind: 'int', min: 0, max: 1 },
  'a[1]': { kind: 'int', min: 0, max: 1 },
};
const [x, y, flag, word] = [0, 1, 2, 3];
const value = (id: number): Expr => read({ variables: [id] }, 'int');
const element = (index: Expr): Expr => read({ variables: [4, 5], index }, 'int');
const set = (id: number, to: Expr): Assignment => ({ target: { variables: [id] }, value: to });

/** A Program of one thread that goes from 0 to 1, is done at 1 and dead at 2. */
function program(
  parts: Partial<Step> = {},
  initial: { readonly [name: string]: readonly number[] } = {},
): Program {
  const variables = Object.entries(domains).map(([name, domain], id): Variable => {
    return { id, name, domain, initial: initial[name] ?? [0] };
  });
  const locations = ['start', 'done', 'dead'].map((label) => ({ label, path: label }));
  const step = {
    id: 0,
    thread: 0,
    from: 0,
    to: 1,
    label: 'step',
    caption: '',
    source: {},
    guard: truth(true),
  };
  return {
    name: 'small',
    settings: {},
    variables,
    threads: [{ id: 0, name: 'a', locations, start: 0, done: 1, dead: 2 }],
    steps: [{ ...step, assignments: [], ...parts }],
    initially: truth(true),
  };
}

/** The value of an expression where x is 3 and y is -2. */
const worth = (of: Expr): number | string => {
  const small = program({}, { x: [3], y: [-2], word: [1], 'a[1]': [1] });
  try {
    return evaluate(of, initialStates(small)[0]!, small);
  } catch (fault) {
    return (fault as Error).message;
  }
};

describe('an expression', () => {
  const op = (name: 'add' | 'sub' | 'mul' | 'div' | 'mod', a: Expr, b: Expr) => arithmetic(name, a, b);

  test('computes on whole numbers as C does', () => {
    expect(worth(op('add', value(x), value(y)))).toBe(1);
    expect(worth(op('sub', value(y), value(x)))).toBe(-5);
    expect(worth(op('mul', value(x), value(y)))).toBe(-6);
    expect(worth(op('div', value(x), value(y)))).toBe(-1);
    expect(worth(op('mod', value(x), value(y)))).toBe(1);
    expect(worth(op('mod', value(y), value(x)))).toBe(-2);
    expect(worth(op('div', value(x), value(flag)))).toBe('division by zero');
    expect(worth(op('mod', value(x), value(flag)))).toBe('division by zero');
  });

  test('compares, with 1 for true', () => {
    expect(worth({ op: 'eq', x: value(word), y: constant(1, ['none', 'huge']) })).toBe(1);
    expect(worth(less('lt', value(x), value(x)))).toBe(0);
    expect(worth(less('le', value(x), value(x)))).toBe(1);
    expect(worth(not(value(flag)))).toBe(1);
  });

  test('reads one of several variables by an index, which must be in range', () => {
    expect(worth(element(value(word)))).toBe(1);
    expect(worth(element(value(flag)))).toBe(0);
    expect(worth(element(value(x)))).toBe('index 3 is outside 0 … 1 of a[0] and its neighbours');
    expect(worth(element(value(y)))).toBe('index -2 is outside 0 … 1 of a[0] and its neighbours');
  });

  test('evaluates the right side of && and || only where the left does not decide', () => {
    const faulty = element(value(x));
    expect(worth({ op: 'and', x: value(flag), y: faulty })).toBe(0);
    expect(worth({ op: 'or', x: value(word), y: faulty })).toBe(1);
    expect(worth({ op: 'and', x: value(word), y: faulty })).toMatch(/^index 3/);
    expect(worth({ op: 'and', x: faulty, y: value(flag) })).toMatch(/^index 3/);
  });

  test('evaluates only the selected side of ?:', () => {
    const faulty = element(value(x));
    expect(worth(ifElse(value(flag), faulty, int(7)))).toBe(7);
    expect(worth(ifElse(value(word), int(7), faulty))).toBe(7);
    expect(worth(ifElse(faulty, int(7), int(7)))).toMatch(/^index 3/);
  });

  test('compares the locations of threads', () => {
    expect(worth(at(0, [1, 0]))).toBe(1);
    expect(worth(at(0, [1]))).toBe(0);
  });
});

describe('a step', () => {
  const taken = (parts: Partial<Step>, initial = {}) => {
    const small = program(parts, initial);
    return take(small.steps[0]!, initialStates(small)[0]!, small);
  };

  test('makes all its assignments at once: each reads the state before it', () => {
    const after = taken({ assignments: [set(x, value(y)), set(y, value(x))] }, { x: [1], y: [2] });
    expect([...after.value].slice(0, 2)).toEqual([2, 1]);
    expect([...after.at]).toEqual([1]);
  });

  test('computes the index of its target in the state before it', () => {
    const target = { variables: [4, 5], index: value(x) };
    const after = taken({ assignments: [{ target, value: int(1) }, set(x, int(0))] }, { x: [1] });
    expect([...after.value]).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('has a fault where a value leaves its domain, or an index its array', () => {
    const inc = set(x, arithmetic('add', value(x), int(1)));
    expect([...taken({ assignments: [inc] }, { x: [3] }).value][0]).toBe(4);
    expect(() => taken({ assignments: [inc] }, { x: [4] })).toThrow('x would become 5, outside -4 … 4');
    expect(() => taken({ assignments: [set(word, int(2))] })).toThrow(
      'word would become word 2 of 2, outside { none, huge }',
    );
    const outside = { target: { variables: [4, 5], index: int(2) }, value: int(0) };
    expect(() => taken({ assignments: [outside] })).toThrow('index 2 is outside 0 … 1');
  });

  test('is enabled where its thread stands at its start and its guard is true', () => {
    const enabled = (parts: Partial<Step>) => {
      const small = program(parts);
      return isEnabled(small.steps[0]!, initialStates(small)[0]!, small);
    };
    expect(enabled({})).toBe(true);
    expect(enabled({ guard: value(flag) })).toBe(false);
    expect(enabled({ from: 1 })).toBe(false);
    expect(enabled({ from: 1, guard: element(int(2)) })).toBe(false);
    expect(() => enabled({ guard: element(int(2)) })).toThrow('index 2');
  });

  test('whose guard or whose assignment has no value is a transition that leads to no state', () => {
    const transitions = (parts: Partial<Step>) => {
      const small = program(parts);
      const system = referenceSystem(small);
      return system.transitions(system.initialStates()[0]!);
    };
    const fault = 'index 2 is outside 0 … 1 of a[0] and its neighbours';
    expect(transitions({ guard: element(int(2)) })).toEqual([{ step: 0, fault }]);
    expect(transitions({ assignments: [set(x, element(int(2)))] })).toEqual([{ step: 0, fault }]);
    expect(transitions({ guard: value(flag), assignments: [set(x, element(int(2)))] })).toEqual([]);
  });
});

describe('the initial states', () => {
  const values = (states: readonly State[]) => states.map((state) => [...state.value].slice(0, 3).join(' '));

  test('are all combinations of first values, the last variable changing first', () => {
    const small = program({}, { x: [3, 1], flag: [0, 1] });
    expect(values(initialStates(small))).toEqual(['3 0 0', '3 0 1', '1 0 0', '1 0 1']);
  });

  test('are those that `initially` admits', () => {
    const small = {
      ...program({}, { x: [3, 1], flag: [0, 1] }),
      initially: less('lt', value(flag), value(x)),
    };
    expect(values(initialStates(small))).toEqual(['3 0 0', '3 0 1', '1 0 0']);
  });
});

test('a state may have no successors where all threads are done, or one is dead', () => {
  const small = program();
  const two = { ...small, threads: [small.threads[0]!, { ...small.threads[0]!, id: 1, name: 'b' }] };
  const system = referenceSystem(two);
  const [state] = system.initialStates();
  const isFinal = (...locations: readonly number[]) =>
    system.isFinal(state!.update('at', (all) => locations.reduce((list, to, id) => list.set(id, to), all)));
  expect([isFinal(0, 0), isFinal(1, 0), isFinal(1, 1), isFinal(2, 0), isFinal(0, 2)]).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('a state that occurs again is recognised by its value', () => {
  const small = program();
  const seen = referenceSystem(small).seenStates();
  const [first, again] = [initialStates(small)[0]!, initialStates(small)[0]!];
  expect(first).not.toBe(again);
  expect([seen.add(first), seen.add(again)]).toEqual([true, false]);
});
