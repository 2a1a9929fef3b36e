// A Trace as Markdown, for a mail, a commit or an issue: a table with a column for each actor, readable as plain text
// too.

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import { cutForDisplay } from './cut.js';
import type { Line } from './style.js';
import {
  actorsShown,
  gapBefore,
  hiddenText,
  loopStart,
  modelText,
  numberOf,
  standingLines,
  startText,
  stepLines,
  titleOf,
} from './trace_facts.js';
import { verdictLines } from './verdict.js';
import { windowMarks } from './window_marks.js';

/** `essence`, if given, is printed below the table, and its racy window is marked. */
export function renderMarkdown(given: Trace, essence?: Essence): string {
  const trace = cutForDisplay(given, essence);
  const actors = actorsShown(trace);
  const start = startText(trace);
  const hidden = hiddenText(trace);
  const [verdict, ...why] = verdictLines(trace);
  return [
    `### ${escaped(titleOf(trace))}`,
    '',
    escaped(modelText(trace)),
    '',
    ...(hidden === undefined ? [] : [`**${escaped(hidden)}**`, '']),
    ...(start === '' ? [] : [`At the start: ${escaped(start)}.`, '']),
    tableRow(['', ...actors.map(escaped)]),
    tableRow(['---', ...actors.map(() => '---')]),
    ...stepRows(trace, actors, essence),
    ...endRows(trace, actors),
    '',
    ...(trace.loop === undefined ? [] : [`Then back to step ${trace.loop + 1}, again and again.`, '']),
    `**${escaped(verdict!.text)}**`,
    '',
    ...why.map(bullet),
    ...(essence === undefined ? [] : essenceLines(essence)),
    '',
  ].join('\n');
}

function stepRows(trace: Trace, actors: readonly string[], essence: Essence | undefined): readonly string[] {
  const window = windowMarks(trace, essence);
  const note = (text: string) => tableRow([`*${text}*`, ...actors.map(() => '')]);
  const gap = (i: number) => {
    const left = gapBefore(trace, i);
    return left === undefined
      ? []
      : [tableRow([left.sign, ...actors.map((_, j) => (j === 0 ? escaped(left.text) : ''))])];
  };
  const rows = trace.steps.flatMap((step, i) => {
    const [place, ...rest] = stepLines(step, trace).map(({ text }) => escaped(text));
    const number = `${window.has(i) ? '║ ' : ''}${loopStart(trace) === i ? '↻ ' : ''}${numberOf(trace, i)}`;
    const cells = actors.map((actor) => (actor === step.actor ? [`**${place}**`, ...rest].join('<br>') : ''));
    return [
      ...gap(i),
      ...(window.opensAt(i) ? [note(`╔ ${window.opens}`)] : []),
      tableRow([number, ...cells]),
      ...(window.closesAt(i) ? [note(`╚ ${escaped(window.closes)}`)] : []),
    ];
  });
  return [...rows, ...gap(trace.steps.length)];
}

const endRows = (trace: Trace, actors: readonly string[]): readonly string[] =>
  actors.map((actor) => {
    const texts = standingLines(actor, trace).map(({ text }) => `*${escaped(text)}*`);
    return tableRow(['', ...actors.map((each) => (each === actor ? texts.join('<br>') : ''))]);
  });

const bullet = ({ text, indent = 0, look }: Line): string =>
  `${'  '.repeat(indent)}* ${look === 'bad' ? `**${escaped(text)}**` : escaped(text)}`;

const essenceLines = ({ orderings, locks }: Essence): readonly string[] =>
  orderings.length === 0
    ? ['', 'The order of steps does not matter: every run of these actors shows it.']
    : [
        '',
        'It happens whenever',
        '',
        ...orderings.map(({ sentence }, i) => `${i + 1}. ${escaped(sentence)}`),
        ...(locks.length === 0 ? [] : ['', ...locks.map(({ sentence }) => escaped(sentence))]),
      ];

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Escapes Markdown and HTML. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\n', ' ');
