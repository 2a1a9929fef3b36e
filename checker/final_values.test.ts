// The values at the ends of runs, by both engines.

import { describe, expect, test } from 'vitest';
import { finalValues } from './final_values.js';
import { choices, counters } from './testing/small_programs.js';

describe.each(['reference', 'compiled'] as const)('by the %s engine', (engine) => {
  test('a variable ends with the value that was chosen for it, not with its first value', async () => {
    const program = choices(2, 3);
    const ends = await finalValues(program, program.variables[1]!, { engine });
    expect(ends).toMatchObject({ values: [1, 2, 3], isViolated: false });
    expect(ends.evidence.states).toBe(1 + 3 + 9);
  });

  test('values are unknown unless every state was explored', async () => {
    const program = choices(2, 3);
    const { values, evidence } = await finalValues(program, program.variables[0]!, {
      engine,
      statesMax: 2,
    });
    expect([values, evidence.exhaustive]).toEqual([undefined, false]);
  });

  test('where a run leaves the domain, the checks of the Program are violated', async () => {
    const program = counters(1, 2, 1);
    const { isViolated } = await finalValues(program, program.variables[0]!, { engine });
    expect(isViolated).toBe(true);
  });
});
