// Two traces side by side: what is common, where they part, and what differs in their states.

import { expect, test } from 'vitest';
import type { Trace, TraceStep } from '../trace/trace.js';
import { traceDifference } from '../trace/trace_difference.js';
import { differenceText } from './difference_text.js';
import { plain } from './style.js';

/** Steps `actor.label`, each of which stores its number in `n`. */
function trace(steps: readonly string[], settings = {}): Trace {
  const made = steps.map((step, i): TraceStep => {
    const [actor = '', label = ''] = step.split('.');
    const writes = [{ path: 'n', from: i, to: i + 1 }];
    return { actor, label, path: label, caption: '', writes };
  });
  const at = (i: number) => ({ at: { a: `l${i}`, b: 'go' }, values: { n: i, m: 0 } });
  return {
    ...{ model: 'race', settings, actors: ['a', 'b'], variables: [], steps: made },
    property: { name: 'safe', expectation: 'always', verdict: 'violated' },
    states: [...made.map((_, i) => at(i)), at(made.length)],
    ending: { evidence: [], standing: [] },
  };
}
const text = (first: Trace, second: Trace) =>
  differenceText(
    { name: 'A.json', trace: first },
    { name: 'B.json', trace: second },
    traceDifference(first, second),
    { width: 80, style: plain },
  );

test('the common steps are one line, and later ones that both take stand beside each other', () => {
  const [first, second] = [
    trace(['a.x', 'b.y', 'a.lock', 'b.z', 'a.end'], { fix: 'none' }),
    trace(['a.x', 'b.y', 'b.z', 'a.lock', 'b.more', 'a.end'], { fix: 'lock' }),
  ];
  expect(text(first, second)).toMatchInlineSnapshot(`
    "A.json: race: safe: violated in 5 steps
    B.json: race: safe: violated in 6 steps

    settings that differ:

           A.json  B.json
      fix  none    lock

    the first 2 steps are the same; they part at step 3

      A.json    B.json
      3 a lock
      4 b z     3 b z
                4 a lock
                5 b more
      5 a end   6 a end

    what differs in the states at the ends:

            A.json  B.json
      n     5       6
      a at  l5      l6"
  `);
});

test('equal traces are said to be equal, and one that goes on is said to begin with the other', () => {
  const [short, long] = [trace(['a.x']), trace(['a.x', 'b.y'])];
  expect(text(short, short)).toContain('both have the same 1 step\n\nthe states at both ends are equal');
  expect(text(long, short)).toContain('the shorter one is the beginning of the other: 1 step');
  expect(traceDifference(long, short).pairs).toMatchObject([{ first: { number: 2 } }]);
});

test('a step that stores something else is not the same step', () => {
  const other = trace(['a.x', 'b.y']);
  const changed = {
    ...other,
    steps: [other.steps[0]!, { ...other.steps[1]!, writes: [{ path: 'n', from: 1, to: 7 }] }],
    states: [...other.states.slice(0, 2), { ...other.states[2]!, values: { n: 7, m: 0 } }],
  };
  const { common, before, after, ends } = traceDifference(other, changed);
  expect([common, before]).toEqual([1, []]);
  expect(after).toEqual([{ name: 'n', first: 2, second: 7 }]);
  expect(ends).toEqual(after);
});
