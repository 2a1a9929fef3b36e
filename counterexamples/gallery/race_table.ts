// docs/races.md, computed: the races that come with the package, how each goes wrong, what decides it, and which fixes
// the model refutes.

import { decisive, explore, lower } from '../../checker/index.js';
import type { SettingValue } from '../../models/language/index.js';
import { tryEssence } from '../essence/try_essence.js';
import type { RaceEntry } from './race_entry.js';
import { type RaceUnderTso, raceUnderTso } from './race_memory.js';
import { type RaceProof, raceProofs } from './race_proof.js';

/** The page, of races in their order. The first row of each is the kernel before the fix. */
export async function racesMarkdown(races: readonly RaceEntry[]): Promise<string> {
  const rows = await Promise.all(races.map(rowOf));
  return `# Races of the kernel, before and after

Each race is one file under [models/races](../models/races): the actors beside their C, what must hold, and every candidate fix with its verdict. \`raceproof list --kind=KIND --uses=PRIMITIVE\` finds those of a shape; \`raceproof compare NAME\` prints all candidates. The [gallery](../counterexamples/gallery/README.md) has a shortest trace of each. *x86-TSO* says in which candidates other properties are violated under \`--memory=tso\`, and else how large store buffers must be for those that hold ([memory.md](memory.md)). This page is computed from the models (\`npm run gallery\`).

| race | fixed by | goes wrong | primitives | steps of the program | states | essence | violated | x86-TSO |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(({ summary }) => summary).join('\n')}

${rows.map(({ text }) => text).join('\n')}
## Does the essence say what the commit message says?

| race | fixed by | agrees, or differs because |
| --- | --- | --- |
${rows.map(({ agreement }) => agreement).join('\n')}

## Where the model judges a fix differently from its merge

Fixes that were merged and that the model refutes, in some scenario, with what closed the rest.

| race | fix |
| --- | --- |
${rows.flatMap(({ history }) => history).join('\n')}

## Proved for any number of actors

Where a setting is the number of copies of an actor, \`raceproof prove RACE --for=SETTING\` is asked of every candidate that holds at some number ([prove.md](prove.md)): its assertions, and what must hold in every state. In the other races no setting is such a number: what is said of them above is of the actors that their models have.

| race | candidate | any number of | outcome |
| --- | --- | --- | --- |
${rows.flatMap(({ proofs }) => proofs).join('\n')}
`;
}

async function rowOf(entry: RaceEntry) {
  const { model, properties, race, manifest } = entry;
  const under = await raceUnderTso(entry);
  if ((race.tso === undefined) !== (under.differing.length === 0)) {
    throw new Error(`${model.name}: 'tso' says why verdicts differ under x86-TSO, and only where some do`);
  }
  const before = manifest[0]!;
  const lowered = lower(model, before.settings, properties);
  const { program } = lowered;
  const result = decisive(await explore(program, lowered.properties));
  const orderings =
    result?.finding === undefined
      ? []
      : sentencesOf({ ...lowered, check: result.check, path: result.finding.path });
  const refuted = manifest.slice(1).filter(({ violated }) => Object.keys(violated).length > 0);
  const closed = manifest.slice(1).filter(({ violated }) => Object.keys(violated).length === 0);
  const named = (rows: typeof manifest) =>
    rows.map(({ settings }) => `\`${settingsText(settings)}\``).join(', ') || 'none';
  const violated = Object.entries(before.violated).map(([name, steps]) => `\`${name}\` in ${steps} steps`);
  const { subsystem, fix, kinds, uses, essence, history } = race;
  const text = `## ${model.name}

${model.about}. ${subsystem}, ${kinds.join(', ')}; ${uses.join(', ')}.

* Fixed by ${fix.commit}, *${escaped(fix.subject)}*.
* Before: ${violated.join(', ') || 'holds'}; ${program.steps.length} steps of the program, ${before.states} states.
* The essence: ${orderings.map(escaped).join(' ') || 'none was found.'}
* Holds with ${named(closed)}; violated with ${named(refuted)}.
* Under x86-TSO: ${underText(under, race.tso)}
`;
  const candidates = new Set(refuted.map(({ settings }) => Object.values(settings)[0]));
  const cells = [
    `[${model.name}](#${model.name})`,
    fix.commit,
    kinds.join(', '),
    uses.join(', '),
    String(program.steps.length),
    String(before.states),
    orderings.map((each) => escaped(withoutLabels(each))).join(' ') || 'none was found',
    [...candidates].map((name) => `\`${name}\``).join(', ') || 'none',
    underCell(under),
  ];
  return {
    summary: `| ${cells.join(' | ')} |`,
    text,
    agreement: `| \`${model.name}\` | ${fix.commit} | ${escaped(essence)} |`,
    proofs: (await raceProofs(entry)).map((proof) => proofRow(model.name, proof)),
    history: history === undefined ? [] : [`| \`${model.name}\` | ${escaped(history)} |`],
  };
}

const proofRow = (race: string, { settings, sizes, outcome }: RaceProof): string =>
  `| \`${race}\` | \`${settingsText(settings)}\` | ${sizes.map((name) => `\`${name}\``).join(', ')} | ${escaped(outcome)} |`;

/** What is violated under x86-TSO: `the same; buffers of 2`, or the rows that differ. */
const underCell = ({ slots, differing }: RaceUnderTso): string =>
  differing.length === 0
    ? `the same${slots === 0 ? '' : `; buffers of ${slots}`}`
    : differing
        .map(
          ({ settings, heldBefore }) =>
            `\`${settingsText(settings)}\` ${heldBefore ? 'fails' : 'fails in more'}`,
        )
        .join(', ');

/** The same in sentences, with the properties and the reason. */
function underText({ slots, differing }: RaceUnderTso, why: string | undefined): string {
  const named = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const rows = differing.map(({ settings, more, fewer }) => {
    const parts = [
      ...(more.length > 0 ? [`violates ${named(more)} as well`] : []),
      ...(fewer.length > 0 ? [`does not violate ${named(fewer)}`] : []),
    ];
    return `\`${settingsText(settings)}\` ${parts.join(', and ')}`;
  });
  const enough = slots === 0 ? '' : ` Buffers of ${slots} are exact for what holds.`;
  if (rows.length === 0) return `the same properties are violated.${enough}`;
  return `${rows.join('; ')}. ${escaped(why!)}${enough}`;
}

/** A sentence without the labels of its steps, which stand in parentheses. */
const withoutLabels = (sentence: string): string => sentence.replace(/ \([^()]*\)/g, '');

function sentencesOf(found: Parameters<typeof tryEssence>[0]): readonly string[] {
  const essence = tryEssence(found);
  return 'why' in essence ? [] : essence.orderings.map(({ sentence }) => sentence);
}

const settingsText = (settings: { readonly [name: string]: SettingValue }): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** Text with its marks as Markdown shows them; what stands between backticks is code, and needs none. */
const escaped = (text: string): string =>
  text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replace(/[_*[\]|]/g, '\\$&') : part))
    .join('`');
