// What lanes are drawn from, and what columns and tracks share: the margin, and lines that fit a given room.

import { type Line, type Style, styled } from './style.js';
import { widthOf, wrap } from './wrap.js';

/** What one actor does at one time. */
export interface Row {
  /** The step's number; empty for where an actor stands at the end. */
  readonly number: string;
  /** An index into the actors. */
  readonly lane: number;
  readonly lines: readonly Line[];
}

export interface Lanes {
  /** Those that have a lane. */
  readonly actors: readonly string[];
  /** One for each step. */
  readonly rows: readonly Row[];
  /** One for each actor: where it stands at the end. */
  readonly ends: readonly Row[];
  /** For a run that never ends: the index of the row to which it leads back. */
  readonly loop: number | undefined;
  /** The width of the margin for the numbers. */
  readonly gutter: number;
  readonly width: number;
  readonly style: Style;
}

/** What is said before row `i`, or after the last one, of a run that leads back to an earlier row. */
export function loopLines({ loop, rows, gutter, style }: Lanes, i: number): readonly string[] {
  if (loop === undefined || (i !== loop && i !== rows.length)) return [];
  const first = rows[loop]?.number;
  const last = rows.at(-1)?.number;
  const steps = first === last ? `step ${first}` : `steps ${first} to ${last}`;
  const text = i === loop ? `${steps}, again and again:` : `back to step ${first}`;
  return [`${' '.repeat(gutter - 2)}${style(`↻ ${text}`, 'bad')}`];
}

export const margin = (number: string, gutter: number, style: Style): string =>
  `${' '.repeat(gutter - 2 - number.length)}${style(number, 'dim')}  `;

/** A line in as many as it needs; what is said aside only if that takes no further line. */
export function fold({ aside, ...line }: Line, room: number): readonly Line[] {
  const lines = wrap(line.text, room, '  ').map((text): Line => ({ ...line, text }));
  const roomy = aside !== undefined && lines.length === 1 && asideWidth({ ...line, aside }) <= room;
  return roomy ? [{ ...line, aside }] : lines;
}

/** How wide a line is with what is said aside. */
export const asideWidth = ({ text, aside }: Line): number =>
  widthOf(text) + (aside === undefined ? 0 : widthOf(aside) + 2);

/** A line, filled up to the room. */
export function cellText(line: Line | undefined, room: number, style: Style): string {
  if (line === undefined) return ' '.repeat(room);
  const { text, aside = '' } = line;
  const between = ' '.repeat(room - widthOf(text) - widthOf(aside));
  return styled(style, line) + between + style(aside, 'dim');
}
