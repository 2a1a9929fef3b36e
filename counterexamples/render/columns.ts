// The lanes of a Trace as columns of text, one for each actor:
//
//      munmap[0]               │ truncate[0]
//   ───────────────────────────┼───────────────────────────
//   4  zap_huge_pmd.clear_pmd  │
//      pmd: huge → none        │
//                              │
//   5                          │ delete_from_page_cache.lock

import { asideWidth, cellText, fold, type Lanes, loopLines, margin, type Row } from './layout.js';
import { shareOut, widthOf } from './wrap.js';

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
  const widths = shareOut(neededWidths(lanes), roomOf(lanes));
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
    ...rows.flatMap((row, i) => [
      ...(startsTurn(rows, i) ? block([]) : []),
      ...loopLines(lanes, i),
      ...block([row]),
    ]),
    ...loopLines(lanes, rows.length),
    rule,
    ...block(ends),
  ].map((line) => line.trimEnd());
}

/** Does another actor go on with this row? */
const startsTurn = (rows: readonly Row[], i: number): boolean => i > 0 && rows[i - 1]!.lane !== rows[i]!.lane;

/** The widths at which no line of a column would be broken. */
const neededWidths = ({ actors, rows, ends }: Lanes): readonly number[] =>
  actors.map((actor, lane) => {
    const lines = [...rows, ...ends].filter((row) => row.lane === lane).flatMap((row) => row.lines);
    return Math.max(widthOf(actor), ...lines.map(asideWidth));
  });
