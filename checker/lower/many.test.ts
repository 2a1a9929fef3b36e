// The cost of lowering is proportional to actors and steps. The test counts visits of the Program's variables: twice
// the actors may take twice as many visits, not four times.

import { expect, test } from 'vitest';
import { actors, int, model, procedure, shared, source } from '../../models/language/index.js';
import { always, weaklyFair } from '../../properties/language/index.js';
import { lower } from './lower.js';

const c = source('many.c');
const state = shared({ x: int(0, 3) });
const { x } = state;
const run = procedure('run', { seen: int(0, 3) }, ({ seen }) => ({
  load: c`seen = ${x}`(seen.set(x)),
  store: c`x = ${seen}`(x.set(seen)),
}));
const properties = { bounded: always(x.le(3), 'x', { fair: weaklyFair() }) };

/** How many elements the methods of arrays are called with while so many actors are lowered. */
function visits(copies: number): number {
  const many = model('many', { about: '', state, actors: [actors('a', copies, run)] });
  let count = 0;
  const undo = (['map', 'filter', 'flatMap', 'find', 'forEach', 'some', 'every'] as const).map((name) => {
    const own = Array.prototype[name] as (this: unknown[], ...args: unknown[]) => unknown;
    Object.defineProperty(Array.prototype, name, {
      value(this: unknown[], ...args: unknown[]) {
        count += this.length;
        return own.apply(this, args);
      },
      configurable: true,
      writable: true,
    });
    return () =>
      Object.defineProperty(Array.prototype, name, { value: own, configurable: true, writable: true });
  });
  try {
    expect(lower(many, {}, properties).program.steps).toHaveLength(2 * copies);
  } finally {
    for (const each of undo) each();
  }
  return count;
}

test('twice as many actors take twice as many visits', () => {
  const [few, more, most] = [visits(100), visits(200), visits(400)];
  expect((most! - more!) / (more! - few!)).toBeCloseTo(2, 1);
});
