// docs/barriers.md, computed: the barrier bugs that come with the package, each candidate under the memory models side by
// side: interleavings and x86-TSO of the model itself, LKMM of the litmus test that it is reduced to, and herd7's verdict
// under ARMv8 of the same test.

import { existsSync, readFileSync } from 'node:fs';
import {
  judge,
  type LitmusVerdict,
  models as memoryModels,
  parseLitmus,
  reasonLines,
} from '../../litmus/index.js';
import type { RegisteredModel } from '../../models/registry.js';
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

/** What LKMM says of a test. */
export const underLkmm = (test: string): LitmusVerdict =>
  judge(parseLitmus(litmusText(test)), memoryModels.find(({ name }) => name === 'lkmm')!);

/** The page, of bugs in their order. */
export const barriersMarkdown = (bugs: readonly BarrierEntry[]): string =>
  `# Barrier bugs of the kernel, before and after

Each is one file under [models/barriers](../models/barriers): the accesses and barriers beside their C, what must hold, and every candidate with its verdict. \`raceproof compare NAME\` prints all candidates, as interleavings and under x86-TSO; \`raceproof check NAME --memory=tso\` prints a shortest counterexample. [memory.md](memory.md) says what the memory models mean. This page is computed from the models (\`npm run gallery\`).

* *interleavings* and *x86-TSO*: the model itself, explored to its end. A number is the length of the shortest counterexample; store buffers are as large as is exact.
* *LKMM*: the litmus test that the candidate is reduced to, as \`raceproof litmus\` judges it: Sometimes is the bug, Never is none. A test compares it with the model itself, as \`raceproof litmus NAME\` translates it.
* *ARMv8*: herd7's verdict of the same test, from the tables of [conformance/litmus](../conformance/litmus/README.md); \`-\` where they do not have the test. There is no model of ARM here.

The merged fix is in bold.

| bug | fixed by | shape | candidate | interleavings | x86-TSO | LKMM | ARMv8 (herd7) | litmus test |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
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
      ...[underLkmm(test).outcome, herdOutcome(test, 'ARMv8') ?? '-', `\`${test}\``],
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
