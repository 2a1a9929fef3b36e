// The lanes of a Trace as tracks, if there is no room for columns: a mark on the track of the actor, and the text right
// of all tracks. A track is heavy while its actor holds a lock.
//
//      ╷ phil[0]
//      │ ╷ phil[1]
//   1  ● │  phil[0]: take_left
//      ┃ │  fork[0]: free → phil[0]
//   2  ┃ ●  phil[1]: take_left

import { type Bars, barTextAfter } from './bars.js';
import { cellText, fold, type LaneRow, type Lanes, margin, notesBefore } from './layout.js';
import type { Line } from './style.js';

/** The minimal width of the text, even if the lines get wider than the page. */
const textWidthMin = 28;

export function drawTracks(lanes: Lanes): readonly string[] {
  const { actors, bars, rows, ends, window, gutter, width, style } = lanes;
  const room = Math.max(textWidthMin, width - gutter - 2 * actors.length - 1);
  const line = (number: string, text: Line, mark: (lane: number) => string, isMarked = false): string => {
    const tracks = actors.map((_, lane) => {
      const drawn = mark(lane);
      return style(drawn, drawn === '┃' ? 'lock' : 'dim');
    });
    const start = margin(number, gutter, style, isMarked);
    return `${start}${tracks.join(' ')}  ${cellText(text, room, style)}`.trimEnd();
  };
  const draw = ({ lane, number, lines: [first, ...rest] }: LaneRow, mark: string, isMarked = false) => {
    const named = first === undefined ? [] : [{ ...first, text: `${actors[lane]}: ${first.text}` }];
    const track = (at: number) => (number !== undefined && holdsAny(bars[at]!, number) ? '┃' : '│');
    return [...named, ...rest]
      .flatMap((text) => fold(text, room))
      .map((text, i) =>
        line(
          i === 0 ? String(number ?? '') : '',
          text,
          (at) => (i === 0 && at === lane ? mark : track(at)),
          isMarked,
        ),
      );
  };
  return [
    ...actors.map((actor, lane) =>
      line('', { text: actor, look: 'strong' }, (at) => (at < lane ? '│' : at === lane ? '╷' : ' ')),
    ),
    ...rows.flatMap((row, i) => [...notesBefore(lanes, i), ...draw(row, '●', window.has(i))]),
    ...notesBefore(lanes, rows.length),
    line('', { text: '' }, () => '│'),
    ...ends.flatMap((row) => draw(row, '○')),
  ];
}

/** Does the actor hold a lock after the step? */
const holdsAny = (bars: Bars, number: number): boolean => barTextAfter(bars, number).includes('┃');
