// Which settings stay symbolic in a TLA+ module, and that the module with their values inserted is the module of those
// values.

import { describe, expect, test } from 'vitest';
import { models } from '../../../models/index.js';
import { properties } from '../../../properties/index.js';
import { arithmetic, int, read } from '../../ir/expression.js';
import type { Expr, Program } from '../../ir/program.js';
import { lower } from '../../lower/lower.js';
import { SettingError } from '../../lower/settings.js';
import { checksOf } from '../../search/report.js';
import type { ConstantValues, NumberSetting } from './constants.js';
import { exportTla, exportTlaWithConstants, type TlaModule } from './tlaplus.js';

const x: Expr = read({ variables: [0] }, 'int');

/** One thread, one variable, and a step for each value that is stored in it. */
const programOf = (stored: readonly Expr[], name = 'x', caption = 'store'): Program => ({
  name: 'm',
  settings: { A: 1, B: 2, C: 'x' },
  variables: [{ id: 0, name, domain: { kind: 'int', min: 0, max: 100 }, initial: [0] }],
  threads: [
    {
      id: 0,
      name: 't',
      locations: [...stored, 'end'].map((_, i) => ({ label: `run.${i}`, path: `run.${i}` })),
      start: 0,
      done: stored.length,
    },
  ],
  steps: stored.map((value, id) => ({
    id,
    thread: 0,
    from: id,
    to: id + 1,
    label: `run.${id}`,
    caption,
    source: {},
    guard: { op: 'le', x, y: int(50) },
    assignments: [{ target: { variables: [0] }, value }],
  })),
  initially: { op: 'const', value: 1, type: 'bool' },
});

const setting = (name: string, value: number, min: number, max: number): NumberSetting => {
  return { name, value, min, max };
};
const a = setting('A', 1, 0, 3);
const b = setting('B', 2, 2, 4);

const symbolic = (
  settings: readonly NumberSetting[],
  programFor: (values: ConstantValues) => Program | undefined,
) =>
  exportTlaWithConstants(settings, (values) => {
    const program = programFor(values);
    return program && { program, checks: [] };
  });

describe('constants', () => {
  test('stand for numbers at a fixed distance from the setting', () => {
    const { module, config } = symbolic([a, b], ({ A = 1, B = 2 }) =>
      programOf([int(A), int(A + 1), arithmetic('add', int(B - 1), x)]),
    );
    expect(module.split('\n').slice(1, 9).join('\n')).toMatchInlineSnapshot(`
      "\\* m C=x
      \\* One action for each step: distinct states found = raceproof's states.
      \\* java -cp tla2tools.jar tlc2.TLC -workers auto m
      EXTENDS Integers

      CONSTANTS A, B
      \\* The settings that are only numbers here; the module is the same for all these values.
      ASSUME A \\in 0..3"
    `);
    expect(module).toContain("x' = A\n");
    expect(module).toContain("x' = (A + 1)\n");
    expect(module).toContain("x' = (B - 1) + x\n");
    expect(config).toMatch(/^CONSTANT A = 1\nCONSTANT B = 2\nSPECIFICATION Spec\n/);
  });

  test.each<readonly [string, (values: ConstantValues) => Program | undefined]>([
    ['a number that is twice the value', ({ A = 1 }) => programOf([int(2 * A)])],
    ['one step more', ({ A = 1 }) => programOf(Array.from({ length: A + 1 }, () => int(1)))],
    ['a word that changes with it', ({ A = 1 }) => programOf([int(A)], 'x', `store ${A}`)],
    ['a number that changes for some values only', ({ A = 1 }) => programOf([int(Math.min(A, 2))])],
    ['a value for which there is no model', ({ A = 1 }) => (A === 3 ? undefined : programOf([int(A)]))],
    ['a value that leaves a domain', ({ A = 1 }) => programOf([int(A === 3 ? 103 : A)])],
    ['nothing at all', () => programOf([int(1)])],
  ])('do not stand for %s', (_, programFor) => {
    expect(symbolic([a], programFor)).toEqual(exportTla(programFor({})!, []));
  });

  test('do not stand for the bound of a domain, nor where a bound decides what a step needs', () => {
    const bounded = ({ A = 1 }: ConstantValues): Program => {
      const plain = programOf([int(A)]);
      return { ...plain, variables: [{ ...plain.variables[0]!, domain: { kind: 'int', min: 0, max: A } }] };
    };
    expect(symbolic([a], bounded)).toEqual(exportTla(bounded({}), []));
    const close = ({ A = 1 }: ConstantValues) => programOf([int(A + 98)]);
    expect(symbolic([a], close)).toEqual(exportTla(close({}), []));
  });

  test('do not stand for a setting that may be negative: a configuration of TLC has no negative numbers', () => {
    const made = symbolic([setting('A', -1, -1, 0)], ({ A = -1 }) => programOf([int(A + 5)]));
    expect(made.config).not.toContain('CONSTANT');
    expect(made.module).toContain('A=1');
  });

  test('leave out a setting that has an effect only together with another one', () => {
    const made = symbolic([a, b], ({ A = 1, B = 2 }) =>
      programOf([int(A), int(B), ...(A > 2 && B > 3 ? [int(7)] : [])]),
    );
    expect(made.config).toMatch(/^CONSTANT A = 1\nSPECIFICATION Spec\n/);
    expect(made.module).toContain("x' = A\n");
    expect(made.module).toContain("x' = 2\n");
  });

  test('take another name if theirs is a name of the module already', () => {
    const made = symbolic([a], ({ A = 1 }) => programOf([int(A)], 'a'));
    expect(made.module).toContain("a' = A_setting\n");
  });
});

describe('of the models', () => {
  test.each([
    ['fischer', 'WRITES_IN WAITS_FOR'],
    ['alur_taubenfeld', 'STEP_TIME WAITS_FOR'],
    ['bakery', 'NUMBER_MAX'],
    ['die_hard', 'GALLONS'],
    ['mcs_lock', ''],
    ['increment', ''],
    ['thp_truncate', ''],
  ])('%s keeps %s, and inserting a value gives the module of that value', (name, expected) => {
    const { model } = models.get(name)!;
    const asked = (values: ConstantValues) => {
      const lowered = lower(model, values, properties.get(name));
      return { program: lowered.program, checks: checksOf(lowered.program, lowered.properties) };
    };
    const plain = (values: ConstantValues): TlaModule => {
      const { program, checks } = asked(values);
      return exportTla(program, checks);
    };
    const own = lower(model, {}).program.settings;
    const numbers = Object.entries(model.settings).flatMap(([key, { node }]) =>
      node.kind === 'int' ? [setting(key, Number(own[key]), node.min, node.max)] : [],
    );
    const { module, config } = exportTlaWithConstants(numbers, (values) => {
      try {
        return asked(values);
      } catch (error) {
        if (error instanceof SettingError) return undefined;
        throw error;
      }
    });
    const constants = [...config.matchAll(/^CONSTANT (\w+) = (-?\d+)$/gm)].map(([, key]) => key!);
    expect(constants.join(' ')).toBe(expected);
    for (const { name: key, min, max } of numbers.filter((one) => constants.includes(one.name))) {
      for (let value = min; value <= max; value++) {
        const values = Object.fromEntries(constants.map((one) => [one, one === key ? value : own[one]]));
        expect(withoutDeclarations(module, values)).toBe(withoutTitle(plain({ [key]: value }).module));
      }
    }
  });
});

/** The module with the values in place of the constants, and sums of two numbers computed. */
function withoutDeclarations(module: string, values: { readonly [name: string]: unknown }): string {
  const body = module.replace(/\nCONSTANTS [\s\S]*?\n\nVARIABLES/, '\nVARIABLES');
  return Object.entries(values).reduce(
    (text, [name, value]) =>
      text
        .replace(new RegExp(`\\(${name} ([+-]) (\\d+)\\)`, 'g'), (_, sign: string, distance: string) =>
          numberText(Number(value) + Number(`${sign}${distance}`)),
        )
        .replace(new RegExp(`\\b${name}\\b`, 'g'), numberText(Number(value))),
    withoutTitle(body),
  );
}
const numberText = (value: number) => (value < 0 ? `(${value})` : String(value));
const withoutTitle = (module: string) => module.replace(/^\\\*.*$/m, '');
