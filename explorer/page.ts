// The explorer's page: one self-contained HTML file with the Program and the readable engine in it, bundled for browsers.

import { lockRulesOf, needsGraph } from '../checker/decide/decide.js';
import { builtInChecks, type CheckName } from '../checker/ir/built_in_checks.js';
import type { Program } from '../checker/ir/program.js';
import type { Check } from '../checker/search/report.js';
import { counted, escapeHtml, escapeJson, pageOf } from '../counterexamples/index.js';
import type { Walk } from './engine.js';
import { explorerScript } from './page_script.js';

export interface ExplorerPage {
  readonly program: Program;
  readonly checks: readonly Check[];
  /** The bundled engine: a script that defines `raceproofEngine`. */
  readonly engine: string;
  /** Where the page begins, unless its address says otherwise. */
  readonly walk?: Walk;
}

export function explorerPage({ program, checks, engine, walk }: ExplorerPage): string {
  const title = `${program.name}: explorer`;
  const unchecked = [
    ...checks.filter(needsGraph).map(({ name }) => name),
    ...lockRulesOf(program).map(ruleText),
  ];
  const data = { program, checks: checks.filter((check) => !needsGraph(check)), unchecked, walk };
  const settings = Object.entries(program.settings).map(([name, value]) => `${name}=${value}`);
  return pageOf(
    title,
    `<style>${style}</style>
<header><h1>${escapeHtml(title)}</h1>
<details><summary>${counted(settings.length, 'setting')}</summary><p class="soft">${escapeHtml(settings.join(' '))}</p></details></header>
<noscript><p class="bad">This page runs the model in the browser: it needs scripts.</p></noscript>
<main>
<section aria-label="choices">
<h2>Next <span id="where" aria-live="polite" class="soft"></span></h2>
<nav aria-label="walk">
<button type="button" id="first">⇤ start</button>
<button type="button" id="back">← back</button>
<button type="button" id="forth">→ forth</button>
<button type="button" id="run">run to a breakpoint</button>
<button type="button" id="share">copy address</button>
<button type="button" id="stop" hidden>stop</button>
</nav>
<p class="soft keys">Keys: 1 to 9 take a step, ← and → go back and forth, Home goes to the start.</p>
<p id="decided" class="bad" role="status"></p>
<p id="said" role="status"></p>
<label id="initials" hidden>initial state <input type="number" id="initial" min="1" value="1"></label>
<ol id="choices"></ol>
<form id="ask" aria-label="formula"><label>formula <input type="text" id="formula" size="28" autocomplete="off" spellcheck="false"></label>
<button type="submit" id="evaluate">evaluate here</button>
<button type="button" id="jump">jump to where it is true</button>
<p id="value" role="status"></p></form>
<p><label>breakpoint at <select id="breakpoint"><option value="">choose a label</option></select></label></p>
<ul id="breakpoints"></ul>
<h2>Check</h2>
<p><button type="button" id="check">check all states here</button></p>
<div id="checked" aria-live="polite"></div>
${uncheckedHtml(unchecked)}
<h2>The walk</h2>
<ol id="walk"></ol>
</section>
<aside id="panel" aria-label="state"><h2>Where actors stand</h2>
<div id="state"><table><caption class="hidden">where each actor stands</caption><tbody id="places"></tbody></table>
<h2>State</h2>
<table><caption class="hidden">variables</caption><tbody id="values"></tbody></table></div>
</aside>
</main>
<script type="application/json" id="data">${escapeJson(data)}</script>
<script>${engine.replaceAll('</script', '<\\/script')}</script>
<script>${explorerScript}</script>`,
  );
}

const ruleText = (name: CheckName): string => `${name} (${builtInChecks[name].message})`;

/** The page looks at single states and steps: the graph of all states, and what holds over all runs, are not for it. */
const uncheckedHtml = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `<p id="unchecked">Not checked on this page, since these are about whole runs; <code>raceproof check</code> checks them:</p>
<ul aria-labelledby="unchecked">${names.map((name) => `<li>${escapeHtml(name)}</li>`).join('')}</ul>`;

const style = `
#choices { padding-left: 1.6rem; } #choices li { margin: .3rem 0; } .choice { display: block; width: 100%; text-align: left; padding: .4rem .6rem; }
.choice span { display: block; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85rem; } .choice.bad { border-color: var(--bad); }
button:disabled { opacity: .5; cursor: default; } button[aria-current] { background: var(--here); outline: 2px solid var(--change); }
input, select { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 4px; padding: .15rem .3rem; max-width: 100%; }
#walk button { margin: .1rem 0; } #breakpoints { list-style: none; padding: 0; } summary { cursor: pointer; }
@media (max-width: 60rem) { #panel { position: static; max-height: none; } }`;
