// A Trace as Markdown, for a mail, a commit or an issue: a table with a column for each actor, which is readable as
// plain text too.

import type { Essence } from '../essence.js';
import type { Trace } from '../trace.js';
import { actorsTold, standingLines, startText, stepLines, titleOf, verdictLines } from './telling.js';

/** `essence` is told below the table, if it is given. */
export function renderMarkdown(trace: Trace, essence?: Essence): string {
  const actors = actorsTold(trace);
  const start = startText(trace);
  const settings = Object.entries(trace.settings).map(([name, value]) => `${name}=${value}`);
  const row = (number: string, actor: string, texts: readonly string[]) =>
    tableRow([number, ...actors.map((each) => (each === actor ? texts.join('<br>') : ''))]);
  const steps = trace.steps.map((step, i) => {
    const [place, ...rest] = stepLines(step, trace).map(({ text }) => escaped(text));
    return row(`${trace.loop === i ? '↻ ' : ''}${i + 1}`, step.actor, [`**${place}**`, ...rest]);
  });
  const ends = actors.map((actor) => {
    const standing = trace.ending.standing.find((at) => at.actor === actor)!;
    return row(
      '',
      actor,
      standingLines(standing, trace).map(({ text }) => `*${escaped(text)}*`),
    );
  });
  const [verdict, ...why] = verdictLines(trace).map(({ text }) => escaped(text));
  return [
    `### ${escaped(titleOf(trace))}`,
    '',
    escaped([trace.model, ...settings].join(' ')),
    '',
    ...(start === '' ? [] : [`At the start: ${escaped(start)}.`, '']),
    tableRow(['', ...actors.map(escaped)]),
    tableRow(['---', ...actors.map(() => '---')]),
    ...steps,
    ...ends,
    '',
    ...(trace.loop === undefined ? [] : [`Then back to step ${trace.loop + 1}, again and again.`, '']),
    `**${verdict}**`,
    '',
    ...why.map((text) => `* ${text}`),
    ...(essence === undefined ? [] : essenceLines(essence)),
    '',
  ].join('\n');
}

const essenceLines = ({ orderings, locks }: Essence): readonly string[] =>
  orderings.length === 0
    ? ['', 'No order matters: every run of these actors that comes to an end shows it.']
    : [
        '',
        'It happens whenever',
        '',
        ...orderings.map(({ sentence }, i) => `${i + 1}. ${escaped(sentence)}`),
        ...(locks.length === 0 ? [] : ['', ...locks.map(({ sentence }) => escaped(sentence))]),
      ];

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** What means something to Markdown or HTML. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\n', ' ');
