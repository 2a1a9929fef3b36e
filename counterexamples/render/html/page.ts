// A Trace as one self-contained HTML file. Its lanes are plain HTML, readable and printable without scripts; with
// scripts, the keyboard steps through the states.

import type { Essence } from '../../essence/essence.js';
import { holdsOf } from '../../explain/lock_spans.js';
import type { Trace } from '../../trace/trace.js';
import { cutForDisplay } from '../cut.js';
import type { Line } from '../style.js';
import {
  actorsShown,
  hiddenText,
  modelChosenText,
  numberOf,
  settingTexts,
  standingLines,
  startText,
  titleOf,
  wholeOf,
} from '../trace_facts.js';
import { verdictLines } from '../verdict.js';
import { counted } from '../wrap.js';
import { escapeHtml, escapeJson } from './escape.js';
import { breakable, breakableHeading } from './names.js';
import { type PageExtras, pageData } from './page_data.js';
import { filterHtml, panelHtml } from './panel.js';
import { pageScript } from './script.js';
import { spanHtml, stepItems } from './step_list.js';
import { pageStyle } from './style.js';

export interface HtmlOptions extends PageExtras {
  /** Printed above the lanes; its steps are marked. */
  readonly essence?: Essence;
  /** What the trace is of, before its title: which cell of a comparison. */
  readonly name?: string;
  /** A link back. */
  readonly up?: { readonly href: string; readonly text: string };
  /** HTML to append, escaped by the caller. */
  readonly more?: string;
  /** Does the page show only the story at first? */
  readonly isStoryShown?: boolean;
}

/** With more actors than this, columns get too narrow: then there is one column, and each step names its actor. */
const columnsMax = 4;

/** From so many steps on, the browser lays out only the visible ones. */
const longFrom = 500;

export function renderHtml(given: Trace, options: HtmlOptions = {}): string {
  const { essence, name, up, more, story, isStoryShown = false } = options;
  const trace = cutForDisplay(given, essence);
  const actors = actorsShown(trace);
  const title = [...(name === undefined ? [] : [name]), titleOf(trace)].join(': ');
  const start = startText(trace);
  const hidden = hiddenText(trace);
  const [verdict, ...why] = verdictLines(trace);
  const body = `${up === undefined ? '' : `<p><a href="${escapeHtml(up.href)}">${escapeHtml(up.text)}</a></p>\n`}<header>
<h1>${breakableHeading(title)}</h1>
<p class="soft">${escapeHtml(modelChosenText(trace))}</p>
${defaultsHtml(trace)}${line(verdict!)}
${why.map(line).join('\n')}
</header>
${essence === undefined ? '' : essenceHtml(essence)}
<main>
<section aria-label="steps"${actors.length > columnsMax ? ' class="many"' : ''}>
<h2>Steps</h2>
${hidden === undefined ? '' : `<p><strong>${escapeHtml(hidden)}</strong></p>\n`}${start === '' ? '' : `<p>At the start: <code>${escapeHtml(start)}</code></p>\n`}${filterHtml(trace, options, isStoryShown)}
<p class="soft keys">Keys: arrows or j and k to step, Home and End${essence === undefined ? '' : ', e for the essence'}${story === undefined ? '' : ', s for the story'}, / for the text filter.</p>
<div class="lanes names" style="--lanes:${Math.max(1, actors.length)}"><span></span>${actors.map((actor) => `<span>${escapeHtml(actor)}</span>`).join('')}</div>
<ol class="steps${trace.steps.length > longFrom ? ' long' : ''}${isStoryShown ? ' as-story' : ''}">
${stepItems({ trace, actors, essence, story }).join('\n')}
</ol>
${trace.loop === undefined ? '' : loopHtml(trace, trace.loop + 1)}${endHtml(trace, actors)}
</section>
${panelHtml(trace, essence !== undefined, options)}
</main>${more === undefined ? '' : `\n${more}`}
<script type="application/json" id="data">${escapeJson(pageData(trace, essence, options))}</script>
<script>${pageScript}</script>`;
  // Among the tabs of a browser, the model and its settings distinguish pages of one property.
  return pageOf(`${name ?? modelChosenText(trace)}: ${titleOf(trace)}`, body);
}

/** The settings at their defaults, folded; nothing where there are none. */
function defaultsHtml(trace: Trace): string {
  const { others } = settingTexts(trace);
  if (others.length === 0) return '';
  const text = `${counted(others.length, 'setting')} at ${others.length === 1 ? 'its default' : 'their defaults'}`;
  const settings = others.map((one) => `<code>${escapeHtml(one)}</code>`);
  return `<details id="defaults"><summary>${text}</summary><p>${settings.join(', ')}</p></details>
`;
}

/** A page around a body. Its content policy forbids loading anything. */
export const pageOf = (title: string, body: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
${body}
</body>
</html>
`;

const line = ({ text, look, indent = 0 }: Line): string => {
  const classes = look === undefined ? '' : ` class="${look}"`;
  const style = indent === 0 ? '' : ` style="padding-left:${indent * 1.5}rem"`;
  return `<p${classes}${style}>${breakable(text)}</p>`;
};

/** Where an endless run continues; a filter may have hidden that step. */
function loopHtml(trace: Trace, first: number): string {
  const isShown = trace.steps.some((_, i) => numberOf(trace, i) === first);
  const step = isShown ? `<a href="#step-${first}">step ${first}</a>` : `step ${first}`;
  return `<p class="bad">Then back to ${step}, again and again.</p>\n`;
}

function endHtml(trace: Trace, actors: readonly string[]): string {
  const rows = actors.map((actor) => {
    return `<li><strong>${escapeHtml(actor)}</strong> ${standingLines(actor, trace).map(spanHtml).join(' ')}</li>`;
  });
  return `<h2>In the end</h2>\n<ul>\n${rows.join('\n')}\n</ul>${locksHtml(trace, actors)}`;
}

/** At most so many locks are listed. */
const locksMax = 100;

function locksHtml(trace: Trace, actors: readonly string[]): string {
  const holds = holdsOf({ variables: trace.variables, states: wholeOf(trace).states });
  const shown = holds.filter(({ actor }) => actors.includes(actor));
  if (shown.length === 0) return '';
  const items = shown.slice(0, locksMax).map(({ actor, lock, from, to }) => {
    const start = from === 0 ? 'the start' : `step ${from}`;
    const end = to === undefined ? 'the end' : `step ${to}`;
    return `<li><strong>${escapeHtml(actor)}</strong> holds <span class="lock">${breakable(lock)}</span> from ${start} to ${end}</li>`;
  });
  const more = shown.length > locksMax ? `<li>and ${shown.length - locksMax} more</li>\n` : '';
  return `\n<h2>Locks</h2>\n<ul>\n${items.join('\n')}\n${more}</ul>`;
}

/** The essence as a section, with links to the steps of this page. */
function essenceHtml({ orderings, locks }: Essence): string {
  const linked = (step: number | undefined) =>
    step === undefined ? 'after the trace ends' : `<a href="#step-${step}">step ${step}</a>`;
  const items = orderings.map(
    ({ first, then, sentence }) =>
      `<li>${breakable(sentence)} <span class="soft">(${linked(first.step)}, ${linked(then.step)})</span></li>`,
  );
  return `<section aria-label="essence" id="essence">
<h2>The essence</h2>
${
  items.length === 0
    ? '<p>The order of steps does not matter: every run of these actors shows it.</p>'
    : `<p>It happens in every run of these actors that keeps these orders; without any one of them it need not:</p>
<ol>
${items.join('\n')}
</ol>
${locks.map(({ sentence }) => `<p>${breakable(sentence)}</p>`).join('\n')}`
}
</section>`;
}
