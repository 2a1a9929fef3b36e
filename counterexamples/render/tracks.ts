// The lanes of a Trace as tracks, for more actors than there is room for columns: a mark on the actor's track, and
// the text beside all of them.
//
//      ╷ phil[0]
//      │ ╷ phil[1]
//   1  ● │  phil[0]: take_left
//      │ │  fork[0]: free → phil[0]
//   2  │ ●  phil[1]: take_left

import { cellText, fold, type Lanes, loopLines, margin, type Row } from './layout.js';
import type { Line } from './style.js';

/** Text narrower than this cannot be read: rather too wide a page. */
const textWidthMin = 30;

export function drawTracks(lanes: Lanes): readonly string[] {
  const { actors, rows, ends, gutter, width, style } = lanes;
  const room = Math.max(textWidthMin, width - gutter - 2 * actors.length - 1);
  const line = (number: string, text: Line, mark: (lane: number) => string): string => {
    const tracks = actors.map((_, lane) => mark(lane)).join(' ');
    return `${margin(number, gutter, style)}${style(tracks, 'dim')}  ${cellText(text, room, style)}`.trimEnd();
  };
  const draw = ({ number, lane, lines: [first, ...rest] }: Row, mark: string): readonly string[] => {
    const named = first === undefined ? [] : [{ ...first, text: `${actors[lane]}: ${first.text}` }];
    return [...named, ...rest]
      .flatMap((text) => fold(text, room))
      .map((text, i) => line(i === 0 ? number : '', text, (at) => (i === 0 && at === lane ? mark : '│')));
  };
  return [
    ...actors.map((actor, lane) =>
      line('', { text: actor, look: 'strong' }, (at) => (at < lane ? '│' : at === lane ? '╷' : ' ')),
    ),
    ...rows.flatMap((row, i) => [...loopLines(lanes, i), ...draw(row, '●')]),
    ...loopLines(lanes, rows.length),
    line('', { text: '' }, () => '│'),
    ...ends.flatMap((row) => draw(row, '○')),
  ];
}
