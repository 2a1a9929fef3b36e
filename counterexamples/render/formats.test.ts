// A Trace in the formats that other programs read: Mermaid, Markdown, ITF, SVG and HTML as text. How the page behaves
// is shown in a browser by html/page.test.ts.

import { describe, expect, test } from 'vitest';
import { model as increment_model } from '../../models/examples/increment.js';
import { firstFound, longTrace } from '../testing/found.js';
import { lock_order, overflow, starvedWriter, use_after_free } from '../testing/models.js';
import type { Trace } from '../trace/trace.js';
import { renderHtml } from './html/page.js';
import { renderItf } from './itf.js';
import { renderMarkdown } from './markdown.js';
import { renderMermaid } from './mermaid.js';
import { renderSvg } from './svg.js';

const lostUpdate = () => firstFound(increment_model);

/** The lost update with every text replaced by one that would do harm. */
async function hostile(): Promise<Trace> {
  const { trace } = await lostUpdate();
  const evil = '</script><img src=x onerror=alert(1)>"\'&|`;#';
  const steps = trace.steps.map((step) => ({ ...step, caption: evil, label: evil, path: evil, file: evil }));
  return {
    ...trace,
    model: evil,
    steps,
    property: { ...trace.property, name: evil, about: evil, condition: evil },
  };
}

describe('Mermaid', () => {
  test('has a participant for each actor and a note for each step', async () => {
    expect(renderMermaid((await lostUpdate()).trace)).toMatchInlineSnapshot(`
      "sequenceDiagram
        title no_lost_update: violated in 4 steps
        participant a0 as adder[0]
        participant a1 as adder[1]
        Note over a0,a1: at the start: counter = 0
        Note over a0: 1 increment.load<br/>mine = counter<br/>mine: stays 0
        Note over a1: 2 increment.load<br/>mine = counter<br/>mine: stays 0
        Note over a0: 3 increment.store<br/>counter = mine + 1<br/>counter: 0 → 1
        Note over a1: 4 increment.store<br/>counter = mine + 1<br/>counter: stays 1
        Note over a0: done
        Note over a1: done
        Note over a0,a1: ✗ no_lost_update<br/>everyone who is done has counted<br/>always !(adder[0] is done #38;#38; adder[1] is done) || counter == 2<br/>turned false at step 4 (increment.store)<br/>  false  !(adder[0] is done #38;#38; adder[1] is done) (since step 4)<br/>    true  adder[0] is done (since step 3)<br/>    true  adder[1] is done (since step 4)<br/>  false  counter == 2 (counter = 1)
      "
    `);
  });
  test('paints the racy window, also where the middle is left out', async () => {
    const { trace, essence } = await lostUpdate();
    const window = (text: string) => text.match(/^ {2}(rect .*|end|Note over .*racy window.*)$/gm);
    expect(window(renderMermaid(trace, essence))).toEqual([
      '  rect rgba(240, 136, 62, 0.15)',
      '  Note over a0,a1: the racy window opens',
      '  Note over a0,a1: the racy window closes',
      '  end',
    ]);
    const long = await longTrace(500);
    const [ordering] = essence.orderings;
    const at = (step: number) => ({ ...ordering!.first, step });
    const inside = { ...essence, orderings: [{ ...ordering!, first: at(10), then: at(500) }] };
    expect(window(renderMermaid(long, inside))).toEqual([
      '  rect rgba(240, 136, 62, 0.15)',
      '  Note over a0: the racy window opens',
      '  end',
    ]);
  });
  test('says where a run repeats itself', async () => {
    expect(renderMermaid(await starvedWriter())).toMatch(
      /again and again from here:<br\/>2 [^\n]*\n[\s\S]*back to step 2/,
    );
  });
  test('gives nothing of a text to Mermaid or HTML', async () => {
    expect(renderMermaid(await hostile())).not.toMatch(/<(?!br\/>)|;#(?!\d)|&/);
  });
  test('leaves out the middle of what Mermaid would refuse', async () => {
    const text = renderMermaid(await longTrace(500));
    expect(text).toContain('850 steps left out');
    expect(text.length).toBeLessThan(50_000);
  });
});

describe('Markdown', () => {
  test('is a table with a column for each actor, and the essence below', async () => {
    const { trace, essence } = await lostUpdate();
    expect(renderMarkdown(trace, essence)).toMatchInlineSnapshot(`
      "### no\\_lost\\_update: violated in 4 steps

      increment NR\\_ACTORS=2

      At the start: counter = 0.

      |  | adder\\[0\\] | adder\\[1\\] |
      | --- | --- | --- |
      | *╔ the racy window opens* |  |  |
      | ║ 1 | **increment.load**<br>mine = counter<br>mine: stays 0 |  |
      | ║ 2 |  | **increment.load**<br>mine = counter<br>mine: stays 0 |
      | ║ 3 | **increment.store**<br>counter = mine + 1<br>counter: 0 → 1 |  |
      | ║ 4 |  | **increment.store**<br>counter = mine + 1<br>counter: stays 1 |
      | *╚ the racy window closes* |  |  |
      |  | *done* |  |
      |  |  | *done* |

      **✗ no\\_lost\\_update**

      * everyone who is done has counted
      * always !(adder\\[0\\] is done &amp;&amp; adder\\[1\\] is done) \\|\\| counter == 2
      * turned false at step 4 (increment.store)
        * false  !(adder\\[0\\] is done &amp;&amp; adder\\[1\\] is done) (since step 4)
          * **true  adder\\[0\\] is done (since step 3)**
          * **true  adder\\[1\\] is done (since step 4)**
        * **false  counter == 2 (counter = 1)**

      It happens whenever

      1. adder\\[0\\] reads counter (increment.load) before adder\\[1\\] writes 1 to it (increment.store).
      2. adder\\[1\\] reads counter (increment.load) before adder\\[0\\] changes it from 0 to 1 (increment.store).
      "
    `);
  });
  test('says of a lasso where it goes round, and of its formula what is false', async () => {
    const text = renderMarkdown(await starvedWriter());
    expect(text).toContain('| ↻ 2 | **read.compare**');
    expect(text).toContain('Then back to step 2, again and again.');
    expect(text).toContain('* is false of this run\n  * false  writer\\[0\\] at write.low\n');
  });
  test('gives nothing of a text to Markdown or HTML', async () => {
    expect(renderMarkdown(await hostile())).not.toMatch(/<(?!br>)|[^\\][|`]\S/);
  });
});

describe('ITF', () => {
  test('follows its definition: #meta, vars, states, integers as #bigint', async () => {
    expect(JSON.parse(renderItf((await lostUpdate()).trace))).toMatchInlineSnapshot(`
      {
        "#meta": {
          "description": "no_lost_update: violated",
          "format": "ITF",
          "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
          "settings": {
            "NR_ACTORS": 2,
          },
          "source": "increment",
          "status": "violation",
        },
        "states": [
          {
            "#meta": {
              "index": 0,
            },
            "adder[0]:increment.mine": {
              "#bigint": "0",
            },
            "adder[1]:increment.mine": {
              "#bigint": "0",
            },
            "counter": {
              "#bigint": "0",
            },
            "pc(adder[0])": "increment.load",
            "pc(adder[1])": "increment.load",
          },
          {
            "#meta": {
              "actor": "adder[0]",
              "caption": "mine = counter",
              "index": 1,
              "label": "increment.load",
            },
            "adder[0]:increment.mine": {
              "#bigint": "0",
            },
            "adder[1]:increment.mine": {
              "#bigint": "0",
            },
            "counter": {
              "#bigint": "0",
            },
            "pc(adder[0])": "increment.store",
            "pc(adder[1])": "increment.load",
          },
          {
            "#meta": {
              "actor": "adder[1]",
              "caption": "mine = counter",
              "index": 2,
              "label": "increment.load",
            },
            "adder[0]:increment.mine": {
              "#bigint": "0",
            },
            "adder[1]:increment.mine": {
              "#bigint": "0",
            },
            "counter": {
              "#bigint": "0",
            },
            "pc(adder[0])": "increment.store",
            "pc(adder[1])": "increment.store",
          },
          {
            "#meta": {
              "actor": "adder[0]",
              "caption": "counter = mine + 1",
              "index": 3,
              "label": "increment.store",
            },
            "adder[0]:increment.mine": {
              "#bigint": "0",
            },
            "adder[1]:increment.mine": {
              "#bigint": "0",
            },
            "counter": {
              "#bigint": "1",
            },
            "pc(adder[0])": "done",
            "pc(adder[1])": "increment.store",
          },
          {
            "#meta": {
              "actor": "adder[1]",
              "caption": "counter = mine + 1",
              "index": 4,
              "label": "increment.store",
            },
            "adder[0]:increment.mine": {
              "#bigint": "0",
            },
            "adder[1]:increment.mine": {
              "#bigint": "0",
            },
            "counter": {
              "#bigint": "1",
            },
            "pc(adder[0])": "done",
            "pc(adder[1])": "done",
          },
        ],
        "vars": [
          "counter",
          "adder[0]:increment.mine",
          "adder[1]:increment.mine",
          "pc(adder[0])",
          "pc(adder[1])",
        ],
      }
    `);
  });
  test('closes a loop from its last state', async () => {
    const { loop, states } = JSON.parse(renderItf(await starvedWriter()));
    expect([loop, states.length]).toEqual([1, 7]);
  });
  test('has every variable in every state', async () => {
    for (const model of [lock_order, overflow, use_after_free]) {
      const { vars, states } = JSON.parse(renderItf((await firstFound(model)).trace));
      for (const state of states) expect(Object.keys(state).sort()).toEqual(['#meta', ...vars].sort());
    }
  });
});

describe.each([
  ['HTML', renderHtml],
  ['SVG', renderSvg],
] as const)('%s', (_, render) => {
  test('loads nothing, and lets no text become markup', async () => {
    for (const trace of [await hostile(), await starvedWriter(), (await firstFound(lock_order)).trace]) {
      const text = render(trace);
      expect(text).not.toMatch(/<img|onerror=alert\(1\)>|https?:(?!\/\/www\.w3\.org\/2000\/svg)|url\(/);
      expect(text.match(/<\/script>/g)?.length ?? 0).toBe(render === renderHtml ? 2 : 0);
    }
  });
  test('draws what is held and where the race is', async () => {
    const { trace, essence } = await firstFound(use_after_free);
    const text = render === renderSvg ? renderSvg(trace, essence) : listed(renderHtml(trace, { essence }));
    expect(text.match(/the racy window (opens|closes)/g)).toHaveLength(2);
    // The ptl at steps 1 to 5, and at 6 and 7.
    const bars = render === renderSvg ? /<title>ptl<\/title>/g : /<span class="bar[^>]*title="ptl"/g;
    expect(text.match(bars)).toHaveLength(7);
  });
  test('holds a trace of 10,000 steps', async () => {
    const text = render(await longTrace(5_000));
    expect(text).toContain('9999');
    expect(text.length).toBeLessThan(8_000_000);
  });
});

/** A page without the copies of its trace that its script has. */
const listed = (page: string): string => page.slice(0, page.indexOf('<script'));
