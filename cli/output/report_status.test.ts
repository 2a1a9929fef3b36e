// Which violation decides the exit status when there are several.

import { expect, test } from 'vitest';
import { decisive, type PropertyResult, type Report } from '../../checker/index.js';
import { statusOf } from './report_status.js';

type Kind = PropertyResult['check']['kind'];

/** A report of violations: their kinds and the number of steps to each; Infinity for one never reached. */
function report(...violations: readonly (readonly [Kind, number])[]): Report {
  const properties = violations.map(([kind, steps]): PropertyResult => {
    const finding = Number.isFinite(steps)
      ? { path: { initial: 0, steps: Array(steps).fill(0) } }
      : undefined;
    const check = { name: `${kind} ${steps}`, kind } as PropertyResult['check'];
    return { check, finding, verdict: finding === undefined ? 'unreached' : 'violated' };
  });
  return { verdict: violations.length === 0 ? 'holds' : 'violated', properties } as unknown as Report;
}

test('each kind of violation has its status', () => {
  const kinds = ['deadlock', 'always', 'never', 'domain', 'liveness', 'assertion'] as const;
  expect(kinds.map((kind) => statusOf(report([kind, 3])))).toEqual([11, 12, 12, 12, 13, 14]);
  expect(statusOf(report(['sometimes', Number.POSITIVE_INFINITY]))).toBe(12);
});

test('the shortest counterexample decides, the first of several as short', () => {
  const [first, shorter, same] = [
    ['always', 5],
    ['assertion', 3],
    ['deadlock', 3],
  ] as const;
  expect(decisive(report(first, shorter, same))?.check.name).toBe('assertion 3');
  expect(statusOf(report(first, same, shorter))).toBe(11);
});

test('what is never reached decides only alone', () => {
  expect(statusOf(report(['sometimes', Number.POSITIVE_INFINITY], ['assertion', 40]))).toBe(14);
});

test('without a violation, it is the verdict', () => {
  expect(statusOf(report())).toBe(0);
  expect(statusOf({ ...report(), verdict: 'incomplete' })).toBe(3);
});
