// A Trace as a picture for slides: a column for each actor, a box for each step, nothing that a browser would have to
// fetch. The same geometry everywhere: a character is taken to be 7.2 wide in the 12 pixel monospaced font.

import type { Essence } from '../essence.js';
import type { Trace } from '../trace.js';
import { escapeHtml } from './html/escape.js';
import type { Line, Look } from './style.js';
import { actorsTold, standingLines, startText, stepLines, titleOf, verdictLines } from './telling.js';
import { wrap } from './wrap.js';

const [fontWidth, lineHeight, columnWidth, gap, margin, gutter] = [7.2, 16, 340, 16, 16, 44];
const charsMax = Math.floor((columnWidth - 16) / fontWidth);

const colours: { readonly [look in Look]: string } = {
  strong: '#111',
  dim: '#777',
  change: '#0b62a4',
  good: '#1a7f37',
  bad: '#b42318',
};

/** A box with text, placed. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly lines: readonly Line[];
  readonly isMarked: boolean;
}

const heightOf = (lines: readonly Line[]): number => lines.length * lineHeight + 8;
const folded = (lines: readonly Line[], chars: number): readonly Line[] =>
  lines.flatMap(({ aside: _, ...line }) =>
    wrap(line.text, chars, '  ').map((text): Line => ({ ...line, text })),
  );

/** Steps of the essence, if it is given, are marked. */
export function renderSvg(trace: Trace, essence?: Essence): string {
  const actors = actorsTold(trace);
  const width = 2 * margin + gutter + Math.max(1, actors.length) * (columnWidth + gap);
  const chars = Math.floor((width - 2 * margin) / fontWidth);
  const marked = new Set(essence?.orderings.flatMap(({ first, then }) => [first.step, then.step]));
  let y = margin;
  const parts: string[] = [];
  const paragraph = (lines: readonly Line[]) => {
    const all = folded(lines, chars);
    parts.push(textAt(margin, y, all));
    y += heightOf(all) + 4;
  };
  const columns = (cells: readonly (readonly Line[] | undefined)[], number: string, isMarked: boolean) => {
    const all = cells.map((lines) => folded(lines ?? [], charsMax));
    if (number !== '') parts.push(textAt(margin, y, [{ text: number, look: 'dim' }]));
    for (const [lane, lines] of all.entries()) {
      const x = margin + gutter + lane * (columnWidth + gap);
      if (lines.length > 0) parts.push(boxAt({ x, y, width: columnWidth, lines, isMarked }));
    }
    y += Math.max(0, ...all.map(heightOf)) + 6;
  };
  const start = startText(trace);
  paragraph([
    { text: titleOf(trace), look: 'strong' },
    ...(start === '' ? [] : [{ text: `at the start: ${start}` }]),
  ]);
  columns(
    actors.map((text): readonly Line[] => [{ text, look: 'strong' }]),
    '',
    false,
  );
  for (const [i, step] of trace.steps.entries()) {
    const number = `${trace.loop === i ? '↻' : ''}${i + 1}`;
    columns(
      actors.map((actor) => (actor === step.actor ? stepLines(step, trace) : undefined)),
      number,
      marked.has(i + 1),
    );
  }
  const standing = (actor: string) => trace.ending.standing.find((at) => at.actor === actor)!;
  columns(
    actors.map((actor) => standingLines(standing(actor), trace)),
    '',
    false,
  );
  const looped =
    trace.loop === undefined ? [] : [{ text: `back to step ${trace.loop + 1}, again and again` }];
  paragraph([...looped, ...verdictLines(trace)]);
  const told = escapeHtml(titleOf(trace));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + margin}" viewBox="0 0 ${width} ${y + margin}" role="img" aria-label="${told}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
<title>${told}</title>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

function boxAt({ x, y, width, lines, isMarked }: Box): string {
  const [stroke, fill] = isMarked ? ['#b42318', '#fff3f0'] : ['#d0d7de', '#f6f8fa'];
  return `<rect x="${x}" y="${y}" width="${width}" height="${heightOf(lines)}" rx="4" fill="${fill}" stroke="${stroke}"/>\n${textAt(x + 8, y, lines)}`;
}

const textAt = (x: number, y: number, lines: readonly Line[]): string =>
  lines
    .map(({ text, look }, i) => {
      const weight = look === 'strong' ? ' font-weight="bold"' : '';
      const fill = look === undefined ? '#333' : colours[look];
      return `<text x="${x}" y="${y + (i + 1) * lineHeight}" fill="${fill}"${weight} xml:space="preserve">${escapeHtml(text)}</text>`;
    })
    .join('\n');
