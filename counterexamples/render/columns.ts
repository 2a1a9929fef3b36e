// The lanes of a Trace as columns of text, one for each actor; bars at the left edge of a column show held locks:
//
//      munmap[0]                 │ truncate[0]
//   ─────────────────────────────┼───────────────────────────
//   4  ┏ zap_huge_pmd.lock       │
//      ┃ ptl: free → munmap[0]   │
//      ┃                         │
//   5  ┃                         │ delete_from_page_cache.lock

import { barText, barTextAfter } from './bars.js';
import {
  asideWidth,
  cellText,
  fold,
  type LaneRow,
  type Lanes,
  margin,
  notesBefore,
  windowGoesOn,
} from './layout.js';
import type { Style } from './style.js';
import { shareOut, widthOf } from './wrap.js';

/** The width of ` │ `. */
const joint = 3;
/** The minimal width of a column that has to wrap its lines. */
const columnWidthMin = 30;

/** Is there room for a column of each actor? */
export function fitColumns(lanes: Lanes): boolean {
  const needed = neededWidths(lanes).reduce((sum, width) => sum + width, 0);
  const room = roomOf(lanes);
  return needed <= room || Math.floor(room / lanes.actors.length) >= columnWidthMin;
}

/** The width for the text of the lanes: without margin, bars and separators. */
const roomOf = ({ actors, bars, gutter, width }: Lanes): number =>
  width - gutter - joint * (actors.length - 1) - bars.reduce((sum, { slots }) => sum + barWidth(slots), 0);

const barWidth = (slots: number): number => (slots === 0 ? 0 : slots + 1);

export function drawColumns(lanes: Lanes): readonly string[] {
  const { actors, bars, rows, ends, window, gutter, style } = lanes;
  const widths = shareOut(neededWidths(lanes), roomOf(lanes));
  const full = widths.map((width, lane) => width + barWidth(bars[lane]!.slots));
  const rule = ' '.repeat(gutter) + style(full.map((room) => '─'.repeat(room)).join('─┼─'), 'dim');
  type Edge = (lane: number, line: { isFirst: boolean; isLast: boolean }) => string;
  const noEdge: Edge = (lane) => ' '.repeat(bars[lane]!.slots);
  const block = (of: readonly LaneRow[], edge: Edge, isMarked = false): readonly string[] => {
    const cells = widths.map((room, lane) =>
      of.filter((row) => row.lane === lane).flatMap(({ lines }) => lines.flatMap((line) => fold(line, room))),
    );
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) => {
      const number = i === 0 ? String(of[0]?.number ?? '') : '';
      const line = { isFirst: i === 0, isLast: i === height - 1 };
      const texts = cells.map((cell, lane) => {
        const bar = bars[lane]!.slots === 0 ? '' : `${inked(edge(lane, line), style)} `;
        return bar + cellText(cell[i], widths[lane]!, style);
      });
      return `${margin(number, gutter, style, isMarked)}${texts.join(` ${style('│', 'dim')} `)}`;
    });
  };
  const step = (row: LaneRow, isMarked: boolean) =>
    block([row], (lane, line) => barText(bars[lane]!, row.number!, line), isMarked);
  const blankBefore = (i: number) =>
    block([], (lane) => barTextAfter(bars[lane]!, rows[i - 1]!.number!), windowGoesOn(lanes, i));
  const names = actors.map((actor, lane): LaneRow => ({ lane, lines: [{ text: actor, look: 'strong' }] }));
  return [
    ...block(names, noEdge),
    rule,
    ...rows.flatMap((row, i) => {
      const notes = notesBefore(lanes, i);
      return [
        ...(startsTurn(rows, i) && notes.length === 0 ? blankBefore(i) : notes),
        ...step(row, window.has(i)),
      ];
    }),
    ...notesBefore(lanes, rows.length),
    rule,
    ...block(ends, noEdge),
  ].map((line) => line.trimEnd());
}

/** Colours only visible characters. */
const inked = (bars: string, style: Style): string => bars.replace(/\S+/g, (seen) => style(seen, 'lock'));

/** Does another actor take this step than the one before? */
const startsTurn = (rows: readonly LaneRow[], i: number): boolean =>
  i > 0 && rows[i - 1]!.lane !== rows[i]!.lane;

/** The widths at which no line has to be wrapped. */
const neededWidths = ({ actors, rows, ends }: Lanes): readonly number[] =>
  actors.map((actor, lane) => {
    const lines = [...rows, ...ends].filter((row) => row.lane === lane).flatMap((row) => row.lines);
    return lines.reduce((width, line) => Math.max(width, asideWidth(line)), widthOf(actor));
  });
