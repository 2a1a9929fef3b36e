// A Trace as a Mermaid sequence diagram, which renders in a GitHub comment: one participant an actor, one note a step.
//
//   sequenceDiagram
//     participant a0 as munmap[0]
//     Note over a0: 6 clear_pmd<br/>pmd: huge → none

import type { Trace } from '../trace.js';
import { actorsTold, standingLines, startText, stepLines, titleOf, verdictLines } from './telling.js';

/** Beyond this, Mermaid refuses a text (its maxTextSize); the middle of a longer trace is left out. In steps. */
export const mermaidStepsMax = 150;

export function renderMermaid(trace: Trace): string {
  const actors = actorsTold(trace);
  const id = (actor: string) => `a${actors.indexOf(actor)}`;
  const note = (over: string, lines: readonly string[]) =>
    `  Note over ${over}: ${lines.map(escaped).join('<br/>')}`;
  const everyone = actors.length < 2 ? 'a0' : `a0,a${actors.length - 1}`;
  const start = startText(trace);
  const steps = trace.steps.map((step, i) => {
    const [place, ...rest] = stepLines(step, trace).map(({ text }) => text);
    const again = trace.loop === i ? ['again and again from here:'] : [];
    return note(id(step.actor), [...again, `${i + 1} ${place}`, ...rest]);
  });
  const ends = actors.map((actor) => {
    const standing = trace.ending.standing.find((at) => at.actor === actor)!;
    return note(
      id(actor),
      standingLines(standing, trace).map(({ text }) => text),
    );
  });
  return [
    'sequenceDiagram',
    `  title ${escaped(titleOf(trace))}`,
    ...(actors.length === 0 ? ['  participant a0 as nobody'] : []),
    ...actors.map((actor) => `  participant ${id(actor)} as ${escaped(actor)}`),
    ...(start === '' ? [] : [note(everyone, [`at the start: ${start}`])]),
    ...shortened(steps, note(everyone, [`… ${steps.length - mermaidStepsMax} steps left out …`])),
    ...(trace.loop === undefined ? [] : [note(everyone, [`back to step ${trace.loop + 1}`])]),
    ...ends,
    note(
      everyone,
      verdictLines(trace).map(({ text }) => text),
    ),
    '',
  ].join('\n');
}

function shortened(steps: readonly string[], gap: string): readonly string[] {
  if (steps.length <= mermaidStepsMax) return steps;
  const half = mermaidStepsMax / 2;
  return [...steps.slice(0, half), gap, ...steps.slice(-half)];
}

/** What means something to Mermaid or HTML, by Mermaid's `#code;`. */
const escaped = (text: string): string =>
  text.replace(/[#;<>&"%{}]/g, (character) => `#${character.codePointAt(0)};`).replaceAll('\n', ' ');
