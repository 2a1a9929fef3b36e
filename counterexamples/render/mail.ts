// A Trace as plain text for a mail: 72 columns of ASCII, so that it survives under a patch. What is claimed comes first,
// then the orderings in words, the lanes, and the commands with which anybody gets the same.

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import { asciiDrawing, asciiText } from './ascii.js';
import { renderLanes } from './lanes.js';
import { settingTexts, titleOf } from './trace_facts.js';
import { wrap } from './wrap.js';

/** Where the trace comes from, as a reader of the mail would get it again. */
export interface MailOrigin {
  /** Such as `raceproof 0.1.0`. */
  readonly tool: string;
  /** Each as the words of a command line. */
  readonly commands: readonly (readonly string[])[];
}

/** In characters. */
const mailWidth = 72;

/** No line is longer than 72 characters, but for words that cannot be broken. */
export function renderMail(
  trace: Trace,
  {
    essence,
    origin,
  }: { readonly essence?: Essence | undefined; readonly origin?: MailOrigin | undefined } = {},
): string {
  const say = (text: string, first = '', next = first) =>
    wrap(asciiText(text), mailWidth - next.length).map((line, i) => (i === 0 ? first : next) + line);
  const lanes = renderLanes(trace, {
    width: mailWidth,
    spell: asciiText,
    withTitle: false,
    withSettings: false,
    ...(essence && { essence }),
  });
  return [
    ...say(titleOf(trace)),
    ...say(originText(trace, origin)),
    '',
    ...say(settingsText(trace)),
    ...(essence === undefined ? [] : ['', ...essenceLines(essence, say)]),
    '',
    ...asciiDrawing(lanes)
      .trim()
      .split('\n')
      .map((line, i) => (i === 0 ? `  ${line}` : line)),
    ...(origin === undefined ? [] : ['', 'To reproduce:', '', ...origin.commands.flatMap(commandLines)]),
    '',
  ].join('\n');
}

const originText = ({ model }: Trace, origin: MailOrigin | undefined): string =>
  `(${origin === undefined ? 'an interleaving' : `an interleaving that ${origin.tool} found`} in the model '${model}'; the kernel itself was not run)`;

function settingsText(trace: Trace): string {
  const { chosen, others } = settingTexts(trace);
  if (chosen.length + others.length === 0) return 'The model has no settings.';
  if (chosen.length === 0) return 'Settings: the defaults.';
  return `Settings: ${chosen.join(', ')}${others.length === 0 ? '' : '; otherwise the defaults'}.`;
}

type Say = (text: string, first?: string, next?: string) => readonly string[];

function essenceLines({ orderings, locks }: Essence, say: Say): readonly string[] {
  if (orderings.length === 0)
    return say('It happens in every run of these actors, whatever the order of their steps.');
  const each = orderings.length === 1 ? 'this order; without it' : 'these orders; without any one of them';
  return [
    ...say(`It happens in every run of these actors that keeps ${each} it need not:`),
    '',
    ...orderings.flatMap(({ sentence }, i) => say(sentence, `  ${i + 1}. `, '     ')),
    ...(locks.length === 0 ? [] : ['', ...locks.flatMap(({ sentence }) => say(sentence))]),
  ];
}

/** A command for a shell, over as many lines as it needs. */
function commandLines(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of words.map(shellWord)) {
    if (line.trim() !== '' && line.length + 1 + word.length > mailWidth - 2) {
      lines.push(`${line} \\`);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
