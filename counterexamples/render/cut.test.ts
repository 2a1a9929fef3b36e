// Long traces end in every format, cut where people read them; the numbers say what is left out.

import { expect, test } from 'vitest';
import { EssenceError } from '../essence/bug_free_runs.js';
import { essentialOrderings } from '../essence/orderings.js';
import { longTrace } from '../testing/found.js';
import { cutForDisplay, stepsShownMax } from './cut.js';
import { renderHtml } from './html/page.js';
import { renderItf } from './itf.js';
import { renderLanes } from './lanes.js';
import { renderMarkdown } from './markdown.js';
import { renderSvg } from './svg.js';

const long = longTrace(100_000);

test('the first and the last steps of a long trace are shown, under their numbers', async () => {
  const trace = await long;
  const { steps, states, view } = cutForDisplay(trace);
  expect(trace.steps).toHaveLength(200_000);
  expect([steps.length, states.length]).toEqual([stepsShownMax, stepsShownMax + 1]);
  expect([view!.numbers[0], view!.numbers[499], view!.numbers[500], view!.numbers.at(-1)]).toEqual([
    1, 500, 199_501, 200_000,
  ]);
});

test('a short trace is shown whole', async () => {
  const trace = await longTrace(5);
  expect(cutForDisplay(trace)).toBe(trace);
});

test('every format ends, and says how much it leaves out', async () => {
  const trace = await long;
  const hidden = 'hidden here: 199,000 of 200,000 steps';
  expect(renderLanes(trace)).toContain(hidden);
  expect(renderMarkdown(trace)).toContain(hidden);
  expect(renderHtml(trace)).toContain(hidden);
  expect(renderSvg(trace)).toContain(hidden);
  expect(JSON.parse(renderItf(trace)).states).toHaveLength(200_001);
});

test('a trace with too many orderings is refused before they are made', () => {
  const step = {
    label: '',
    caption: '',
    source: {},
    guard: { op: 'const', value: 1, type: 'bool' },
  } as const;
  const thread = (id: number) => ({
    ...{ id, name: `t${id}`, start: 0, done: 1 },
    locations: [
      { label: 'l', path: 'l' },
      { label: 'done', path: 'done' },
    ],
  });
  const program = {
    ...{ name: 'two', settings: {}, variables: [], threads: [thread(0), thread(1)], initially: step.guard },
    steps: [0, 1].map((id) => ({ ...step, id, thread: id, from: 0, to: 0, assignments: [] })),
  };
  const check = { name: 'x', kind: 'never', about: undefined, condition: step.guard, source: {} } as const;
  const path = { initial: 0, steps: Array.from({ length: 1_000_000 }, (_, i) => i % 2) };
  expect(() => essentialOrderings(program, check, path)).toThrow(EssenceError);
});
