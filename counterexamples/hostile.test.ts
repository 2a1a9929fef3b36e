// A trace file from a stranger, every text of which means harm: read and rendered in every format, it does none.

import { expect, test } from 'vitest';
import { renderHtml } from './render/html/page.js';
import { renderItf } from './render/itf.js';
import { renderLanes } from './render/lanes.js';
import { renderMail } from './render/mail.js';
import { renderMarkdown } from './render/markdown.js';
import { renderMermaid } from './render/mermaid.js';
import { renderSvg } from './render/svg.js';
import { evilTrace } from './testing/evil_trace.js';
import type { Trace } from './trace/trace.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

test.each([
  ['lanes', (trace: Trace) => renderLanes(trace)],
  ['html', (trace: Trace) => renderHtml(trace)],
  ['markdown', (trace: Trace) => renderMarkdown(trace)],
  ['mail', (trace: Trace) => renderMail(trace)],
  ['mermaid', (trace: Trace) => renderMermaid(trace)],
  ['svg', (trace: Trace) => renderSvg(trace)],
  ['itf', (trace: Trace) => renderItf(trace)],
] as const)('%s lets nothing through that steers a terminal or turns text around', async (_, render) => {
  const text = render(await evilTrace());
  expect(text).toContain('owned');
  expect(text).not.toMatch(steering);
});

test.each([
  ['html', (trace: Trace) => renderHtml(trace), 2],
  ['svg', (trace: Trace) => renderSvg(trace), 0],
  ['markdown', (trace: Trace) => renderMarkdown(trace), 0],
] as const)('%s has no element and no attribute from a text', async (_, render, scripts) => {
  const text = render(await evilTrace());
  expect(text.match(/<script/g) ?? []).toHaveLength(scripts);
  expect(text).not.toMatch(/<img|<\/title><\/text>/);
  expect(text).not.toMatch(/<[^>]*" onload="/);
});

test('a Mermaid diagram has no line and no directive from a text', async () => {
  const lines = renderMermaid(await evilTrace()).split('\n');
  expect(lines[0]).toBe('sequenceDiagram');
  for (const line of lines.slice(1)) {
    expect(line).toMatch(/^ *(title|participant|Note|rect|end|loop|activate|deactivate|$)/);
    expect(line).not.toMatch(/%%\{|(?<!#\w+);/);
  }
});

test('ITF stays JSON, and Markdown keeps its table and its links', async () => {
  const trace = await evilTrace();
  expect(JSON.parse(renderItf(trace)).states).toHaveLength(trace.states.length);
  const markdown = renderMarkdown(trace);
  expect(markdown).not.toMatch(/[^\\]\]\(javascript:/);
  const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
  expect(new Set(rows.map((row) => row.match(/(?<!\\)\|/g)!.length))).toEqual(new Set([4]));
});
