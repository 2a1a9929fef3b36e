// Settings that stay symbolic in TLA+. A Program has no settings, so the model is lowered for every value: if the
// Programs differ only in numbers that equal the value, or lie at a fixed distance from it, those numbers become a
// CONSTANT, and its value a line of the configuration. Several such settings are compared together.
//
//   TICKET_MAX=3:  n <= 3 /\ n' = (n % 4)      =7:  n <= 7 /\ n' = (n % 8)      n <= MAX /\ n' = (n % (MAX + 1))

import type { TlaSource } from './source.js';

/** A setting whose values are numbers. */
export interface NumberSetting {
  readonly name: string;
  /** The value of the module that was requested. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** Values of some settings, by name. */
export type ConstantValues = { readonly [name: string]: number };

/** What the module is made of for other values of these settings; undefined if the model has no meaning for them. */
export type SourceFor = (values: ConstantValues) => TlaSource | undefined;

/** Settings that are only numbers, and where they stand. */
export interface SymbolicSettings {
  readonly settings: readonly NumberSetting[];
  readonly places: ConstantPlaces;
}
/** A module without constants. */
export const noConstants: SymbolicSettings = { settings: [], places: new Map() };

/** By the place of a number in the source: the setting that stands there, and how far from its value. */
type ConstantPlaces = ReadonlyMap<string, { readonly setting: string; readonly distance: number }>;

/** A constant of the module. */
export interface TlaConstant extends NumberSetting {
  readonly setting: string;
}

/** At most this many sources are compared. */
const sourcesMax = 64;

/** The settings that can be constants: together, for all their values. */
export function symbolicIn(settings: readonly NumberSetting[], sourceFor: SourceFor): SymbolicSettings {
  const base = sourceFor({})!;
  const known = new Map<string, Differences | undefined>();
  const differ: DifferFor = (values) => {
    const key = JSON.stringify(values);
    if (!known.has(key)) {
      const other = sourceFor(values);
      known.set(key, other && differences(base, other));
    }
    return known.get(key);
  };
  return settings.reduce<SymbolicSettings>((chosen, setting) => {
    const tried = [...chosen.settings, setting];
    // A configuration of TLC has no negative numbers.
    if (setting.min < 0 || countOf(tried) > sourcesMax) return chosen;
    const own = placesOf(setting, differ);
    if (own === undefined || own.size === 0) return chosen;
    const places = new Map([...chosen.places, ...own]);
    // Two settings that change the same number, or have an effect together, cannot both stay.
    if (places.size < chosen.places.size + own.size) return chosen;
    const isExplained = combinationsOf(tried).every((values) => isAsExpected(tried, values, places, differ));
    return isExplained ? { settings: tried, places } : chosen;
  }, noConstants);
}

const countOf = (settings: readonly NumberSetting[]): number =>
  settings.reduce((product, { min, max }) => product * (max - min + 1), 1);

const combinationsOf = (settings: readonly NumberSetting[]): readonly ConstantValues[] =>
  settings.reduce<readonly ConstantValues[]>(
    (all, { name, min, max }) =>
      all.flatMap((values) =>
        Array.from({ length: max - min + 1 }, (_, i) => ({ ...values, [name]: min + i })),
      ),
    [{}],
  );

/** By place: the number in the requested source, and in the other one. */
type Differences = ReadonlyMap<string, readonly [original: number, other: number]>;
type DifferFor = (values: ConstantValues) => Differences | undefined;

/** The numbers that change with a setting. Undefined if something else changes as well. */
function placesOf({ name, value, min, max }: NumberSetting, differ: DifferFor): ConstantPlaces | undefined {
  const changed = differ({ [name]: value < max ? value + 1 : min });
  return (
    changed &&
    new Map([...changed].map(([place, [original]]) => [place, { setting: name, distance: original - value }]))
  );
}

/** Do the sources for these values differ only in the numbers at these places, by the distances that they should? */
function isAsExpected(
  settings: readonly NumberSetting[],
  values: ConstantValues,
  places: ConstantPlaces,
  differ: DifferFor,
): boolean {
  const changed = differ(values);
  if (changed === undefined || ![...changed.keys()].every((place) => places.has(place))) return false;
  const asked = new Map(settings.map(({ name, value }) => [name, value]));
  return [...places].every(([place, { setting, distance }]) => {
    const [, other] = changed.get(place) ?? [0, asked.get(setting)! + distance];
    return other === values[setting]! + distance;
  });
}

/** Fields for people, which are not in the module. */
const notInModule: ReadonlySet<string> = new Set(['settings', 'nonDefault', 'text', 'tested', 'unread']);

type PlainObject = { readonly [key: string]: unknown };
const isData = (x: unknown): x is PlainObject => typeof x === 'object' && x !== null;

/** The numbers in which two sources differ, as constants of expressions; undefined if there are other differences. */
function differences(x: TlaSource, y: TlaSource): Differences | undefined {
  const found = new Map<string, readonly [number, number]>();
  const areAlike = (a: unknown, b: unknown, place: string): boolean => {
    if (!isData(a) || !isData(b)) return a === b;
    if (a['op'] === 'const' && b['op'] === 'const' && a['type'] === 'int' && b['type'] === 'int') {
      const [original, other] = [Number(a['value']), Number(b['value'])];
      if (original !== other) found.set(place, [original, other]);
      return true;
    }
    const keys = keysOf(a);
    return (
      keys.join() === keysOf(b).join() && keys.every((key) => areAlike(a[key], b[key], `${place}/${key}`))
    );
  };
  return areAlike(x, y, '') ? found : undefined;
}

const keysOf = (x: PlainObject): readonly string[] => Object.keys(x).filter((key) => !notInModule.has(key));

/** The source with names in place of the constants. */
export function withConstantNames(
  source: TlaSource,
  { places }: SymbolicSettings,
  constants: readonly TlaConstant[],
): TlaSource {
  if (places.size === 0) return source;
  const nameOf = new Map(constants.map(({ setting, name }) => [setting, name]));
  const renamed = (x: unknown, place: string): unknown => {
    if (!isData(x)) return x;
    const found = places.get(place);
    if (found !== undefined) return { ...x, name: termText(nameOf.get(found.setting)!, found.distance) };
    if (Array.isArray(x)) return x.map((part, i) => renamed(part, `${place}/${i}`));
    const own = keysOf(x).map((key) => [key, renamed(x[key], `${place}/${key}`)] as const);
    return { ...x, ...Object.fromEntries(own) };
  };
  return renamed(source, '') as TlaSource;
}

function termText(name: string, distance: number): string {
  if (distance === 0) return name;
  return distance > 0 ? `(${name} + ${distance})` : `(${name} - ${-distance})`;
}
