// The facts of a report that a row can state, and where they differ from what the row expects.

import { decisive, type Explored, incompleteText, isWarning, type Report } from '../checker/index.js';
import type { Difference, Expected, RowFacts } from './suite.js';

/**
 * The facts of a report. A warning of what might happen, such as a circle in the order of locks, is left out where
 * something does happen.
 */
export function factsOf(report: Report<Explored>): RowFacts {
  const { verdict, evidence, properties } = report;
  const limit = incompleteText(report);
  const speaking = decisive(report);
  const isCounted = (check: Parameters<typeof isWarning>[0]) =>
    !isWarning(check) || (speaking !== undefined && isWarning(speaking.check));
  const violated = properties.flatMap(({ check, verdict, finding }) =>
    verdict === 'violated' && isCounted(check)
      ? [[check.name, finding?.path.steps.length ?? 0] as const]
      : [],
  );
  return {
    verdict,
    ...(verdict === 'incomplete' && limit !== undefined && { limit }),
    violated: Object.fromEntries(violated),
    unreached: properties.flatMap(({ check, verdict }) => (verdict === 'unreached' ? [check.name] : [])),
    states: evidence.states,
    transitions: evidence.transitions,
    depth: evidence.depth,
  };
}

/**
 * Where the facts are not as expected; empty if they are. A search without an answer is as expected only if that is
 * what the row expects.
 */
export function differences(expected: Expected, facts: RowFacts): readonly Difference[] {
  const { verdict, violated, ...counts } = expected;
  // A row that lists what is violated expects that everything else is as it should be.
  const unreached = expected.unreached ?? (violated === undefined ? undefined : []);
  const isAnswer = facts.verdict !== 'incomplete';
  return [
    ...((verdict ?? facts.verdict) === facts.verdict && (verdict === 'incomplete' || isAnswer)
      ? []
      : [{ field: 'verdict', expected: verdict ?? 'an answer', found: verdictText(facts) }]),
    ...(violated === undefined ? [] : violationDifferences(violated, facts)),
    ...(unreached === undefined ? [] : unreachedDifferences(unreached, facts)),
    ...(['states', 'transitions', 'depth'] as const).flatMap((field) => {
      const count = counts[field];
      // The counts of a search that was stopped are partial.
      const found = `${facts[field]}${facts.limit === undefined ? '' : ` (${facts.limit})`}`;
      return count === undefined || String(count) === found
        ? []
        : [{ field, expected: String(count), found }];
    }),
  ];
}

const verdictText = ({ verdict, limit }: RowFacts): string =>
  verdict === 'incomplete' && limit !== undefined ? `incomplete: ${limit}` : verdict;

function violationDifferences(
  violated: NonNullable<Expected['violated']>,
  facts: RowFacts,
): readonly Difference[] {
  const names = [...new Set([...Object.keys(violated), ...Object.keys(facts.violated)])];
  const isOpen = facts.verdict === 'incomplete';
  return names.flatMap((name) => {
    const isExpected = Object.hasOwn(violated, name);
    const isFound = Object.hasOwn(facts.violated, name);
    const [wanted, steps] = [violated[name], facts.violated[name]];
    if (isExpected && isFound && (wanted === undefined || wanted === steps)) return [];
    const text = (count: number | undefined) =>
      `violated${count === undefined ? '' : ` in ${count} step${count === 1 ? '' : 's'}`}`;
    return [
      {
        field: name,
        expected: isExpected ? text(wanted) : 'holds',
        found: isFound ? text(steps) : isOpen ? `not decided: ${facts.limit}` : 'holds',
      },
    ];
  });
}

function unreachedDifferences(unreached: readonly string[], facts: RowFacts): readonly Difference[] {
  const names = [...new Set([...unreached, ...facts.unreached])];
  const text = (all: readonly string[], name: string) => (all.includes(name) ? 'never reached' : 'reached');
  return names.flatMap((field) => {
    const [expected, found] = [text(unreached, field), text(facts.unreached, field)];
    return expected === found ? [] : [{ field, expected, found }];
  });
}

/** The row that would expect what was found. Of a search that was stopped it has the verdict alone. */
export function expectationOf({ verdict, violated, unreached, ...counts }: RowFacts): Expected {
  if (verdict === 'incomplete') return { verdict };
  const { states, transitions, depth } = counts;
  return { violated, ...(unreached.length > 0 && { unreached }), states, transitions, depth };
}
