// A Trace as a picture for slides: a column for each actor, a box for each step, no external resources. The geometry
// does not depend on the machine: a character of the 12 pixel monospaced font counts as 7.2 wide.

import type { Essence } from '../essence/essence.js';
import { essentialSteps } from '../essence/window.js';
import type { Trace } from '../trace/trace.js';
import { type Bars, barsOf } from './bars.js';
import { cutForDisplay } from './cut.js';
import { escapeHtml } from './html/escape.js';
import type { Line, Look } from './style.js';
import {
  actorsShown,
  type Gap,
  gapBefore,
  hiddenText,
  loopStart,
  numberOf,
  standingLines,
  startText,
  stepLines,
  titleOf,
} from './trace_facts.js';
import { verdictLines } from './verdict.js';
import { windowMarks } from './window_marks.js';
import { wrap } from './wrap.js';

const [fontWidth, lineHeight, columnWidth, gap, margin, gutter] = [7.2, 16, 340, 16, 16, 44];
/** The distance of bars. */
const barPitch = 7;
const charsMax = Math.floor((columnWidth - 16) / fontWidth);

const colours: { readonly [look in Look]: string } = {
  strong: '#111',
  dim: '#777',
  change: '#0b62a4',
  good: '#1a7f37',
  bad: '#b42318',
  lock: '#7a5200',
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
  lines.flatMap(({ aside: _, indent = 0, ...line }) =>
    wrap(line.text, chars - 2 * indent, '  ').map(
      (text): Line => ({ ...line, text: '  '.repeat(indent) + text }),
    ),
  );

/** The steps of `essence`, if given, and its racy window are marked. */
export function renderSvg(given: Trace, essence?: Essence): string {
  const trace = cutForDisplay(given, essence);
  const actors = actorsShown(trace);
  const marked = new Set(essence && essentialSteps(essence));
  const window = windowMarks(trace, essence);
  const drawing = new Drawing(barsOf(trace, actors));
  const [start, hidden] = [startText(trace), hiddenText(trace)];
  drawing.paragraph([
    { text: titleOf(trace), look: 'strong' },
    ...(hidden === undefined ? [] : [{ text: hidden }]),
    ...(start === '' ? [] : [{ text: `at the start: ${start}` }]),
  ]);
  drawing.row(actors.map((text): readonly Line[] => [{ text, look: 'strong' }]));
  for (const [i, step] of trace.steps.entries()) {
    const number = numberOf(trace, i);
    drawing.gap(gapBefore(trace, i));
    if (window.opensAt(i)) drawing.note(window.opens);
    drawing.row(
      actors.map((actor) => (actor === step.actor ? stepLines(step, trace) : undefined)),
      { number, isLoop: loopStart(trace) === i, isMarked: marked.has(number), isRacing: window.has(i) },
    );
    if (window.closesAt(i)) drawing.note(window.closes);
  }
  drawing.gap(gapBefore(trace, trace.steps.length));
  drawing.row(actors.map((actor) => standingLines(actor, trace)));
  const looped =
    trace.loop === undefined ? [] : [{ text: `back to step ${trace.loop + 1}, again and again` }];
  drawing.paragraph([...looped, ...verdictLines(trace)]);
  return drawing.finished(titleOf(trace));
}

interface Marks {
  readonly number: number;
  /** Is it the first step of the loop? */
  readonly isLoop: boolean;
  readonly isMarked: boolean;
  readonly isRacing: boolean;
}

/** Collects the picture row by row, from the top. */
class Drawing {
  readonly #bars: readonly Bars[];
  readonly #lefts: readonly number[];
  readonly #width: number;
  readonly #parts: string[] = [];
  #y = margin;

  /** A column for each actor, with the width of its bars. */
  constructor(bars: readonly Bars[]) {
    this.#bars = bars;
    let right = margin + gutter;
    this.#lefts = bars.map(({ slots }) => {
      const left = right;
      right += slots * barPitch + columnWidth + gap;
      return left;
    });
    this.#width = margin + (bars.length === 0 ? right + columnWidth + gap : right);
  }

  paragraph(lines: readonly Line[]): void {
    const all = folded(lines, Math.floor((this.#width - 2 * margin) / fontWidth));
    this.#parts.push(textAt(margin, this.#y, all));
    this.#y += heightOf(all) + 4;
  }

  /** A note where the racy window opens or closes. */
  note(text: string): void {
    this.#racing(lineHeight + 8);
    this.#parts.push(textAt(margin, this.#y, [{ text, look: 'bad' }]));
    this.#y += lineHeight + 8;
  }

  /** What a view leaves out. */
  gap(gap: Gap | undefined): void {
    if (gap === undefined) return;
    this.#parts.push(textAt(margin, this.#y, [{ text: `${gap.sign} ${gap.text}`.trim(), look: 'dim' }]));
    this.#y += lineHeight + 8;
  }

  /** One row: a cell for each lane. */
  row(cells: readonly (readonly Line[] | undefined)[], marks?: Marks): void {
    const all = cells.map((lines) => folded(lines ?? [], charsMax));
    const height = Math.max(0, ...all.map(heightOf)) + 6;
    if (marks !== undefined) {
      const text = `${marks.isLoop ? '↻' : ''}${marks.number}`;
      this.#parts.push(textAt(margin, this.#y, [{ text, look: 'dim' }]));
      if (marks.isRacing) this.#racing(height);
      this.#drawBars(marks.number, height);
    }
    for (const [lane, lines] of all.entries()) {
      const x = this.#lefts[lane]! + this.#bars[lane]!.slots * barPitch;
      const box = { x, y: this.#y, width: columnWidth, lines, isMarked: marks?.isMarked === true };
      if (lines.length > 0) this.#parts.push(boxAt(box));
    }
    this.#y += height;
  }

  #racing(height: number): void {
    this.#parts.push(
      `<rect x="4" y="${this.#y}" width="4" height="${height}" fill="${colours.bad}" opacity="0.6"/>`,
    );
  }

  #drawBars(number: number, height: number): void {
    for (const [lane, { slots, atStep, lockIn }] of this.#bars.entries()) {
      for (let slot = 0; slot < slots; slot++) {
        const bar = atStep(slot, number);
        if (bar === undefined) continue;
        const [top, bottom] = [bar === 'starts' ? 4 : 0, bar === 'ends' ? 8 : 0];
        const x = this.#lefts[lane]! + slot * barPitch;
        const lock = escapeHtml(lockIn(slot, bar === 'ends' ? number - 1 : number)!);
        this.#parts.push(
          `<rect x="${x}" y="${this.#y + top}" width="4" height="${height - top - bottom}" fill="${colours.lock}"><title>${lock}</title></rect>`,
        );
      }
    }
  }

  finished(title: string): string {
    const [width, height] = [this.#width, this.#y + margin];
    const label = escapeHtml(title);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
<title>${label}</title>
<rect width="100%" height="100%" fill="#fff"/>
${this.#parts.join('\n')}
</svg>
`;
  }
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
