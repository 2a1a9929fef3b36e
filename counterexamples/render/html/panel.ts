// The controls of a trace's page: which steps are shown, stepping, the state with what else was possible there, and
// copies. All of it is hidden until the script runs.

import type { Trace } from '../../trace/trace.js';
import { actorsShown, wholeOf } from '../trace_facts.js';
import { escapeHtml } from './escape.js';
import { changedBy, type PageExtras } from './page_data.js';

/** Above the steps: filters, and the story as a switch. */
export function filterHtml(trace: Trace, { story }: PageExtras, isStoryShown: boolean): string {
  const changed = [...new Set(trace.steps.flatMap(changedBy))];
  const options = (all: string, names: readonly string[]) =>
    [`<option value="">${all}</option>`, ...names.map((name) => `<option>${escapeHtml(name)}</option>`)].join(
      '',
    );
  const length = wholeOf(trace).steps.length;
  const storySwitch =
    story === undefined || story.length === length
      ? ''
      : `<label class="switch"><input type="checkbox" id="story"${isStoryShown ? ' checked' : ''}> only the ${story.length} steps that matter</label>\n`;
  return `<form id="filters" aria-label="which steps are shown" hidden>
${storySwitch}<label>actor <select id="actor">${options('all', actorsShown(trace))}</select></label>
<label>changes <select id="variable">${options('anything', changed)}</select></label>
<label>text <input type="search" id="text" size="14"></label>
<span id="shown" role="status"></span>
</form>`;
}

/** Beside the steps: the state after one of them. */
export function panelHtml(trace: Trace, hasEssence: boolean, extras: PageExtras): string {
  const essence = hasEssence ? '\n<button type="button" data-action="essence">essence</button>' : '';
  const others =
    extras.others === undefined
      ? ''
      : '<section id="instead" aria-label="what else was possible"><h2>Instead, possible here</h2><ul id="others"></ul></section>\n';
  const download =
    extras.saved === undefined
      ? ''
      : `\n<button type="button" data-download="${escapeHtml(fileName(trace))}">download JSON</button>`;
  return `<aside id="panel" aria-label="state" hidden>
<h2>State <span id="where" aria-live="polite"></span></h2>
<nav aria-label="stepping">
<button type="button" data-action="first">⇤ start</button>
<button type="button" data-action="back">↑ back</button>
<button type="button" data-action="next">↓ next</button>
<button type="button" data-action="last">⇥ end</button>${essence}
</nav>
${others}<div id="state">
<table><caption class="hidden">variables</caption><tbody id="values"></tbody></table>
<h2>About to run</h2>
<table><caption class="hidden">where each actor stands</caption><tbody id="places"></tbody></table>
<details id="still"><summary></summary>
<table><caption class="hidden">actors that take no step</caption><tbody id="stillRows"></tbody></table>
</details>
</div>
<nav aria-label="copies" id="copies">
<button type="button" data-copy="Markdown">copy Markdown</button>
<button type="button" data-copy="Mermaid">copy Mermaid</button>
<button type="button" data-copy="plain text">copy plain text</button>${download}
<span id="copied" role="status"></span>
</nav>
</aside>`;
}

/** Stable, and safe as a file's name: `thp_truncate-VM_BUG_ON_PAGE-page_mapped.json`. */
const fileName = ({ model, property: { name } }: Trace): string =>
  `${[model, ...name.split(/[^A-Za-z0-9_]+/)]
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 80)}.json`;
