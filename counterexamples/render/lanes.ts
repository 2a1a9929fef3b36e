// A Trace for a terminal: time runs down the page, and each step is in the lane of its actor. A lane is a column of
// text (columns.ts) or, if columns would be too narrow, a track (tracks.ts).

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import { barsOf } from './bars.js';
import { drawColumns, fitColumns } from './columns.js';
import { cutForDisplay } from './cut.js';
import type { LaneRow, Lanes } from './layout.js';
import { type Line, plain, type Style, styled } from './style.js';
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
  wholeOf,
} from './trace_facts.js';
import { drawTracks } from './tracks.js';
import { verdictLines } from './verdict.js';
import { windowMarks } from './window_marks.js';
import { wrap } from './wrap.js';

export interface LanesOptions {
  /** In characters; at least 40. */
  readonly width?: number;
  readonly style?: Style;
  /** Marks its racy window. */
  readonly essence?: Essence;
  /** Print which property it is a trace of? Default: true. */
  readonly withTitle?: boolean;
  /** Print the model and its settings? Default: true. */
  readonly withSettings?: boolean;
  /** How texts are written, before they are wrapped; as they are by default. */
  readonly spell?: (text: string) => string;
}

/** The trace as text; no line is longer than `width`. */
export function renderLanes(
  given: Trace,
  {
    width = 80,
    style = plain,
    essence,
    withTitle = true,
    withSettings = true,
    spell = asItIs,
  }: LanesOptions = {},
): string {
  const trace = cutForDisplay(given, essence);
  const lanes = spelt(lanesOf(trace, width, style, essence), spell);
  const hidden = hiddenText(trace);
  const draw = fitColumns(lanes) ? drawColumns : drawTracks;
  const say = (line: Line, indent: number) =>
    paragraph({ ...line, text: spell(line.text) }, indent, width, style);
  const start = startText(trace);
  return [
    ...(withTitle ? say({ text: titleOf(trace), look: 'strong' }, 0) : []),
    ...(withSettings ? say({ text: modelText(trace), look: 'dim' }, 2) : []),
    ...(hidden === undefined ? [] : say({ text: hidden, look: 'strong' }, 2)),
    ...(start === '' ? [] : ['', ...say({ text: `at the start: ${start}` }, 2)]),
    ...(lanes.bars.some(({ slots }) => slots > 0)
      ? [...(start === '' ? [''] : []), ...say(barsLegend, 2)]
      : []),
    '',
    ...(lanes.actors.length === 0 ? [] : draw(lanes)),
    '',
    ...verdictLines(trace).flatMap((line, i) => say(line, (i === 0 ? 2 : 4) + 2 * (line.indent ?? 0))),
    '',
  ].join('\n');
}

const asItIs = (text: string): string => text;

/** The lanes with all their texts written in another way. */
function spelt(lanes: Lanes, spell: (text: string) => string): Lanes {
  if (spell === asItIs) return lanes;
  const { actors, rows, ends, gaps, window } = lanes;
  const line = ({ aside, ...own }: Line): Line => ({
    ...own,
    text: spell(own.text),
    ...(aside !== undefined && { aside: spell(aside) }),
  });
  const row = (one: LaneRow): LaneRow => ({ ...one, lines: one.lines.map(line) });
  return {
    ...lanes,
    actors: actors.map(spell),
    rows: rows.map(row),
    ends: ends.map(row),
    gaps: gaps.map((gap) => gap && { ...gap, text: spell(gap.text) }),
    window: { ...window, opens: spell(window.opens), closes: spell(window.closes) },
  };
}

const barsLegend: Line = { text: '┃ beside a lane: its actor holds a lock', look: 'dim' };

function lanesOf(trace: Trace, width: number, style: Style, essence: Essence | undefined): Lanes {
  const actors = actorsShown(trace);
  const { length } = wholeOf(trace).steps;
  return {
    actors,
    bars: barsOf(trace, actors),
    rows: trace.steps.map((step, i) => ({
      number: numberOf(trace, i),
      lane: actors.indexOf(step.actor),
      lines: stepLines(step, trace),
    })),
    ends: actors.map((actor, lane) => ({ lane, lines: standingLines(actor, trace) })),
    gaps: [...trace.steps.keys(), trace.steps.length].map((i) => gapBefore(trace, i)),
    loop: loopStart(trace),
    window: windowMarks(trace, essence),
    gutter: String(length).length + 4,
    width,
    style,
  };
}

const paragraph = (line: Line, indent: number, width: number, style: Style): readonly string[] =>
  wrap(line.text, width - indent, hangingIndent(line)).map(
    (text) => ' '.repeat(indent) + styled(style, { ...line, text }),
  );

/** More than the lines that belong to it. */
const hangingIndent = ({ indent = 0 }: Line): string => (indent === 0 ? '  ' : '      ');
