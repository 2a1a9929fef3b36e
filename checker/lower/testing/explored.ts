// Small models that are explored, by every search: for tests of findings, not of steps.

import { expect } from 'vitest';
import { type Model, model } from '../../../models/language/index.js';
import type { Properties } from '../../../properties/language/index.js';
import { type CheckName, lockCheckNames } from '../../ir/built_in_checks.js';
import { check } from '../../testing/check.js';
import { lower } from '../lower.js';
import type { SmallModel } from './small.js';

/**
 * What both engines report of a model without the built-in checks of locks, and without others that are named: a line
 * with the counts, then what was found, as `no deadlock: violated by` the labels of the steps, each with its actor. All
 * searches must find the same checks violated; iterative deepening, by the same steps.
 */
export async function explored(
  parts: SmallModel | Model,
  properties: Properties = {},
  without: readonly CheckName[] = [],
): Promise<readonly string[]> {
  const whole = 'name' in parts ? parts : model('small', { about: '', ...parts });
  const { program, properties: lowered } = lower(whole, {}, properties, {
    without: [...lockCheckNames, ...without],
  });
  const lines = await check(program, lowered);
  expect((await check(program, lowered, { search: 'iterative' })).slice(1)).toEqual(lines.slice(1));
  const names = (of: readonly string[]) => of.slice(1).map((line) => line.split(':')[0]);
  expect(names(await check(program, lowered, { search: 'dfs' }))).toEqual(names(lines));
  return lines.map((line, i) =>
    i === 0
      ? line
      : line.replace(/ by ((\d+ ?)+)/, (_, steps: string) => {
          const words = steps.split(' ').map((id) => {
            const { thread, label } = program.steps[Number(id)]!;
            return `${program.threads[thread]!.name} ${label}`;
          });
          return ` by ${words.join(', ')}`;
        }),
  );
}
