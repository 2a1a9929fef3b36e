// Settings that stay symbolic in TLA+. A Program has no settings left, so each is tried: if the module is the same for
// every value but for numbers that are that value, or lie at a fixed distance from it, those numbers become a CONSTANT,
// and its value a line of the configuration. Several such settings are tried together, value by value.
//
//   TICKET_MAX=3:  n <= 3 /\ n' = (n % 4)      =7:  n <= 7 /\ n' = (n % 8)      n <= MAX /\ n' = (n % (MAX + 1))

import type { TlaModule } from './tlaplus.js';

/** A setting whose values are numbers. */
export interface NumberSetting {
  readonly name: string;
  /** The value for which the module was asked. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** What some settings have for values, by name. */
export type ConstantValues = { readonly [name: string]: number };

/** The module for other values of these settings; undefined if the model has none for them. */
export type ModuleFor = (values: ConstantValues) => TlaModule | undefined;

/** So many modules are compared at most. */
const modulesMax = 64;

/** The module with every setting as a CONSTANT that can be one, and the configuration that gives it its value. */
export function withConstants(settings: readonly NumberSetting[], moduleFor: ModuleFor): TlaModule {
  const base = moduleFor({})!;
  const original = tokensOf(base.module);
  const known = new Map<string, readonly string[] | undefined>();
  const tokensFor: TokensFor = (values) => {
    const key = JSON.stringify(values);
    if (!known.has(key)) {
      const other = moduleFor(values);
      known.set(key, other && tokensOf(other.module));
    }
    return known.get(key);
  };
  let chosen: readonly NumberSetting[] = [];
  let places: Places = new Map();
  for (const setting of settings) {
    // A configuration of TLC has no negative numbers.
    if (setting.min < 0) continue;
    const tried = [...chosen, setting];
    if (tried.reduce((product, { min, max }) => product * (max - min + 1), 1) > modulesMax) continue;
    const own = placesOf(setting, original, tokensFor);
    if (own === undefined || own.size === 0) continue;
    const together = new Map([...places, ...own]);
    // Two that meet in one number, or decide something together, cannot both stay.
    if (together.size < places.size + own.size) continue;
    if (!combinationsOf(tried).every((values) => isAsExpected(values, original, together, tokensFor)))
      continue;
    [chosen, places] = [tried, together];
  }
  return chosen.length === 0 ? base : constantModule(base, original, chosen, places);
}

type TokensFor = (values: ConstantValues) => readonly string[] | undefined;

/** By token: the setting that stands there, and how far from its value. */
type Places = ReadonlyMap<number, { readonly name: string; readonly distance: number }>;

/** Where a setting stands: the numbers that change with it. Undefined if something else changes as well. */
function placesOf(
  { name, value, min, max }: NumberSetting,
  original: readonly string[],
  tokensFor: TokensFor,
): Places | undefined {
  const other = tokensFor({ [name]: value < max ? value + 1 : min });
  if (other?.length !== original.length) return undefined;
  const places = new Map<number, { name: string; distance: number }>();
  for (const [i, token] of other.entries()) {
    if (token === original[i]) continue;
    const number = numberOf(original[i]!);
    if (number === undefined) return undefined;
    places.set(i, { name, distance: number - value });
  }
  return places;
}

/** Is the module for these values the original one but for the numbers in their places? */
function isAsExpected(
  values: ConstantValues,
  original: readonly string[],
  places: Places,
  tokensFor: TokensFor,
): boolean {
  const tokens = tokensFor(values);
  if (tokens?.length !== original.length) return false;
  return tokens.every((token, i) => {
    const place = places.get(i);
    return place === undefined
      ? token === original[i]
      : numberOf(token) === values[place.name]! + place.distance;
  });
}

const combinationsOf = (settings: readonly NumberSetting[]): readonly ConstantValues[] =>
  settings.reduce<readonly ConstantValues[]>(
    (all, { name, min, max }) =>
      all.flatMap((values) =>
        Array.from({ length: max - min + 1 }, (_, i) => ({ ...values, [name]: min + i })),
      ),
    [{}],
  );

/** Strings, comments, names, numbers, single characters; of the first comment, which lists the settings, the sign. */
function tokensOf(module: string): readonly string[] {
  const tokens = module.match(/"[^"]*"|\\\*[^\n]*|[A-Za-z_]\w*|\(-\d+\)|-?\d+|\s+|./g) ?? [];
  const title = tokens.findIndex((token) => token.startsWith('\\*'));
  return tokens.map((token, i) => (i === title ? '\\*' : token));
}

function numberOf(token: string): number | undefined {
  const digits = token.replace(/[()]/g, '');
  return /^-?\d+$/.test(digits) ? Number(digits) : undefined;
}

function constantModule(
  { name, module, config }: TlaModule,
  original: readonly string[],
  settings: readonly NumberSetting[],
  places: Places,
): TlaModule {
  const taken = new Set(original.map((token) => token.toLowerCase()));
  const nameOf = new Map(
    settings.map(({ name: own }) => [own, taken.has(own.toLowerCase()) ? `${own}_setting` : own]),
  );
  const symbolic = original.map((token, i) => {
    const place = places.get(i);
    if (place === undefined) return token;
    const { distance } = place;
    const constant = nameOf.get(place.name)!;
    if (distance === 0) return constant;
    return distance > 0 ? `(${constant} + ${distance})` : `(${constant} - ${-distance})`;
  });
  const title = /^\\\*.*$/m.exec(module)![0];
  const others = settings.reduce(
    (text, { name: own }) => text.replace(new RegExp(` ${own}=\\S+`), ''),
    title,
  );
  const declaration = [
    `CONSTANTS ${[...nameOf.values()].join(', ')}`,
    '\\* The settings that are only numbers here; the module is the same for all these values.',
    ...settings.map(({ name: own, min, max }) => `ASSUME ${nameOf.get(own)} \\in ${min}..${max}`),
  ];
  return {
    name,
    module: symbolic
      .join('')
      .replace('\\*', () => others)
      .replace(/^EXTENDS .*$/m, (line) => [line, '', ...declaration].join('\n')),
    config: [
      ...settings.map(({ name: own, value }) => `CONSTANT ${nameOf.get(own)} = ${value}`),
      config,
    ].join('\n'),
  };
}
