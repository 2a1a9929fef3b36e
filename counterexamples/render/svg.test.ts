// The picture of a trace: nothing lies outside it, nothing lies over anything else, every text fits its box.

import { describe, expect, test } from 'vitest';
import { model as increment_model } from '../../models/examples/increment.js';
import { firstFound } from '../testing/found.js';
import { lock_order, use_after_free } from '../testing/models.js';
import { renderSvg } from './svg.js';
import { widthOf } from './wrap.js';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const attributes = (tag: string): { readonly [name: string]: string } =>
  Object.fromEntries([...tag.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
const tags = (svg: string, name: string) => svg.match(new RegExp(`<${name} [^>]*>`, 'g')) ?? [];

/** All rectangles but the background, by what they are: boxes of cells, bars of locks, the mark of the racy window. */
function rectanglesOf(svg: string) {
  const all = tags(svg, 'rect').slice(1).map(attributes);
  const rectangle = ({ x, y, width, height }: ReturnType<typeof attributes>): Rectangle => ({
    ...{ x: Number(x), y: Number(y), width: Number(width), height: Number(height) },
  });
  const those = (is: (tag: ReturnType<typeof attributes>) => boolean) => all.filter(is).map(rectangle);
  return {
    boxes: those(({ rx }) => rx === '4'),
    bars: those(({ rx, opacity }) => rx === undefined && opacity === undefined),
    window: those(({ opacity }) => opacity !== undefined),
  };
}

function textsOf(svg: string) {
  return [...svg.matchAll(/(<text [^>]*>)([^<]*)<\/text>/g)].map(([, tag, escaped]) => {
    const { x, y } = attributes(tag!);
    const text = escaped!.replace(/&(lt|gt|amp|quot|#39);/g, '.');
    // A glyph of the font is 7.2 wide; a line's baseline is 16 below the one before.
    return { x: Number(x), y: Number(y) - 12, width: widthOf(text) * 7.2, height: 14 };
  });
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const isInside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const pairs = <T>(all: readonly T[]) => all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));

// With the numbers of its boxes, bars of locks, marks of the racy window, and texts.
describe.each([
  ['lost update', increment_model, [8, 0, 6, 32]],
  ['lock order', lock_order, [6, 3, 4, 23]],
  ['use after free', use_after_free, [11, 7, 8, 40]],
] as const)('the picture of the %s', (_, model, parts) => {
  test('has everything inside, and nothing over anything else', async () => {
    const { trace, essence } = await firstFound(model);
    const svg = renderSvg(trace, essence);
    const { width, height } = attributes(tags(svg, 'svg')[0]!);
    const page = { x: 0, y: 0, width: Number(width), height: Number(height) };
    const { boxes, bars, window } = rectanglesOf(svg);
    const texts = textsOf(svg);
    expect([boxes, bars, window, texts].map(({ length }) => length)).toEqual(parts);
    for (const one of [...boxes, ...bars, ...window, ...texts]) expect(isInside(one, page)).toBe(true);
    const over = [...pairs(boxes), ...pairs(bars), ...pairs(texts)].filter(([a, b]) => overlap(a, b));
    expect(over).toEqual([]);
    for (const text of texts) {
      for (const box of boxes) if (overlap(text, box)) expect(isInside(text, box)).toBe(true);
      for (const bar of [...bars, ...window]) expect(overlap(text, bar)).toBe(false);
    }
  });
});

test('the picture of the lost update is this, to the last number', async () => {
  const { trace, essence } = await firstFound(increment_model);
  await expect(renderSvg(trace, essence)).toMatchFileSnapshot('testing/lost_update.svg');
});

test('the picture of a use after free shows the lock beside each step under it, to the last number', async () => {
  const { trace, essence } = await firstFound(use_after_free);
  await expect(renderSvg(trace, essence)).toMatchFileSnapshot('testing/use_after_free.svg');
});
