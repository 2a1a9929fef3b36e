// A trace in the format that was asked for: the one table of formats.

import type { Essence } from '../essence/essence.js';
import type { Trace } from '../trace/trace.js';
import { renderHtml } from './html/page.js';
import type { PageExtras } from './html/page_data.js';
import { renderItf } from './itf.js';
import { type LanesOptions, renderLanes } from './lanes.js';
import { type MailOrigin, renderMail } from './mail.js';
import { renderMarkdown } from './markdown.js';
import { renderMermaid } from './mermaid.js';
import { renderSvg } from './svg.js';

/** The formats of a trace, the one for a terminal first. */
export const traceFormats = ['lanes', 'html', 'markdown', 'mail', 'mermaid', 'svg', 'itf'] as const;
export type TraceFormat = (typeof traceFormats)[number];

export interface RenderOptions {
  /** Marked in the text, and in some formats printed. */
  readonly essence?: Essence | undefined;
  /** How a terminal is laid out. */
  readonly lanes?: LanesOptions;
  /** What a page can have beyond the trace. */
  readonly page?: PageExtras & { readonly isStoryShown?: boolean };
  /** What a mail says of where the trace comes from. */
  readonly origin?: MailOrigin | undefined;
}

/** The trace as text. */
export function renderTrace(
  trace: Trace,
  format: TraceFormat,
  { essence, lanes = {}, origin, page = {} }: RenderOptions = {},
): string {
  const marked = essence && { essence };
  switch (format) {
    case 'lanes':
      return renderLanes(trace, { ...lanes, ...marked });
    case 'html':
      return renderHtml(trace, { ...marked, ...page });
    case 'markdown':
      return renderMarkdown(trace, essence);
    case 'mail':
      return renderMail(trace, { essence, origin });
    case 'mermaid':
      return renderMermaid(trace, essence);
    case 'svg':
      return renderSvg(trace, essence);
    case 'itf':
      return renderItf(trace);
  }
}
