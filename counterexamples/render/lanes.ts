// A Trace for a terminal: time runs down the page, and each step stands in the lane of the actor that takes it. A
// lane is a column of text (columns.ts) or, where columns would get too narrow to read, a track (tracks.ts).

import type { Trace } from '../trace.js';
import { drawColumns, fitColumns } from './columns.js';
import type { Lanes } from './layout.js';
import { type Line, plain, type Style, styled } from './style.js';
import { actorsTold, standingLines, startText, stepLines, titleOf, verdictLines } from './telling.js';
import { drawTracks } from './tracks.js';
import { wrap } from './wrap.js';

export interface LanesOptions {
  /** In characters; from 40 up. */
  readonly width?: number;
  readonly style?: Style;
  /** Name the model and its settings? Not where they have just been named. Default: true. */
  readonly withSettings?: boolean;
}

/** The trace as text, without a line longer than `width`. */
export function renderLanes(
  trace: Trace,
  { width = 80, style = plain, withSettings = true }: LanesOptions = {},
): string {
  const lanes = lanesOf(trace, width, style);
  const draw = fitColumns(lanes) ? drawColumns : drawTracks;
  const settings = Object.entries(trace.settings).map(([name, value]) => `${name}=${value}`);
  const say = (line: Line, indent: number) => paragraph(line, indent, width, style);
  const start = startText(trace);
  return [
    ...say({ text: titleOf(trace), look: 'strong' }, 0),
    ...(withSettings ? say({ text: [trace.model, ...settings].join(' '), look: 'dim' }, 2) : []),
    ...(start === '' ? [] : ['', ...say({ text: `at the start: ${start}` }, 2)]),
    '',
    ...(lanes.actors.length === 0 ? [] : draw(lanes)),
    '',
    ...verdictLines(trace).flatMap((line, i) => say(line, i === 0 ? 2 : 4)),
    '',
  ].join('\n');
}

function lanesOf(trace: Trace, width: number, style: Style): Lanes {
  const actors = actorsTold(trace);
  return {
    actors,
    rows: trace.steps.map((step, i) => ({
      number: String(i + 1),
      lane: actors.indexOf(step.actor),
      lines: stepLines(step, trace),
    })),
    ends: actors.map((actor, lane) => {
      const standing = trace.ending.standing.find((at) => at.actor === actor)!;
      return { number: '', lane, lines: standingLines(standing, trace) };
    }),
    loop: trace.loop,
    gutter: String(trace.steps.length).length + 4,
    width,
    style,
  };
}

const paragraph = (line: Line, indent: number, width: number, style: Style): readonly string[] =>
  wrap(line.text, width - indent, '  ').map((text) => ' '.repeat(indent) + styled(style, { ...line, text }));
