// A trace in the format that was asked for: the one table of formats.

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import { renderHtml } from './html/page.js';
import { renderItf } from './itf.js';
import { type LanesOptions, renderLanes } from './lanes.js';
import { renderMarkdown } from './markdown.js';
import { renderMermaid } from './mermaid.js';
import { renderSvg } from './svg.js';

/** The formats of a trace, the one for a terminal first. */
export const traceFormats = ['lanes', 'html', 'markdown', 'mermaid', 'svg', 'itf'] as const;
export type TraceFormat = (typeof traceFormats)[number];

/** The trace as text. The essence, where it is known, is marked in it; `lanes` is how a terminal is laid out. */
export function renderTrace(
  trace: Trace,
  format: TraceFormat,
  { essence, lanes = {} }: { readonly essence?: Essence | undefined; readonly lanes?: LanesOptions } = {},
): string {
  const marked = essence && { essence };
  switch (format) {
    case 'lanes':
      return renderLanes(trace, { ...lanes, ...marked });
    case 'html':
      return renderHtml(trace, marked);
    case 'markdown':
      return renderMarkdown(trace, essence);
    case 'mermaid':
      return renderMermaid(trace, essence);
    case 'svg':
      return renderSvg(trace, essence);
    case 'itf':
      return renderItf(trace);
  }
}
