// An execution as a picture: a column for each thread, first values above, arrows for po, rf, co and fr, and thick ones
// for the cycle. Where there are more first values than columns, they are left out. No external resources;
// the geometry does not depend on fonts.

import type { Execution, MemoryEvent } from '../execution/event.js';
import type { Edge } from '../relations/explain.js';
import { actionOf, letterOf, picturedEdges, threadName, type VerdictStory } from '../verdict/story.js';
import { colourOf, isOnCycle } from './picture.js';

const [boxWidth, boxHeight, columnGap, rowGap, margin, indent, firstRow] = [280, 46, 130, 40, 40, 70, 90];
const font = 'font-family="ui-monospace, monospace" font-size="12"';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where boxes are, by event: their upper left corners. */
type Places = ReadonlyMap<number, Point>;

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** The text of an .svg file. `above` is printed above the picture. */
export function renderSvg(above: readonly string[], story: VerdictStory): string {
  const { execution, cycle } = story;
  const drawn = picturedEdges(execution).filter((edge) => !isOnCycle(edge, cycle));
  const hidden = hiddenFirstReads(execution, drawn);
  const edges = [...drawn.filter((edge) => !hidden.has(edge)), ...cycle];
  const lines = hidden.size === 0 ? above : [...above, 'A read without an arrow rf reads the first value.'];
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const events = execution.events.filter(({ id, thread }) => thread !== -1 || linked.has(id));
  const places = placesOf(events, 20 + 18 * lines.length);
  const arrows = edges.map((edge, i) => arrow(edge, places, cycle.includes(edge), i));
  const right = Math.max(...[...places.values()].map(({ x }) => x)) + boxWidth + 2 * margin + indent;
  const bottom = Math.max(...[...places.values()].map(({ y }) => y)) + boxHeight + margin;
  const width = Math.max(right, ...lines.map((line) => 2 * margin + 7.3 * line.length));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom}" width="${width}" height="${bottom}">`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>`,
    `<rect width="${width}" height="${bottom}" fill="#fff"/>`,
    ...lines.map(
      (line, i) =>
        `<text x="${margin}" y="${26 + 18 * i}" ${font}${i === 0 ? ' font-weight="bold"' : ''}>${escaped(line)}</text>`,
    ),
    ...headings(story, events, places),
    ...arrows.map(({ line }) => line),
    ...events.map((event) => box(execution, event, places.get(event.id)!)),
    ...arrows.map(({ label }) => label),
    '</svg>',
    '',
  ].join('\n');
}

/** Reads of first values that are not drawn: all, if there are more such values than columns, and more than three. */
function hiddenFirstReads({ events }: Execution, edges: readonly Edge[]): ReadonlySet<Edge> {
  const reads = edges.filter(({ from, name }) => events[from]!.thread === -1 && name.startsWith('rf'));
  const columns = new Set(events.map(({ thread }) => thread)).size - 1;
  const values = new Set(reads.map(({ from }) => from)).size;
  return new Set(values > Math.max(3, columns) ? reads : []);
}

function placesOf(events: readonly MemoryEvent[], top: number): Places {
  const places = new Map<number, Point>();
  const rows = new Map<number, number>();
  const hasFirst = events.some(({ thread }) => thread === -1);
  for (const { id, thread } of events) {
    const row = rows.get(thread) ?? 0;
    rows.set(thread, row + 1);
    const step = thread === -1 ? { x: row, y: 0 } : { x: thread, y: row };
    const y = thread === -1 ? top : top + 30 + (hasFirst ? firstRow : 0) + step.y * (boxHeight + rowGap);
    places.set(id, { x: margin + indent + step.x * (boxWidth + columnGap), y });
  }
  return places;
}

function headings(story: VerdictStory, events: readonly MemoryEvent[], places: Places): readonly string[] {
  const firsts = events.filter(({ thread }, i) => thread !== -1 && events[i - 1]?.thread !== thread);
  return firsts.map(({ id, thread }) => {
    const { x, y } = places.get(id)!;
    return `<text x="${x}" y="${y - 10}" ${font} font-weight="bold">${escaped(threadName(story, thread))}</text>`;
  });
}

function box(execution: Execution, event: MemoryEvent, { x, y }: Point): string {
  const isFirst = event.thread === -1;
  const [action, source] = isFirst
    ? [`${event.location}=${event.value}`, 'first value']
    : [
        `${letterOf(execution, event.id)}: ${actionOf(event)}`,
        event.kind === 'fence' ? '' : event.text.replace(/;$/, ''),
      ];
  return [
    `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="4" fill="#fafafa" stroke="#555"${isFirst ? ' stroke-dasharray="4 3"' : ''}/>`,
    `<text x="${x + 10}" y="${y + 18}" ${font} font-weight="bold">${escaped(cut(action, 36))}</text>`,
    `<text x="${x + 10}" y="${y + 36}" ${font} fill="#555">${escaped(cut(source, 36))}</text>`,
  ].join('');
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** An arrow lies under the boxes, its label over them. */
interface Arrow {
  readonly line: string;
  readonly label: string;
}

function arrow({ from, to, name }: Edge, places: Places, isThick: boolean, index: number): Arrow {
  const [a, b] = [places.get(from)!, places.get(to)!];
  const { start, bend, end } = a.x === b.x ? inColumn(a, b, index) : across(a, b, index);
  const colour = colourOf(name);
  // Between the first two columns that it passes, but not always in their middle, where arrows cross.
  const share = (columnGap * (0.3 + 0.2 * (index % 3))) / Math.abs(end.x - start.x);
  const middle = alongCurve(start, bend, end, a.x === b.x ? 0.5 : share);
  const path = `M${start.x} ${start.y} Q${bend.x} ${bend.y} ${end.x} ${end.y}`;
  const half = 3.8 * name.length + 3;
  const line = `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${isThick ? 3 : 1.2}" marker-end="url(#tip)"/>`;
  const label = [
    `<rect x="${round(middle.x - half)}" y="${middle.y - 9}" width="${round(2 * half)}" height="15" fill="#fff" fill-opacity="0.85"/>`,
    `<text x="${middle.x}" y="${middle.y + 3}" text-anchor="middle" ${font} fill="${colour}"${isThick ? ' font-weight="bold"' : ''}>${escaped(name)}</text>`,
  ].join('');
  return { line, label };
}

const alongCurve = (start: Point, bend: Point, end: Point, t: number): Point => {
  const on = (p: number, q: number, r: number) => (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t ** 2 * r;
  return { x: round(on(start.x, bend.x, end.x)), y: round(on(start.y, bend.y, end.y)) };
};

const round = (value: number): number => Math.round(10 * value) / 10;

interface Curve {
  readonly start: Point;
  readonly bend: Point;
  readonly end: Point;
}

/** Straight down to the next box, around the boxes between otherwise. */
function inColumn(a: Point, b: Point, index: number): Curve {
  if (b.y - a.y === boxHeight + rowGap) {
    const x = a.x + boxWidth / 2 + 12 * ((index % 5) - 2);
    const [start, end] = [
      { x, y: a.y + boxHeight },
      { x, y: b.y - 2 },
    ];
    return { start, bend: { x, y: (start.y + end.y) / 2 }, end };
  }
  const y = (a.y + b.y + boxHeight) / 2;
  // On the outer side of the first column, on the right of the others.
  const isFirst = a.x === margin + indent;
  const [side, out] = isFirst ? [a.x, -1] : [a.x + boxWidth, 1];
  return {
    start: { x: side, y: a.y + boxHeight / 2 },
    bend: { x: side + out * (60 + 24 * (index % 4)), y },
    end: { x: side + 2 * out, y: b.y + boxHeight / 2 },
  };
}

/** From the side of one box to the side of another. */
function across(a: Point, b: Point, index: number): Curve {
  const isRight = b.x > a.x;
  const start = { x: isRight ? a.x + boxWidth : a.x, y: a.y + boxHeight / 2 };
  const end = { x: isRight ? b.x - 2 : b.x + boxWidth + 2, y: b.y + boxHeight / 2 };
  const isNear = Math.abs(b.x - a.x) === boxWidth + columnGap;
  const lift = a.y !== b.y ? 0 : isNear ? -18 : -2 * boxHeight;
  return {
    start,
    bend: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + lift + 10 * ((index % 3) - 1) },
    end,
  };
}
