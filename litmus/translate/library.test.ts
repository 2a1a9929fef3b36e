// Which models of the library are judged by their executions, and why others are not.

import { expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { loadEntry, modelNames } from '../../models/registry.js';
import { loadProperties } from '../../properties/registry.js';
import { LitmusError, litmusLowering, translate } from '../index.js';

const reasons = {
  'several accesses in one step': /accesses .* in one step/,
  'where an actor stands': / stands, which no memory model knows: /,
  'what is not in memory': / is not in memory here \(notMemory\)/,
} as const;

test('of the races 11 fit, of the examples 11, and all barrier bugs; the others are refused for one of three reasons', async () => {
  const counts = new Map<string, number>();
  for (const name of modelNames) {
    const { model, race, barrier } = (await loadEntry(name))!;
    const kind = race !== undefined ? 'race' : barrier !== undefined ? 'barrier' : 'example';
    const { program, properties } = lower(model, {}, await loadProperties(name), litmusLowering);
    const why = whyRefused(() => translate(program, properties, { rounds: 1, plain: 'once' }));
    counts.set(`${kind}: ${why}`, (counts.get(`${kind}: ${why}`) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({
    'barrier: fits': 11,
    'example: fits': 11,
    'example: several accesses in one step': 16,
    'race: fits': 11,
    'race: several accesses in one step': 20,
    'race: what is not in memory': 13,
    'race: where an actor stands': 9,
  });
});

/** Each is refused with its line. */
function whyRefused(work: () => unknown): string {
  try {
    work();
    return 'fits';
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    const { message, at } = error;
    expect({ message, hasLine: at?.file !== undefined && at.line > 0 }).toMatchObject({ hasLine: true });
    const [why] = Object.entries(reasons).find(([, pattern]) => pattern.test(message)) ?? [message];
    return why;
  }
}
