// The line `Example:` in the comment of a function that checker/index.ts exports: each is evaluated over the names of
// this file, and where it says what something equals, it does.

import { describe, expect, test } from 'vitest';
import { models } from '../models/index.js';
import { oneOf } from '../models/language/index.js';
import { properties as propertiesOf } from '../properties/index.js';
import * as checker from './index.js';
import { evaluated, examplesIn } from './testing/doc_examples.js';

const { checksOf, explore, initialStates, lower, parseValue } = checker;

const { model } = models.get('increment')!;
const stated = propertiesOf.get('increment')!;
const lowered = lower(model, {}, stated);
const { program, properties } = lowered;
const report = await explore(program, properties);
const checks = checksOf(program, properties);
const [state] = initialStates(program);
const condition = (parseValue('counter == 2', program) as { readonly x: checker.Expr }).x;
const stage = {
  ...{ model, stated, lowered, program, properties, report, states: 12 },
  ...{ checks, check: checks[0], state, step: program.steps[0], thread: program.threads[0] },
  ...{ condition, formula: parseValue('F counter == 2', program), oneOf },
};
const names: { readonly [name: string]: unknown } = checker;
const examples = examplesIn(/^(?:checker|properties\/language)\/(?:\w+\/)*\w+\.ts$/).filter(
  ({ name }) => typeof names[name] === 'function' && !(name in Object.prototype),
);

describe('the example of', () => {
  test.each(examples.map(({ name, code }) => [name, code] as const))('%s: %s', async (name, code) => {
    expect(code).toMatch(new RegExp(`\\b${name}\\b`));
    const value = await evaluated(code, { ...checker, ...stage });
    if (code.includes(' === ')) expect(value).toBe(true);
    else if (!code.startsWith('const ')) expect(value).toBeDefined();
  });

  test('each exported function is there, but for those that one line does not show', () => {
    const long = ['deciderOf', 'isDeadlock', 'isReportOf', 'withGrowingBuffers', 'objection', 'limitText'];
    const given = new Set(examples.map(({ name }) => name));
    const functions = Object.entries(names).flatMap(([name, value]) =>
      typeof value === 'function' && !/^(?:State|[A-Z]\w*Error)$/.test(name) ? [name] : [],
    );
    expect(functions.length).toBeGreaterThan(40);
    expect(functions.filter((name) => !given.has(name))).toEqual(long);
  });
});
