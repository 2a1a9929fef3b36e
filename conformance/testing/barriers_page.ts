// docs/barriers.md, computed: the barrier bugs that come with the package, each candidate under the memory models side by
// side: interleavings, x86-TSO and LKMM of the model itself, and of the litmus test that it is reduced to LKMM and, from
// herd7's tables, ARMv8.

import { existsSync, readFileSync } from 'node:fs';
import { lower } from '../../checker/index.js';
import {
  askedLines,
  judge,
  judgeModel,
  type LitmusVerdict,
  litmusLowering,
  type ModelVerdict,
  models as memoryModels,
  parseLitmus,
  reasonLines,
  translate,
} from '../../litmus/index.js';
import type { RegisteredModel } from '../../models/registry.js';
import { properties } from '../../properties/index.js';
import { herdOutcome } from '../litmus_rows.js';

type BarrierEntry = RegisteredModel & { readonly barrier: NonNullable<RegisteredModel['barrier']> };

/** The text of a litmus test: beside the models, or among those with herd's verdicts. */
export function litmusText(test: string): string {
  const own = new URL(`../../models/barriers/${test}.litmus`, import.meta.url);
  return readFileSync(
    existsSync(own) ? own : new URL(`../litmus/files/${test}.litmus`, import.meta.url),
    'utf8',
  );
}

const lkmm = memoryModels.find(({ name }) => name === 'lkmm')!;

/** What LKMM says of a test. */
export const underLkmm = (test: string): LitmusVerdict => judge(parseLitmus(litmusText(test)), lkmm);

/** What LKMM says of a model with one of its candidates. */
export function modelUnderLkmm({ model }: Pick<BarrierEntry, 'model'>, fix: string): ModelVerdict {
  const { program, properties: stated } = lower(model, { fix }, properties.get(model.name), litmusLowering);
  return judgeModel(translate(program, stated), lkmm);
}

/** In herd's words, of what is violated first; of a model that holds, how many executions there are. */
function lkmmText(verdict: ModelVerdict): string {
  const violated = askedLines(verdict).find(({ isOk }) => !isOk);
  if (violated !== undefined) return `${violated.outcome} ${violated.positive}/${violated.negative}`;
  const { ended, waiting, bug } = verdict.executions;
  return `Never 0/${ended + waiting + bug}`;
}

/** The page, of bugs in their order. */
export const barriersMarkdown = (bugs: readonly BarrierEntry[]): string =>
  `# Barrier bugs of the kernel, before and after

Each is one file under [models/barriers](../models/barriers): the accesses and barriers beside their C, what must hold, and every candidate with its verdict. \`raceproof compare NAME\` prints all candidates, as interleavings and under x86-TSO; \`raceproof check NAME --memory=tso\` prints a shortest counterexample. [memory.md](memory.md) says what the memory models mean. This page is computed from the models (\`npm run gallery\`).

* *interleavings* and *x86-TSO*: the model itself, explored to its end. A number is the length of the shortest counterexample; store buffers are as large as is exact.
* *LKMM*: the model itself, as \`raceproof litmus NAME\` judges its executions: Sometimes is the bug, in so many executions and not in so many others; Never is none.
* *test*, *ARMv8*: the litmus test that the candidate is reduced to, under LKMM as \`raceproof litmus\` judges it, and herd7's verdict of it under ARMv8, from the tables of [conformance/litmus](../conformance/litmus/README.md); \`-\` where they do not have the test. There is no model of ARM here.

The merged fix is in bold.

| bug | fixed by | shape | candidate | interleavings | x86-TSO | LKMM | litmus test | LKMM of the test | ARMv8 of the test (herd7) |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${bugs.flatMap(rowsOf).join('\n')}

${bugs.map(sectionOf).join('\n')}`;

function rowsOf({ model, barrier, manifest }: BarrierEntry): readonly string[] {
  const { fix, shape, litmus, merged } = barrier;
  return Object.entries(litmus).map(([candidate, test], i) => {
    const found = (memory: 'tso' | undefined) =>
      verdictText(manifest.find((row) => row.settings['fix'] === candidate && row.memory === memory)!);
    const first = i === 0 ? [`[${model.name}](#${model.name})`, fix.commit, shape] : ['', '', ''];
    const cells = [
      ...first,
      candidate === merged ? `**\`${candidate}\`**` : `\`${candidate}\``,
      ...[found(undefined), found('tso')],
      lkmmText(modelUnderLkmm({ model }, candidate)),
      ...[`\`${test}\``, underLkmm(test).outcome, herdOutcome(test, 'ARMv8') ?? '-'],
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

const verdictText = ({ violated }: BarrierEntry['manifest'][number]): string => {
  const steps = Object.values(violated);
  return steps.length === 0 ? 'holds' : `violated (${Math.min(...steps)})`;
};

function sectionOf({ model, barrier, manifest }: BarrierEntry): string {
  const { subsystem, fix, kinds, uses, litmus, merged } = barrier;
  const before = manifest.find((row) => row.memory === 'tso')!;
  const violated = Object.entries(before.violated).map(([name, steps]) => `\`${name}\` in ${steps} steps`);
  return `## ${model.name}

${model.about}. ${subsystem}, ${kinds.join(', ')}; ${uses.join(', ')}.

* Fixed by ${fix.commit}, *${fix.subject.replace(/[_*[\]|]/g, '\\$&')}*: \`${merged}\`.
* Before, under x86-TSO: ${violated.join(', ') || 'holds'}; ${before.states} states with buffers of ${before.buffer}.

Before, under LKMM (\`${litmus['none']}\`):

\`\`\`
${reasonLines(underLkmm(litmus['none']!)).join('\n')}
\`\`\`

After (\`${litmus[merged]}\`):

\`\`\`
${reasonLines(underLkmm(litmus[merged]!)).join('\n')}
\`\`\`
`;
}
