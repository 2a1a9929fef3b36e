// The data that lanes are drawn from, and what columns and tracks share: the margin, notes between steps, and wrapping.

import type { Bars } from './bars.js';
import { type Line, type Style, styled } from './style.js';
import type { Gap } from './trace_facts.js';
import type { WindowMarks } from './window_marks.js';
import { widthOf, wrap } from './wrap.js';

/** One step of one actor. */
export interface LaneRow {
  /** The step's number in the whole trace; absent for the location of an actor at the end. */
  readonly number?: number;
  /** An index into the actors. */
  readonly lane: number;
  readonly lines: readonly Line[];
}

export interface Lanes {
  /** The actors that have a lane. */
  readonly actors: readonly string[];
  /** The locks that they hold. */
  readonly bars: readonly Bars[];
  /** One for each step that is shown. */
  readonly rows: readonly LaneRow[];
  /** One for each actor: its location at the end. */
  readonly ends: readonly LaneRow[];
  /** What a view leaves out before each row, and after the last one. */
  readonly gaps: readonly (Gap | undefined)[];
  /** For an endless run: the index of the row to which it returns. */
  readonly loop: number | undefined;
  readonly window: WindowMarks;
  /** The width of the margin for the numbers. */
  readonly gutter: number;
  readonly width: number;
  readonly style: Style;
}

/** The notes before row `i`, or after the last one. */
export function notesBefore(lanes: Lanes, i: number): readonly string[] {
  return [
    ...closingLines(lanes, i),
    ...gapLines(lanes, i),
    ...openingLines(lanes, i),
    ...loopLines(lanes, i),
  ];
}

/** Is the racy window open between row `i` and the one before? */
export const windowGoesOn = ({ window }: Lanes, i: number): boolean => window.has(i - 1) && window.has(i);

const openingLines = (lanes: Lanes, i: number): readonly string[] =>
  lanes.window.opensAt(i) ? edgeLines(lanes, '╔═ ', lanes.window.opens) : [];

const closingLines = (lanes: Lanes, i: number): readonly string[] =>
  lanes.window.closesAt(i - 1) ? edgeLines(lanes, '╚═ ', lanes.window.closes) : [];

const edgeLines = ({ width, style }: Lanes, corner: string, text: string): readonly string[] =>
  wrap(text, width - widthOf(corner)).map((line, i) =>
    style(`${i === 0 ? corner : ' '.repeat(widthOf(corner))}${line}`, 'bad'),
  );

/** What a view leaves out before row `i`. */
function gapLines(lanes: Lanes, i: number): readonly string[] {
  const { gaps, gutter, width, style } = lanes;
  const gap = gaps[i];
  if (gap === undefined) return [];
  const first = margin(gap.sign, gutter, style, windowGoesOn(lanes, i));
  if (gap.text === '') return [first.trimEnd()];
  const next = margin('', gutter, style, windowGoesOn(lanes, i));
  return wrap(gap.text, width - gutter).map((line, j) => `${j === 0 ? first : next}${style(line, 'dim')}`);
}

/** The notes of an endless run, before its first repeated row and at its end. */
function loopLines(lanes: Lanes, i: number): readonly string[] {
  const { loop, rows, gutter, style } = lanes;
  if (loop === undefined || (i !== loop && i !== rows.length)) return [];
  const first = rows[loop]?.number;
  const last = rows.at(-1)?.number;
  const steps = first === last ? `step ${first}` : `steps ${first} to ${last}`;
  const text = i === loop ? `${steps}, again and again:` : `back to step ${first}`;
  return [`${edge(windowGoesOn(lanes, i), style)}${' '.repeat(gutter - 3)}${style(`↻ ${text}`, 'bad')}`];
}

/** The margin left of a step: its number, and a mark if it is in the racy window. */
export const margin = (number: string, gutter: number, style: Style, isInWindow: boolean): string =>
  `${edge(isInWindow, style)}${' '.repeat(gutter - 3 - number.length)}${style(number, 'dim')}  `;

const edge = (isInWindow: boolean, style: Style): string => (isInWindow ? style('║', 'bad') : ' ');

/** A line, wrapped; with its aside only if that needs no further line. */
export function fold({ aside, ...line }: Line, room: number): readonly Line[] {
  const lines = wrap(line.text, room, '  ').map((text): Line => ({ ...line, text }));
  const roomy = aside !== undefined && lines.length === 1 && asideWidth({ ...line, aside }) <= room;
  return roomy ? [{ ...line, aside }] : lines;
}

/** The width of a line with its aside. */
export const asideWidth = ({ text, aside }: Line): number =>
  widthOf(text) + (aside === undefined ? 0 : widthOf(aside) + 2);

/** A line, padded to `room`. */
export function cellText(line: Line | undefined, room: number, style: Style): string {
  if (line === undefined) return ' '.repeat(room);
  const { text, aside = '' } = line;
  const between = ' '.repeat(room - widthOf(text) - widthOf(aside));
  return styled(style, line) + between + style(aside, 'dim');
}
