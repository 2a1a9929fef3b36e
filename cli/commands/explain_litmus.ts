// raceproof explain --to=litmus: the essence of a counterexample as a .litmus file.

import { essentialOrderings } from '../../counterexamples/essence/orderings.js';
import { EssenceError } from '../../counterexamples/index.js';
import { raceLitmus } from '../../counterexamples/litmus/index.js';
import { LitmusError, litmusLowering } from '../../litmus/index.js';
import { NothingToShow, UsageError } from '../errors.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import type { FoundTrace } from './trace_source.js';

/** What a file has no place for. */
export interface WithoutPlace {
  readonly to: string | undefined;
  readonly format: string;
  readonly story: boolean;
  readonly terms: boolean;
  readonly only: readonly string[];
  readonly hide: readonly string[];
  readonly width: number | undefined;
}

/** Is a .litmus file asked for? Throws a UsageError for another --to, and for options that a file has no place for. */
export function isToLitmus({ to, format, story, terms, only, hide, width }: WithoutPlace): boolean {
  if (to === undefined) return false;
  if (to !== 'litmus') throw new UsageError(`--to=${to}: an essence can be written to litmus alone`);
  const given = [
    ...(format === 'text' ? [] : [`--format=${format}`]),
    ...(story ? ['--story'] : []),
    ...(terms ? ['--terms'] : []),
    ...(only.length > 0 ? ['--only'] : []),
    ...(hide.length > 0 ? ['--hide'] : []),
    ...(width === undefined ? [] : ['--width']),
  ];
  if (given[0] !== undefined) throw new UsageError(`${given[0]} cannot be combined with --to=litmus`);
  return true;
}

/** The text of the file. Throws a NothingToShow for a race without an essence, or that no litmus test says. */
export async function litmusText({ program, check, path, trace, from }: FoundTrace): Promise<string> {
  const { model, property, settings, nonDefault = [], steps } = trace;
  const fenced = (await loadModel(from)).lower(
    settings,
    trace.without ?? [],
    undefined,
    litmusLowering.fences,
  );
  const where = nonDefault.map((name) => ` ${name}=${settings[name]}`).join('');
  const why = property.about === undefined || property.about === property.name ? '' : `: ${property.about}`;
  try {
    const { text } = raceLitmus(
      { program, check, found: essentialOrderings(program, check, path), fenced: fenced.program },
      {
        name: [model, ...nonDefault.map((name) => `${name}-${settings[name]}`)].join('+'),
        about: [`raceproof ${model}${where}, ${property.name}${why} (violated in ${steps.length} steps).`],
        locate,
      },
    );
    return text;
  } catch (error) {
    if (error instanceof EssenceError) throw new NothingToShow(`there is no essence: ${error.message}`);
    if (error instanceof LitmusError)
      throw new NothingToShow(`no litmus test says this race: ${placeText(error)}`);
    throw error;
  }
}

function placeText({ at, message }: LitmusError): string {
  return at?.file === undefined || at.line === 0
    ? message
    : `${locate({ file: at.file, line: at.line })}: ${message}`;
}
