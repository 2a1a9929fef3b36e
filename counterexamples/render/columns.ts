// The lanes of a Trace as columns of text, one for each actor:
//
//      munmap[0]               │ truncate[0]
//   ───────────────────────────┼───────────────────────────
//   4  zap_huge_pmd.clear_pmd  │
//      pmd: huge → none        │
//                              │
//   5                          │ delete_from_page_cache.lock

import type { Lanes, Row } from './lanes.js';
import { type Line, type Style, styled } from './style.js';
import { widthOf, wrap } from './wrap.js';

/** The width of ` │ `. */
const joint = 3;
/** A column that has to break its lines is at least so wide, or it cannot be read. */
const columnWidthMin = 30;

/** Is there room for a column of each actor? */
export function fitColumns(lanes: Lanes): boolean {
  const needed = neededWidths(lanes).reduce((sum, width) => sum + width, 0);
  const room = roomOf(lanes);
  return needed <= room || Math.floor(room / lanes.actors.length) >= columnWidthMin;
}

const roomOf = ({ actors, gutter, width }: Lanes): number => width - gutter - joint * (actors.length - 1);

export function drawColumns(lanes: Lanes): readonly string[] {
  const { actors, rows, ends, gutter, style } = lanes;
  const widths = columnWidths(lanes);
  const rule = ' '.repeat(gutter) + style(widths.map((room) => '─'.repeat(room)).join('─┼─'), 'dim');
  const block = (of: readonly Row[]): readonly string[] => {
    const cells = widths.map((room, lane) =>
      of.filter((row) => row.lane === lane).flatMap(({ lines }) => lines.flatMap((line) => fold(line, room))),
    );
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) => {
      const number = i === 0 ? (of[0]?.number ?? '') : '';
      const texts = cells.map((cell, lane) => cellText(cell[i], widths[lane]!, style));
      return `${margin(number, gutter, style)}${texts.join(` ${style('│', 'dim')} `)}`;
    });
  };
  const names = actors.map((actor, lane): Row => {
    return { number: '', lane, lines: [{ text: actor, look: 'strong' }] };
  });
  return [
    ...block(names),
    rule,
    ...rows.flatMap((row, i) => (startsTurn(rows, i) ? [...block([]), ...block([row])] : block([row]))),
    rule,
    ...block(ends),
  ].map((line) => line.trimEnd());
}

export const margin = (number: string, gutter: number, style: Style): string =>
  `${' '.repeat(gutter - 2 - number.length)}${style(number, 'dim')}  `;

/** Does another actor go on with this row? */
export const startsTurn = (rows: readonly Row[], i: number): boolean =>
  i > 0 && rows[i - 1]!.lane !== rows[i]!.lane;

/** A line in as many as it needs; what is said aside only if that takes no further line. */
export function fold({ aside, ...line }: Line, room: number): readonly Line[] {
  const lines = wrap(line.text, room, '  ').map((text): Line => ({ ...line, text }));
  const roomy = aside !== undefined && lines.length === 1 && asideWidth({ ...line, aside }) <= room;
  return roomy ? [{ ...line, aside }] : lines;
}

const asideWidth = ({ text, aside }: Line): number =>
  widthOf(text) + (aside === undefined ? 0 : widthOf(aside) + 2);

export function cellText(line: Line | undefined, room: number, style: Style): string {
  if (line === undefined) return ' '.repeat(room);
  const { text, aside = '' } = line;
  const between = ' '.repeat(room - widthOf(text) - widthOf(aside));
  return styled(style, line) + between + style(aside, 'dim');
}

/** The widths at which no line of a column would be broken. */
const neededWidths = ({ actors, rows, ends }: Lanes): readonly number[] =>
  actors.map((actor, lane) => {
    const lines = [...rows, ...ends].filter((row) => row.lane === lane).flatMap((row) => row.lines);
    return Math.max(widthOf(actor), ...lines.map(asideWidth));
  });

/** No column is wider than its text needs; what that leaves is shared by the others. */
function columnWidths(lanes: Lanes): readonly number[] {
  const needed = neededWidths(lanes);
  const widths = needed.map(() => 0);
  const open = new Set(needed.keys());
  let left = roomOf(lanes);
  while (open.size > 0) {
    const share = Math.floor(left / open.size);
    const modest = [...open].filter((lane) => needed[lane]! <= share);
    for (const lane of modest.length === 0 ? open : modest) {
      widths[lane] = Math.min(needed[lane]!, share);
      left -= widths[lane]!;
      open.delete(lane);
    }
  }
  return widths;
}
