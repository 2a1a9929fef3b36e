// Text tables: columns as wide as their text, wrapped within cells if the page is too narrow.

import { type Line, type Style, styled } from './style.js';
import { longestPart, shareOut, widthOf, wrap } from './wrap.js';

/** The layout of text. */
export interface Page {
  /** Characters in a line. */
  readonly width: number;
  readonly style: Style;
}

const gap = '  ';

type TableRows = readonly (readonly Line[])[];

/** The lines of a table. */
export function table(rows: TableRows, { width, style }: Page, indent = '  '): readonly string[] {
  const needed = widest(rows, widthOf);
  const room = width - indent.length - gap.length * (needed.length - 1);
  const widths = shareOut(needed, room, widest(rows, longestPart));
  return rows.flatMap((row) => {
    const cells = row.map(({ text }, i) => wrap(text, widths[i]!));
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => {
      const texts = cells.map((cell, i) => {
        const text = cell[line] ?? '';
        return styled(style, { ...row[i]!, text }) + ' '.repeat(widths[i]! - widthOf(text));
      });
      return `${indent}${texts.join(gap)}`.trimEnd();
    });
  });
}

/** Does the table fit the page without wrapping? */
export const fits = (rows: TableRows, { width }: Page, indent = '  '): boolean =>
  widest(rows, widthOf).reduce((sum, column) => sum + column + gap.length, indent.length - gap.length) <=
  width;

/** For each column, the largest measure of its texts. */
const widest = (rows: TableRows, measure: (text: string) => number): readonly number[] =>
  Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) =>
    Math.max(0, ...rows.map((row) => measure(row[i]?.text ?? ''))),
  );

/** A paragraph; its further lines are indented. */
export const paragraph = (line: Line, { width, style }: Page, indent = ''): readonly string[] =>
  wrap(line.text, width - indent.length, '  ').map((text) => indent + styled(style, { ...line, text }));
