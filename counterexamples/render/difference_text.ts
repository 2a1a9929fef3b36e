// Two traces side by side as text: what both begin with in one line, then their steps in two columns, then tables of
// what differs in their states.

import type { Trace } from '../trace/trace.js';
import type { StepPair, TraceDifference, ValueDifference } from '../trace/trace_difference.js';
import type { Line } from './style.js';
import { type Page, paragraph, table } from './table.js';
import { counted } from './wrap.js';

/** A trace, and what it is called: the name of its file. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** As lines of the page's width. */
export function differenceText(
  first: NamedTrace,
  second: NamedTrace,
  difference: TraceDifference,
  page: Page,
): string {
  const { settings, common, pairs, before, after, ends } = difference;
  const names = [first.name, second.name] as const;
  const text = (line: string, look?: Line['look']) => paragraph({ text: line, ...(look && { look }) }, page);
  const values = (heading: string, found: readonly ValueDifference[]) =>
    found.length === 0 ? [] : ['', ...text(heading), '', ...table(valueRows(names, found), page)];
  const [ones, others] = [first.trace.steps.length, second.trace.steps.length];
  return [
    ...[first, second].flatMap(({ name, trace }) => text(`${name}: ${titleOf(trace)}`, 'strong')),
    ...values('settings that differ:', settings),
    '',
    ...text(commonText(common, ones, others)),
    ...values('what differs in the state there:', before),
    ...(pairs.length === 0 ? [] : ['', ...table(pairRows(names, pairs), page)]),
    ...values(`what differs in the state after step ${common + 1}:`, after),
    ...(ends.length === 0
      ? ['', ...text('the states at both ends are equal')]
      : values('what differs in the states at the ends:', ends)),
  ].join('\n');
}

const titleOf = ({ model, property: { name, verdict }, steps }: Trace): string =>
  `${model}: ${name}: ${verdict} in ${counted(steps.length, 'step')}`;

function commonText(common: number, ones: number, others: number): string {
  if (common === ones && common === others) return `both have the same ${counted(common, 'step')}`;
  if (common === Math.min(ones, others))
    return `the shorter one is the beginning of the other: ${counted(common, 'step')}`;
  return common === 0
    ? 'they part at the first step'
    : `the first ${common === 1 ? 'step is' : `${common} steps are`} the same; they part at step ${common + 1}`;
}

const pairRows = (
  names: readonly [string, string],
  pairs: readonly StepPair[],
): readonly (readonly Line[])[] => [
  names.map((name): Line => ({ text: name, look: 'strong' })),
  ...pairs.map(({ first, second }) =>
    [first, second].map(
      (side): Line => ({
        text: side === undefined ? '' : `${side.number} ${side.step.actor} ${side.step.label}`,
        ...((first === undefined || second === undefined) && { look: 'change' as const }),
      }),
    ),
  ),
];

const valueRows = (
  names: readonly [string, string],
  found: readonly ValueDifference[],
): readonly (readonly Line[])[] => [
  ['', ...names].map((text): Line => ({ text, look: 'strong' })),
  ...found.map(({ name, first, second }) =>
    [name, ...[first, second].map((value) => (value === undefined ? '-' : String(value)))].map(
      (text): Line => ({ text }),
    ),
  ),
];
