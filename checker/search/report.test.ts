// The verdicts of a report, from the findings and the evidence.

import { expect, test } from 'vitest';
import { counters } from '../testing/small_programs.js';
import type { Evidence, Explored, Proved } from './evidence.js';
import { checksOf, incompleteText, reportOf } from './report.js';

const checks = checksOf(counters(1, 1), []);
const [deadlock, stuck, domain] = checks;
const nothing = { findings: new Map(), undecided: new Map() };

const explored: Explored = {
  ...{ kind: 'explored', engine: 'reference', search: 'bfs', storage: 'exact' },
  ...{ reductions: [], memoryModel: 'sc', exhaustive: true, limit: undefined },
  ...{ states: 2, transitions: 1, depth: 1, levels: [1, 1] },
};
const cut: Explored = { ...explored, exhaustive: false, limit: { kind: 'states', text: '2 states' } };
const proved: Proved = {
  kind: 'proved',
  forEvery: { NR: 1 },
  instances: [{ settings: { NR: 1 }, states: 2 }],
  obligations: [
    { name: 'initially', outcome: 'proved' },
    { name: 'consecution', outcome: 'proved' },
  ],
  judges: ['z3 4.8.12'],
};
const openProof: Proved = { ...proved, obligations: [{ name: 'initially', outcome: 'unknown' }] };

test.each<[string, Evidence, string]>([
  ['every state was explored', explored, 'holds'],
  ['the search was stopped', cut, 'incomplete'],
  ['all obligations are proved', proved, 'holds'],
  ['an obligation is open', openProof, 'incomplete'],
  ['an obligation is refuted', { ...proved, obligations: [{ name: 'x', outcome: 'refuted' }] }, 'incomplete'],
])('where nothing was found and %s, the verdict follows from the evidence', (_, evidence, verdict) => {
  const report = reportOf(evidence, checks, nothing);
  expect(report.verdict).toBe(verdict);
  expect(report.evidence).toBe(evidence);
});

test('a check that is unknown has a reason, and no other check has', () => {
  const findings = new Map([[deadlock!, { path: { initial: 0, steps: [] } }]]);
  const reasonsOf = (evidence: Evidence) =>
    reportOf(evidence, checks, { ...nothing, findings }).properties.map(({ reason }) => reason);
  expect(reasonsOf(explored)).toEqual(Array(3).fill(undefined));
  expect(reasonsOf(cut)).toEqual([undefined, ...Array(2).fill('stopped at 2 states')]);
  expect(reasonsOf(openProof)).toEqual([undefined, ...Array(2).fill('not proved: initially')]);
});

test('a check that cannot be decided makes even an exhaustive search incomplete, with its own reason', () => {
  const report = reportOf(explored, checks, {
    ...nothing,
    undecided: new Map([[domain!, 'it is too large']]),
  });
  expect([report.verdict, incompleteText(report)]).toEqual(['incomplete', 'it is too large']);
  expect(incompleteText(reportOf(cut, checks, nothing))).toBe('stopped at 2 states');
  expect(incompleteText(reportOf(explored, checks, nothing))).toBeUndefined();
});

test('a check that was left out does not count for the verdict, and is no reason of an incomplete one', () => {
  const unchecked = new Map([[stuck!, '2 states']]);
  const report = reportOf(explored, checks, { ...nothing, unchecked });
  expect(report.properties.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['holds', undefined],
    ['unchecked', '2 states'],
    ['holds', undefined],
  ]);
  expect([report.verdict, incompleteText(report)]).toEqual(['holds', undefined]);
  const undecided = new Map([[domain!, 'it is too large']]);
  const open = reportOf(explored, checks, { ...nothing, unchecked, undecided });
  expect([open.verdict, incompleteText(open)]).toEqual(['incomplete', 'it is too large']);
});

test('"no actor is stuck otherwise" where a deadlock or a bug stops an actor', () => {
  const findings = new Map([[deadlock!, { path: { initial: 0, steps: [] } }]]);
  const apart = (stopsActors: boolean) =>
    reportOf(explored, checks, { ...nothing, findings, stopsActors }).properties.map(
      ({ isApart }) => isApart,
    );
  expect(apart(true)).toEqual([undefined, true, undefined]);
  expect(apart(false)).toEqual(Array(3).fill(undefined));
});
