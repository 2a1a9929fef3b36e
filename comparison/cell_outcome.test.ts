// What became of a cell, from the report of its run.

import { expect, test } from 'vitest';
import type { CheckKind } from '../checker/decide/kinds.js';
import type { Explored } from '../checker/index.js';
import { truth } from '../checker/ir/expression.js';
import { type Check, type Finding, reportOf } from '../checker/search/report.js';
import { isSameOutcome, outcomeOfCell, outcomeWords } from './cell_outcome.js';
import type { CellRun, ComparisonCell } from './comparison.js';

const check = (name: string, kind: CheckKind): Check => ({
  ...{ name, kind, condition: truth(true), about: undefined, source: {} },
});
const evidence = (exhaustive: boolean): Explored => ({
  ...{ kind: 'explored', states: 7, transitions: 9, depth: 3, levels: [1, 2, 4] },
  ...{ engine: 'compiled', search: 'bfs', storage: 'exact', reductions: [], memoryModel: 'sc', exhaustive },
  limit: exhaustive ? undefined : { kind: 'states', text: '7 states' },
});
const [safe, seen] = [check('safe', 'always'), check('seen', 'sometimes')];
const cell = (exhaustive: boolean, found: readonly (readonly [Check, number])[]): ComparisonCell => {
  const findings = new Map(
    found.map(([check, steps]): [Check, Finding] => [
      check,
      { path: { initial: 0, steps: Array.from({ length: steps }, () => 0) } },
    ]),
  );
  const report = reportOf(evidence(exhaustive), [safe, seen], { findings, undecided: new Map() });
  return { candidate: 'a', scenario: 's', environment: '', run: { report } as CellRun };
};
const refusal = { candidate: 'a', scenario: 's', environment: '', why: 'x.ts:1: no' };
const cells = {
  holds: cell(true, [[seen, 1]]),
  violated: cell(true, [[safe, 2]]),
  unreached: cell(true, []),
  incomplete: cell(false, []),
  refused: refusal,
  'not run': undefined,
};

test('each cell has one outcome, and a violation counts even where the search was stopped', () => {
  for (const [kind, one] of Object.entries(cells)) expect(outcomeOfCell(one).kind).toBe(kind);
  expect(outcomeOfCell(cells.holds)).toEqual({ kind: 'holds', states: 7 });
  expect(outcomeOfCell(cells.violated)).toMatchObject({ steps: 2, result: { check: { name: 'safe' } } });
  expect(outcomeOfCell(cells.incomplete)).toEqual({
    kind: 'incomplete',
    states: 7,
    why: 'stopped at 7 states',
  });
  expect(outcomeOfCell(cell(false, [[safe, 2]])).kind).toBe('violated');
});

test('outcomeWords are the same if their kind and the property that decides them are, whatever it took', () => {
  const all = Object.values(cells).map(outcomeOfCell);
  for (const [i, one] of all.entries()) {
    for (const [j, other] of all.entries()) expect(isSameOutcome(one, other)).toBe(i === j);
  }
  expect(isSameOutcome(outcomeOfCell(cells.violated), outcomeOfCell(cell(false, [[safe, 5]])))).toBe(true);
});

test('no colour carries a meaning alone: what is good, bad and open has other signs', () => {
  const signsOf = (look: string | undefined) =>
    Object.values(outcomeWords).flatMap((outcome) => (outcome.look === look ? [outcome.sign] : []));
  const [good, bad, open] = [signsOf('good'), signsOf('bad'), signsOf(undefined)];
  expect(new Set([...good, ...bad, ...open]).size).toBe(
    new Set(good).size + new Set(bad).size + new Set(open).size,
  );
});
