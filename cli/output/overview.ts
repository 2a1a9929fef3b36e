// The settings, actors and properties of a model, for `show`.

import { defaultOf, exprText, formulaText, type Lowered, type Property } from '../../checker/index.js';
import { type Line, type Page, paragraph, table } from '../../counterexamples/text.js';
import { type DomainNode, domainText } from '../../models/language/index.js';
import type { LoadedModel } from '../load/model.js';

export function overviewText({ model }: LoadedModel, lowered: Lowered, page: Page): string {
  const { program, properties } = lowered;
  const settings = Object.entries(model.settings).map(([name, domain]): readonly Line[] => {
    const value = program.settings[name];
    const usual = defaultOf(domain);
    return [
      { text: name, look: 'strong' },
      { text: String(value) },
      { text: `${valuesText(domain.node)}${value === usual ? '' : `; by default ${usual}`}`, look: 'dim' },
    ];
  });
  const actors = program.threads.map(({ name, locations, start }): readonly Line[] => [
    { text: name, look: 'strong' },
    { text: `starts at ${locations[start]!.label}`, look: 'dim' },
  ]);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', ...paragraph({ text: title, look: 'strong' }, page), ...lines];
  const stated = properties.flatMap((property) => propertyLines(property, lowered, page));
  return [
    ...paragraph({ text: `${model.name}: ${model.about}` }, page),
    ...section('settings', table(settings, page)),
    ...section('actors', table(actors, page)),
    ...section('properties', stated),
    '',
  ].join('\n');
}

/** The values of a setting, as --set takes them. */
function valuesText(domain: DomainNode): string {
  switch (domain.kind) {
    case 'enum':
      return domain.values.join(' | ');
    case 'bool':
      return 'false | true';
    case 'int':
      return `${domain.min} … ${domain.max}`;
    default:
      return domainText(domain);
  }
}

function propertyLines(property: Property, lowered: Lowered, page: Page): readonly string[] {
  const { name, expectation, about } = property;
  return [
    ...paragraph({ text: name, look: 'strong' }, page, '  '),
    ...(about === undefined ? [] : paragraph({ text: about }, page, '    ')),
    ...paragraph({ text: `${expectation}: ${conditionText(property, lowered)}`, look: 'dim' }, page, '    '),
  ];
}

function conditionText({ condition, liveness }: Property, { program }: Lowered): string {
  if (liveness === undefined) return exprText(condition, program);
  return formulaText(liveness.formula, (x) => exprText(x, program));
}

/** The same as JSON, with the whole Program. */
export function overviewJson({ model }: LoadedModel, lowered: Lowered): string {
  const { program, properties } = lowered;
  const settings = Object.entries(model.settings).map(([name, domain]) => ({
    name,
    value: program.settings[name],
    default: defaultOf(domain),
    domain: domainText(domain.node),
  }));
  const object = {
    schema: 1,
    model: model.name,
    about: model.about,
    settings,
    properties: properties.map((property) => ({
      name: property.name,
      expectation: property.expectation,
      about: property.about,
      condition: conditionText(property, lowered),
    })),
    program,
  };
  return JSON.stringify(object, null, 2);
}
