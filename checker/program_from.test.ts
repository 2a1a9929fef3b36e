// A Program from a state on: what can follow that state, with the same steps, and with what monitors have recorded.

import { expect, test } from 'vitest';
import { models } from '../models/index.js';
import { properties as propertiesOf } from '../properties/index.js';
import { explore } from './explore.js';
import { lower } from './index.js';
import { at, or, read } from './ir/expression.js';
import { programFrom } from './program_from.js';
import type { Property } from './property/property.js';
import { initialStates, type State, transitions } from './reference/semantics.js';
import type { EngineName } from './search/evidence.js';

const lowered = (name: string) => lower(models.get(name)!.model, {}, propertiesOf.get(name));

const counts = async (...of: Parameters<typeof explore>) => {
  const { evidence, properties } = await explore(...of);
  const found = properties.flatMap(({ check, finding }) =>
    finding === undefined ? [] : [`${check.name} after ${finding.path.steps.join(' ')}`],
  );
  return { states: evidence.states, transitions: evidence.transitions, found };
};

/** The states that can follow a state, by search in the original Program. */
function following(program: Parameters<typeof transitions>[1], start: State): number {
  const seen = new Set([String(start)]);
  const open = [start];
  for (const state of open)
    for (const move of transitions(state, program)) {
      if (!('to' in move) || seen.has(String(move.to))) continue;
      seen.add(String(move.to));
      open.push(move.to);
    }
  return open.length;
}

test.each(['reference', 'compiled'] as const)(
  'has the states that can follow it: %s engine',
  async (engine: EngineName) => {
    const { program, properties } = lowered('increment');
    const start = initialStates(program)[0]!;
    expect(await counts(programFrom(program, start), properties, { engine })).toEqual(
      await counts(program, properties, { engine }),
    );
    const [first] = transitions(start, program);
    const loaded = (first as { to: State }).to;
    expect(await counts(programFrom(program, loaded), properties, { engine })).toEqual({
      states: 8,
      transitions: 8,
      found: ['no_lost_update after 2 1 3', 'all_finish after 1 2 3', 'two_hold_a_value after 2'],
    });
  },
);

test('is right in every state of a model with locks', async () => {
  const { program } = lowered('thp_truncate');
  let state = initialStates(program)[0]!;
  for (let taken = 0; ; taken++) {
    const from = programFrom(program, state);
    const { states } = (await explore(from, [], { without: ['stuck', 'lock-order', 'irq-safety'] })).evidence;
    expect(states, `after ${taken} steps`).toBe(following(program, state));
    const next = transitions(state, program).at(taken % 3 === 0 ? 0 : -1);
    if (next === undefined || !('to' in next)) break;
    state = next.to;
  }
});

test('keeps what a monitor has recorded', async () => {
  const { program } = lowered('increment');
  const id = program.variables.length;
  const recorded = read({ variables: [id] }, 'bool');
  const variable = { id, name: 'was', domain: { kind: 'bool' }, initial: [0] } as const;
  const monitored = {
    ...program,
    monitors: [{ variable, update: or(recorded, at(0, [program.threads[0]!.start])) }],
  };
  const property: Property = {
    name: 'it was there',
    expectation: 'sometimes',
    condition: recorded,
    source: {},
  };
  const later = transitions(initialStates(monitored)[0]!, monitored)[0] as { to: State };
  for (const engine of ['reference', 'compiled'] as const) {
    const { found } = await counts(programFrom(monitored, later.to), [property], { engine });
    expect(found).toContain('it was there after ');
  }
});
