// For tests of the prover itself: small mistakes in one step of a parameterised Program.

import type { Parameterised, Rule } from '../../../checker/proof/index.js';
import type { StateTerm } from '../../../checker/proof/program.js';

const yes: StateTerm = { op: 'const', value: 1, type: 'bool' };

const mutations: { readonly [name: string]: (rule: Rule) => Rule } = {
  'the guard is dropped': (rule) => ({ ...rule, guard: yes }),
  'the last part of the guard is dropped': (rule) =>
    rule.guard.op === 'and'
      ? { ...rule, guard: { op: 'and', xs: rule.guard.xs.slice(0, -1) } }
      : { ...rule, guard: yes },
  'no lock is taken': (rule) => {
    const taken = rule.locks.filter(({ way }) => way === 'take').map(({ fun }) => fun);
    return {
      ...rule,
      locks: rule.locks.filter(({ way }) => way !== 'take'),
      updates: rule.updates.filter(({ fun }) => !taken.includes(fun)),
    };
  },
  'the first assignment is dropped': (rule) => ({ ...rule, updates: rule.updates.slice(1) }),
  'the last assignment is dropped': (rule) => ({ ...rule, updates: rule.updates.slice(0, -1) }),
  'what is stored is something else': (rule) => ({
    ...rule,
    updates: rule.updates.map((one) => {
      const { value } = one;
      if (value.op === 'not') return { ...one, value: value.x };
      if (value.op !== 'const' || value.type === 'int') return one;
      const many = value.type === 'bool' ? 2 : value.type.length;
      return { ...one, value: { ...value, value: (value.value + 1) % many } };
    }),
  }),
  'it stays where it is': (rule) => ({ ...rule, to: rule.from }),
};

export interface MutatedProgram {
  readonly name: string;
  readonly program: Parameterised;
  /** The step that differs. */
  readonly rule: Rule;
}

/** Every mutation of every step that changes something, but for steps that report something. */
export const mutantsOf = (program: Parameterised): readonly MutatedProgram[] =>
  program.rules.flatMap((rule, i) => {
    if (rule.reports !== undefined) return [];
    return Object.entries(mutations).flatMap(([what, mutate]): readonly MutatedProgram[] => {
      const mutated = mutate(rule);
      if (JSON.stringify(mutated) === JSON.stringify(rule)) return [];
      const mutant = { ...program, rules: program.rules.with(i, mutated) };
      return [{ name: `${rule.label}: ${what}`, program: mutant, rule: mutated }];
    });
  });
