// What `raceproof prove` prints of views: what is proved, or the configuration that was not excluded.

import type { BadView, Configuration, Schema, ViewsOutcome } from '../../checker/by_views.js';
import { counted } from '../../counterexamples/text.js';

type ProvedByViews = Extract<ViewsOutcome, { is: 'proved' }>;
type UnknownByViews = Extract<ViewsOutcome, { is: 'unknown' }>;

/** `sizes`: the settings that may be any number, with the least that each may be. */
export const provedText = (model: string, sizes: string, outcome: ProvedByViews): string =>
  [
    `${model}: proved for ${sizes}`,
    `  ${counted(outcome.views.length, 'view')} of ${counted(outcome.k, 'actor')}, closed under every step`,
    ...outcome.holds.map((name) => `  holds        ${name}`),
    ...outcome.notCovered.map((name) => `  not covered  ${name}`),
    ...instancesText(outcome),
    '',
  ].join('\n');

export const unknownText = (model: string, sizes: string, outcome: UnknownByViews): string =>
  [
    `${model}: unknown for ${sizes}: neither proved nor refuted`,
    `  ${outcome.why}`,
    ...(outcome.bad === undefined || outcome.schema === undefined
      ? []
      : badText(outcome.schema, outcome.bad)),
    ...instancesText(outcome),
    ...(outcome.bad === undefined
      ? []
      : [
          "  It may take more members than these: 'raceproof check' with larger numbers may find a violation.",
        ]),
    '',
  ].join('\n');

/** The instances that were explored, where nothing is violated. */
function instancesText({ instances }: ViewsOutcome): readonly string[] {
  if (instances.length === 0) return [];
  const all = instances.map(({ settings, states }) => {
    const values = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    return `    ${values.join(' ')}: ${counted(states, 'state')}`;
  });
  return ['  explored, and nothing is violated:', ...all];
}

function badText(schema: Schema, { here, step, slots }: BadView): readonly string[] {
  const acts = slots.length === 0 ? '' : ` by ${slots.map((slot) => nameOf(schema, here, slot)).join(', ')}`;
  return [
    `  ${step === undefined ? 'violated in' : `by ${step.label}${acts} in`} this configuration, which may or may not exist:`,
    ...configurationText(schema, here).map((line) => `    ${line}`),
  ];
}

/** A member of a configuration: `rm a`, `rm b`. */
const nameOf = (schema: Schema, here: Configuration, place: number): string =>
  `${schema.classes[here.members[place]!.class]!.name} ${String.fromCharCode(97 + place)}`;

/** The configuration line by line: what is shared, and then each member. */
function configurationText(schema: Schema, here: Configuration): readonly string[] {
  const valuesText = (variables: Schema['variables'], values: readonly number[]) =>
    variables.map(({ name, refers, words }, id) => {
      const value = values[id]!;
      if (refers) return `${name} = ${referenceText(schema, here, value)}`;
      return `${name} = ${words?.[value] ?? value}`;
    });
  const shared = valuesText(schema.variables, here.values);
  return [
    ...(shared.length === 0 ? [] : [shared.join(', ')]),
    ...schema.threads.map(({ name, locations }, i) => `${name} at ${locations[here.at[i]!]!.path}`),
    ...here.members.map(({ class: index, at, values }, place) => {
      const { locations, variables } = schema.classes[index]!;
      const own = valuesText(variables, values);
      return [`${nameOf(schema, here, place)} at ${locations[at]!.path}`, ...own].join(', ');
    }),
    'and any number of others',
  ];
}

function referenceText(schema: Schema, here: Configuration, reference: number): string {
  if (reference === -1) return 'nobody';
  if (reference < -1) return schema.threads[-2 - reference]!.name;
  return reference < here.members.length ? nameOf(schema, here, reference) : 'another one';
}
