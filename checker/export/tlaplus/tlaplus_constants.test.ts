// Which settings stay symbolic in a TLA+ module, and that the module means the same with their values put back.

import { describe, expect, test } from 'vitest';
import { models } from '../../../models/index.js';
import { properties } from '../../../properties/index.js';
import { lower } from '../../lower/lower.js';
import { checksOf } from '../../search/report.js';
import { exportTla, type TlaModule } from './tlaplus.js';
import { type NumberSetting, withConstants } from './tlaplus_constants.js';

/** A module of one line of text, behind the comment with the settings. */
const moduleOf = (text: string): TlaModule => ({
  name: 'm',
  module: `---- MODULE m ----\n\\* m A=1 B=2 C=x\nEXTENDS Integers\n${text}\n`,
  config: 'SPECIFICATION Spec\n',
});
const setting = (name: string, value: number, min: number, max: number): NumberSetting => {
  return { name, value, min, max };
};
const a = setting('A', 1, 0, 3);
const b = setting('B', 2, 2, 4);

describe('constants', () => {
  test('stand for numbers that change as the setting does, at the same distance', () => {
    const symbolic = withConstants([a, b], ({ A = 1, B = 2 }) =>
      moduleOf(`x' = IF x < ${A} THEN ${A + 1} ELSE ${B - 1} + 1`),
    );
    expect(symbolic.module).toMatchInlineSnapshot(`
      "---- MODULE m ----
      \\* m C=x
      EXTENDS Integers

      CONSTANTS A, B
      \\* The settings that are only numbers here; the module is the same for all these values.
      ASSUME A \\in 0..3
      ASSUME B \\in 2..4
      x' = IF x < A THEN (A + 1) ELSE (B - 1) + 1
      "
    `);
    expect(symbolic.config).toBe('CONSTANT A = 1\nCONSTANT B = 2\nSPECIFICATION Spec\n');
  });

  test.each([
    ['a number that is twice the value', ({ A = 1 }) => `${2 * A}`],
    ['one number more', ({ A = 1 }) => '+ 1'.repeat(A)],
    ['a word that changes with it', ({ A = 1 }) => `"word ${A}" ${A}`],
    ['a number that changes for some values only', ({ A = 1 }) => `${Math.min(A, 2)}`],
    ['a value for which there is no model', ({ A = 1 }) => (A === 3 ? undefined : `${A}`)],
    ['nothing at all', () => '1'],
  ] as const)('do not stand for %s', (_, text: (values: { readonly A?: number }) => string | undefined) => {
    const plain = moduleOf(text({})!);
    const made = withConstants([a], (values) => {
      const found = text(values);
      return found === undefined ? undefined : moduleOf(found);
    });
    expect(made).toEqual(plain);
  });

  test('do not stand for a setting that may be negative: a configuration of TLC has no negative numbers', () => {
    const made = withConstants([setting('A', -1, -1, 0)], ({ A = -1 }) => moduleOf(`${A + 5}`));
    expect(made.config).toBe('SPECIFICATION Spec\n');
    expect(made.module).toContain('A=1');
  });

  test('leave a setting out that decides something together with another one', () => {
    const made = withConstants([a, b], ({ A = 1, B = 2 }) =>
      moduleOf(`${A} ${B} ${A > 2 && B > 3 ? '' : '~'}x`),
    );
    expect(made.config).toBe('CONSTANT A = 1\nSPECIFICATION Spec\n');
    expect(made.module).toContain('A 2 ~x');
  });

  test('take another name if theirs is a name of the module already', () => {
    const made = withConstants([a], ({ A = 1 }) => moduleOf(`a = ${A}`));
    expect(made.module).toContain('a = A_setting');
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
  ])('%s keeps %s, and every value put back gives the module of that value', (name, expected) => {
    const { model } = models.get(name)!;
    const plain = (values: { readonly [name: string]: number }): TlaModule => {
      const lowered = lower(model, values, properties.get(name));
      return exportTla(lowered.program, checksOf(lowered.program, lowered.properties));
    };
    const own = lower(model, {}).program.settings;
    const numbers = Object.entries(model.settings).flatMap(([key, { node }]) =>
      node.kind === 'int' ? [setting(key, Number(own[key]), node.min, node.max)] : [],
    );
    const { module, config } = withConstants(numbers, plain);
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

/** The module with the values in place of the constants, and sums of two numbers worked out. */
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
