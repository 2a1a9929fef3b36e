// Wraps text: at spaces; inside a name longer than a line, after a separator such as `.` or `_`; else anywhere.
//
//   wrap('zap_huge_pmd.clear_pmd', 16)   ->   'zap_huge_pmd.'   'clear_pmd'

import stringWidth from 'string-width';

/**
 * Printable ASCII, a no-break space, the lines and marks that views draw: one column each. The library is loaded and its
 * expressions over all of Unicode are compiled only for other texts, which takes longer than a small check.
 */
const plain = /^[ -~\u00a0…←-↓─-╿●○✓✗]*$/;

/** In columns of a terminal: wide characters take two, combining ones none. */
export const widthOf = (text: string): number => (plain.test(text) ? text.length : stringWidth(text));

/** Splits into graphemes, such as a letter with its accents. */
const graphemesOf = (text: string): readonly string[] =>
  [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

/** The longest beginning of a text that fits. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let short = '';
  for (const grapheme of graphemesOf(text)) {
    if (widthOf(short + grapheme) > width) break;
    short += grapheme;
  }
  return short;
}

/** A no-break space. */
export const together = '\u00a0';

/** The lines of a text, each at most `width` wide; lines after the first are indented. `width` is at least 1. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const before = line === '' ? '' : `${line} `;
    if (line !== '' && widthOf(before + word) <= width) {
      line = before + word;
      continue;
    }
    if (line !== '') lines.push(line);
    const broken = pieces(word, lines.length === 0 ? '' : indent, indent, width);
    lines.push(...broken.slice(0, -1));
    line = broken.at(-1)!;
  }
  return [...lines, line].map((text) => text.replaceAll(together, ' '));
}

/** Where a word may be broken, the better places first. A number keeps its commas. */
const joints = [/(?<=[./>])/, /(?<=[_()\]]|,(?!\d))/];

/** A word over as many lines as it needs. */
function pieces(word: string, first: string, indent: string, width: number): readonly string[] {
  const tooLong = (part: string) => widthOf(indent + part) > width;
  const splits = [...joints.map((joint) => (part: string) => part.split(joint)), graphemesOf];
  const parts = splits.reduce<readonly string[]>(
    (all, split) => all.flatMap((part) => (tooLong(part) ? split(part) : [part])),
    [word],
  );
  const lines: string[] = [];
  let line = first;
  for (const part of parts) {
    if (line.trim() !== '' && widthOf(line + part) > width) {
      lines.push(line);
      line = indent;
    }
    line += part;
  }
  return [...lines, line];
}

/**
 * Widths of columns within `room`: none wider than it needs, and what that leaves is shared by the others. None gets
 * less than its `least`, if there is room for that.
 */
export function shareOut(
  needed: readonly number[],
  room: number,
  least: readonly number[] = needed.map(() => 0),
): readonly number[] {
  const spare = room - least.reduce((sum, width) => sum + width, 0);
  if (spare < 0) return shareOut(needed, room);
  const widths = [...least];
  const open = new Set(needed.keys());
  let left = spare;
  while (open.size > 0) {
    const share = Math.floor(left / open.size);
    const modest = [...open].filter((column) => needed[column]! - least[column]! <= share);
    for (const column of modest.length === 0 ? open : modest) {
      const more = Math.min(needed[column]! - least[column]!, share);
      widths[column]! += more;
      left -= more;
      open.delete(column);
    }
  }
  return widths;
}

/** The longest part of a text that is not broken unless there is no room for it alone. */
export const longestPart = (text: string): number =>
  Math.max(
    0,
    ...joints
      .reduce((parts, joint) => parts.flatMap((part) => part.split(joint)), text.split(' '))
      .map(widthOf),
  );

/** A count with a mark every three digits: 12,345. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 step`, `2 steps`. */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : nouns}`;
