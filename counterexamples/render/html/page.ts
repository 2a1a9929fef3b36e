// A Trace as one self-contained HTML file. Its lanes are plain HTML, readable and printable without scripts; with
// scripts, the keyboard steps through the states.

import type { Essence } from '../../essence/essence.js';
import { essentialSteps } from '../../essence/window.js';
import { holdsOf } from '../../explain/lock_spans.js';
import type { Trace, TraceState, TraceStep } from '../../trace/trace.js';
import { type Bars, barsOf } from '../bars.js';
import { cutForDisplay } from '../cut.js';
import type { Line } from '../style.js';
import {
  actorsShown,
  gapBefore,
  hiddenText,
  loopStart,
  modelText,
  numberOf,
  standingLines,
  startText,
  stepLines,
  titleOf,
  wholeOf,
} from '../trace_facts.js';
import { verdictLines } from '../verdict.js';
import { windowMarks } from '../window_marks.js';
import { escapeHtml, escapeJson } from './escape.js';
import { pageScript } from './script.js';
import { pageStyle } from './style.js';

export interface HtmlOptions {
  /** Printed above the lanes; its steps are marked. */
  readonly essence?: Essence;
  /** What the trace is of, before its title: which cell of a comparison. */
  readonly name?: string;
  /** A link back. */
  readonly up?: { readonly href: string; readonly text: string };
  /** HTML to append, escaped by the caller. */
  readonly more?: string;
}

/** With more actors than this, columns get too narrow: then there is one column, and each step names its actor. */
const columnsMax = 4;

/** From so many steps on, the browser lays out only the visible ones. */
const longFrom = 500;

export function renderHtml(given: Trace, { essence, name, up, more }: HtmlOptions = {}): string {
  const trace = cutForDisplay(given, essence);
  const actors = actorsShown(trace);
  const title = [...(name === undefined ? [] : [name]), titleOf(trace)].join(': ');
  const start = startText(trace);
  const hidden = hiddenText(trace);
  const [verdict, ...why] = verdictLines(trace);
  const body = `${up === undefined ? '' : `<p><a href="${escapeHtml(up.href)}">${escapeHtml(up.text)}</a></p>\n`}<header>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(modelText(trace))}</p>
${line(verdict!)}
${why.map(line).join('\n')}
</header>
${essence === undefined ? '' : essenceHtml(essence)}
<main>
<section aria-label="steps"${actors.length > columnsMax ? ' class="many"' : ''}>
<h2>Steps</h2>
${hidden === undefined ? '' : `<p><strong>${escapeHtml(hidden)}</strong></p>\n`}${start === '' ? '' : `<p>At the start: <code>${escapeHtml(start)}</code></p>\n`}<p class="soft keys">Keys: arrows or j and k to step, Home and End${essence === undefined ? '' : ', e for the essence'}.</p>
<div class="lanes names" style="--lanes:${Math.max(1, actors.length)}"><span></span>${actors.map((actor) => `<span>${escapeHtml(actor)}</span>`).join('')}</div>
<ol class="steps${trace.steps.length > longFrom ? ' long' : ''}">
${stepItems(trace, actors, essence).join('\n')}
</ol>
${trace.loop === undefined ? '' : loopHtml(trace, trace.loop + 1)}${endHtml(trace, actors)}
</section>
${panelHtml(essence)}
</main>${more === undefined ? '' : `\n${more}`}
<script type="application/json" id="data">${escapeJson(dataOf(trace, essence))}</script>
<script>${pageScript}</script>`;
  return pageOf(title, body);
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

const panelHtml = (essence: Essence | undefined): string => `<aside id="panel" aria-label="state" hidden>
<h2>State <span id="where" aria-live="polite"></span></h2>
<nav aria-label="stepping">
<button type="button" data-action="first">⇤ start</button>
<button type="button" data-action="back">↑ back</button>
<button type="button" data-action="next">↓ next</button>
<button type="button" data-action="last">⇥ end</button>${essence === undefined ? '' : '\n<button type="button" data-action="essence">essence</button>'}
</nav>
<div id="state">
<table><caption class="hidden">variables</caption><tbody id="values"></tbody></table>
<h2>About to run</h2>
<table><caption class="hidden">where each actor stands</caption><tbody id="places"></tbody></table>
</div>
</aside>`;

const line = ({ text, look, indent = 0 }: Line): string => {
  const classes = look === undefined ? '' : ` class="${look}"`;
  const style = indent === 0 ? '' : ` style="padding-left:${indent * 1.5}rem"`;
  return `<p${classes}${style}>${escapeHtml(text)}</p>`;
};
const span = ({ text, look }: Line): string =>
  `<span${look === undefined ? '' : ` class="${look}"`}>${escapeHtml(text)}</span>`;

/** Where an endless run continues; a filter may have hidden that step. */
function loopHtml(trace: Trace, first: number): string {
  const isShown = trace.steps.some((_, i) => numberOf(trace, i) === first);
  const step = isShown ? `<a href="#step-${first}">step ${first}</a>` : `step ${first}`;
  return `<p class="bad">Then back to ${step}, again and again.</p>\n`;
}

/** The steps, with notes where the racy window opens and closes. */
function stepItems(trace: Trace, actors: readonly string[], essence?: Essence): readonly string[] {
  const window = windowMarks(trace, essence);
  const essential = new Set(essence && essentialSteps(essence));
  const bars = barsOf(trace, actors);
  const note = (text: string) => `<li class="note bad">${escapeHtml(text)}</li>`;
  const gap = (i: number) => {
    const left = gapBefore(trace, i);
    return left === undefined
      ? []
      : [`<li class="note dim">${escapeHtml(`${left.sign} ${left.text}`.trim())}</li>`];
  };
  const items = trace.steps.flatMap((step, i) => {
    const number = numberOf(trace, i);
    const marks = { isEssential: essential.has(number), isRacing: window.has(i) };
    return [
      ...gap(i),
      ...(window.opensAt(i) ? [note(window.opens)] : []),
      stepHtml(trace, step, i, actors, bars, marks),
      ...(window.closesAt(i) ? [note(window.closes)] : []),
    ];
  });
  return [...items, ...gap(trace.steps.length)];
}

function stepHtml(
  trace: Trace,
  step: TraceStep,
  i: number,
  actors: readonly string[],
  bars: readonly Bars[],
  { isEssential, isRacing }: { readonly isEssential: boolean; readonly isRacing: boolean },
): string {
  const lane = actors.indexOf(step.actor);
  const number = numberOf(trace, i);
  const lines = stepLines(step, trace).map(span).join('');
  const who = `<span class="who">${escapeHtml(step.actor)}</span>`;
  const mark = isEssential ? '<span class="hidden">part of the essence</span>' : '';
  const file = step.file === undefined ? '' : ` title="${escapeHtml(step.file)}"`;
  const classes = `lanes${isEssential ? ' essential' : ''}${isRacing ? ' racing' : ''}`;
  const id = `step-${number}`;
  return `<li class="${classes}" style="--lanes:${actors.length}"><span class="number">${loopStart(trace) === i ? '↻ ' : ''}${number}</span>${barsHtml(bars, number)}<a class="step" id="${id}" href="#${id}" style="--lane:${lane};--slots:${bars[lane]!.slots}"${file}>${who}${lines}${mark}</a></li>`;
}

/** The bars are hidden from screen readers, which have the list of locks at the end. */
const barsHtml = (bars: readonly Bars[], number: number): string =>
  bars
    .flatMap(({ slots, atStep, lockIn }, lane) =>
      Array.from({ length: slots }, (_, slot) => {
        const bar = atStep(slot, number);
        if (bar === undefined) return '';
        const lock = lockIn(slot, bar === 'ends' ? number - 1 : number)!;
        const edge = bar === 'goes on' ? '' : ` ${bar}`;
        return `<span class="bar${edge}" style="--lane:${lane};--slot:${slot}" title="${escapeHtml(lock)}" aria-hidden="true"></span>`;
      }),
    )
    .join('');

function endHtml(trace: Trace, actors: readonly string[]): string {
  const rows = actors.map((actor) => {
    return `<li><strong>${escapeHtml(actor)}</strong> ${standingLines(actor, trace).map(span).join(' ')}</li>`;
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
    return `<li><strong>${escapeHtml(actor)}</strong> holds <span class="lock">${escapeHtml(lock)}</span> from ${start} to ${end}</li>`;
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
      `<li>${escapeHtml(sentence)} <span class="soft">(${linked(first.step)}, ${linked(then.step)})</span></li>`,
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
${locks.map(({ sentence }) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}`
}
</section>`;
}

/** The first state in full, and for each later one the difference from the state before. */
function dataOf(trace: Trace, essence: Essence | undefined): object {
  const { actors, variables, states, view } = trace;
  const names = variables.map(({ name }) => name);
  const values = ({ values }: TraceState) => names.map((name) => values[name]!);
  const places = ({ at }: TraceState) => actors.map((actor) => at[actor]!);
  const differences = <T>(from: readonly T[], to: readonly T[]) =>
    to.flatMap((value, i) => (value === from[i] ? [] : [[i, value] as const]));
  return {
    actors,
    variables: names,
    values: values(states[0]!),
    at: places(states[0]!),
    changes: states.slice(1).map((state, i) => {
      const before = states[i]!;
      return [differences(values(before), values(state)), differences(places(before), places(state))];
    }),
    essential: essence === undefined ? [] : essentialSteps(essence),
    length: wholeOf(trace).steps.length,
    ...(view && { numbers: view.numbers }),
  };
}
