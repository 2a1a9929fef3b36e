// A Trace as a Mermaid sequence diagram, which renders in a GitHub comment: one participant an actor, one note a step.
//
//   sequenceDiagram
//     participant a0 as munmap[0]
//     Note over a0: 6 clear_pmd<br/>pmd: huge → none

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import {
  actorsShown,
  gapBefore,
  hiddenText,
  loopStart,
  numberOf,
  standingLines,
  startText,
  stepLines,
  titleOf,
} from './trace_facts.js';
import { verdictLines } from './verdict.js';
import { windowMarks } from './window_marks.js';
import { together } from './wrap.js';

/**
 * The largest number of steps; of a longer trace the middle is omitted, since Mermaid limits the size of a text
 * (maxTextSize).
 */
const mermaidStepsMax = 150;

/** The racy window of `essence`, if given, has another background. */
export function renderMermaid(trace: Trace, essence?: Essence): string {
  const actors = actorsShown(trace);
  const id = (actor: string) => `a${actors.indexOf(actor)}`;
  const everyone = actors.length < 2 ? 'a0' : `a0,a${actors.length - 1}`;
  const start = startText(trace);
  const hidden = hiddenText(trace);
  const ends = actors.map((actor) =>
    note(
      id(actor),
      standingLines(actor, trace).map(({ text }) => text),
    ),
  );
  const verdict = verdictLines(trace).map(({ text, indent = 0 }) => together.repeat(2 * indent) + text);
  return [
    'sequenceDiagram',
    `  title ${escaped(titleOf(trace))}`,
    ...(actors.length === 0 ? ['  participant a0 as nobody'] : []),
    ...actors.map((actor) => `  participant ${id(actor)} as ${escaped(actor)}`),
    ...(hidden === undefined ? [] : [note(everyone, [hidden])]),
    ...(start === '' ? [] : [note(everyone, [`at the start: ${start}`])]),
    ...stepNotes(trace, essence, id, everyone),
    ...(trace.loop === undefined ? [] : [note(everyone, [`back to step ${trace.loop + 1}`])]),
    ...ends,
    note(everyone, verdict),
    '',
  ].join('\n');
}

const note = (over: string, lines: readonly string[]): string =>
  `  Note over ${over}: ${lines.map(escaped).join('<br/>')}`;

function stepNotes(
  trace: Trace,
  essence: Essence | undefined,
  id: (actor: string) => string,
  everyone: string,
): readonly string[] {
  const window = windowMarks(trace, essence);
  const { length } = trace.steps;
  const half = mermaidStepsMax / 2;
  const isDrawn = (i: number) => length <= mermaidStepsMax || i < half || i >= length - half;
  let isOpen = false;
  const notes = trace.steps.flatMap((step, i) => {
    const gap = [note(everyone, [`… ${length - mermaidStepsMax} steps left out …`])];
    if (!isDrawn(i)) return i === half ? gap : [];
    const [place, ...rest] = stepLines(step, trace).map(({ text }) => text);
    const again = loopStart(trace) === i ? ['again and again from here:'] : [];
    const said = note(id(step.actor), [...again, `${numberOf(trace, i)} ${place}`, ...rest]);
    const [isInside, wasOpen] = [window.has(i), isOpen];
    isOpen = isInside && !window.closesAt(i);
    return [
      // The window may close in the omitted part.
      ...(wasOpen && !isInside ? ['  end'] : []),
      ...gapNotes(trace, i, everyone),
      ...(isInside && !wasOpen ? [`  rect ${windowColour}`, note(everyone, [window.opens])] : []),
      said,
      ...(isInside && !isOpen ? [note(everyone, [window.closes]), '  end'] : []),
    ];
  });
  return [...notes, ...gapNotes(trace, length, everyone)];
}

/** What a view leaves out before a step. */
function gapNotes(trace: Trace, i: number, everyone: string): readonly string[] {
  const gap = gapBefore(trace, i);
  return gap === undefined ? [] : [note(everyone, [`${gap.sign} ${gap.text}`.trim()])];
}

/** Readable on light and dark pages. */
const windowColour = 'rgba(240, 136, 62, 0.15)';

/** Escapes Mermaid and HTML, with Mermaid's `#code;`. */
const escaped = (text: string): string =>
  text.replace(/[#;<>&"%{}]/g, (character) => `#${character.codePointAt(0)};`).replaceAll('\n', ' ');
