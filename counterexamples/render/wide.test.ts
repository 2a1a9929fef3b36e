// Wide characters keep lanes straight, and what could move a cursor is shown as text, in every format.

import { expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { actor, bool, model, oneOf, procedure, shared, source } from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { tracesOf } from '../testing/models.js';
import { renderHtml } from './html/page.js';
import { renderItf } from './itf.js';
import { renderLanes } from './lanes.js';
import { renderMarkdown } from './markdown.js';
import { renderMermaid } from './mermaid.js';
import { renderSvg } from './svg.js';
import { fitted, widthOf, wrap } from './wrap.js';

const [red, override] = ['\u001b[31m', '\u202e'];

const hostile = (() => {
  const c = source(`文件${red}.c`);
  const state = shared({ a: bool(), [`b${red}`]: bool() });
  const [a, b] = Object.values(state) as [(typeof state)['a'], (typeof state)['a']];
  const P = procedure('P', () => ({ one: c`a = 1 /* 漢字漢字 */`(a.set(true)) }));
  const Q = procedure('Q', () => ({
    two: c`b = 1 /* 🙂🙂 é e\u0301 \u001b[31mred\u202e */`(b.set(true)),
  }));
  const of = model('wide', { about: 'x', state, actors: [actor('p', P), actor('q', Q)] });
  return { of, properties: { [`x${override}`]: never(a.and(b), `两者都${red}\nsecond line`) } };
})();
const trace = tracesOf(hostile.of, hostile.properties).then((traces) => [...traces.values()][0]!);

test('the width of a text is that on a terminal', () => {
  expect(['abc', '漢字', 'e\u0301', '🙂', 'é'].map(widthOf)).toEqual([3, 4, 1, 2, 1]);
  expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字']);
  expect(fitted('a漢字', 4)).toBe('a漢');
});

test('every line of the columns has its edge in the same place', async () => {
  const lines = renderLanes(await trace)
    .split('\n')
    .filter((line) => /[│┼]/.test(line));
  const edges = lines.map((line) => widthOf(line.slice(0, line.search(/[│┼]/))));
  expect(lines.length).toBeGreaterThan(5);
  expect(new Set(edges).size).toBe(1);
});

test('no format sends a control character or turns the direction of text', async () => {
  const formats = [renderLanes, renderMarkdown, renderMermaid, renderSvg, renderHtml, renderItf];
  for (const render of formats) {
    const text = render(await trace);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('u001b[31m'.replace('[', render === renderMarkdown ? '\\[' : '['));
  }
});

test('a Program has them as text, so that whoever prints it has', () => {
  const { program, properties } = lower(hostile.of, {}, hostile.properties);
  expect(program.variables.map(({ name }) => name)).toEqual(['a', 'b\\u001b[31m']);
  expect(program.steps[1]).toMatchObject({
    caption: 'b = 1 /* 🙂🙂 é e\u0301 \\u001b[31mred\\u202e */',
    source: { file: '文件\\u001b[31m.c' },
  });
  expect(properties[0]).toMatchObject({ name: 'x\\u202e', about: '两者都\\u001b[31m\\u000asecond line' });
});

test('a word of an enum that cannot be shown is refused', () => {
  expect(() => oneOf(`a${red}`)).toThrow("oneOf(…): 'a\\u001b[31m' has a character that cannot be shown");
});
