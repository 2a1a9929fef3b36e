// Checking a model from TypeScript: what `raceproof check`, `render` and `explain` do, with values instead of text.

import {
  addTyped,
  type CheckName,
  decisive,
  type Explored,
  type ExploreOptions,
  explore,
  type Lowered,
  lower,
  type PropertyResult,
  type Report,
  referenceSystem,
  type TypedProperty,
  withGrowingBuffers,
} from '../checker/index.js';
import {
  type Essence,
  type NoEssence,
  renderTrace,
  replay,
  type Trace,
  type TraceFormat,
  type TraceState,
  tryEssence,
  Words,
} from '../counterexamples/index.js';
import { displayLocation, type Model, type SettingValue } from '../models/language/index.js';
import type { Properties } from '../properties/language/index.js';
import {
  type Accepted,
  explorationAccepted,
  type MemoryOptions,
  memoryAccepted,
  requireOptions,
} from './options.js';

/** SettingValues by name; what is left out is as the model has it. */
export type SettingValues = { readonly [name: string]: SettingValue };

/** A model and what must hold of it: written in the program itself, or loaded from a file by `loadModel`. */
export interface ModelToCheck {
  readonly model: Model;
  readonly properties?: Properties;
  /** Makes the Program in another way than `lower`, such as a file's, which must use all that it creates. */
  readonly lower?: (
    settings: SettingValues,
    without?: readonly CheckName[],
    /** Under x86-TSO: how many stores each buffer holds. */
    bufferSlots?: number,
  ) => Lowered;
}

export interface CheckOptions extends ExploreOptions, MemoryOptions {
  readonly settings?: SettingValues;
  /** More properties, as text; see `--always` and `--ltl` of the command. */
  readonly typed?: readonly TypedProperty[];
}

/** A model that has been checked under some settings. */
export interface CheckOutcome {
  /** Its name. */
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: SettingValues;
  readonly report: Report<Explored>;
  /** What was found, replayed by the reference engine: counterexamples, and examples of each `sometimes`. */
  readonly traces: ReadonlyMap<PropertyResult, Trace>;
  /** What was explored. */
  readonly lowered: Lowered;
}

const accepted: Accepted<CheckOptions> = {
  ...explorationAccepted,
  ...memoryAccepted,
  ...{ settings: 'any', typed: 'any' },
};

/**
 * Explores every interleaving. Throws a ModelError or SettingError for what has no meaning, an EngineError for what
 * cannot be done exactly, a TypeError for an option that there is not.
 * Example: `const checked = await check(refcount, { settings: { NR: 2 } }); checked.report.verdict`
 */
export async function check(of: ModelToCheck, options: CheckOptions = {}): Promise<CheckOutcome> {
  requireOptions('check', options, accepted);
  const { settings = {}, typed = [], memory, buffer, ...exploration } = options;
  if (memory !== 'tso' && buffer !== undefined) {
    throw new TypeError("check: buffer is for memory: 'tso'; nothing else has store buffers");
  }
  const attempt = async (slots?: number) => {
    const lowered = addTyped(loweredOf(of, settings, options.without, slots), typed);
    return { lowered, report: await explore(lowered.program, lowered.properties, exploration) };
  };
  const isGrowing = memory === 'tso' && buffer === undefined;
  const { lowered, report } = isGrowing ? await withGrowingBuffers(attempt) : await attempt(buffer);
  const { program } = lowered;
  const found = report.properties.filter(({ finding }) => finding !== undefined);
  const traces = new Map(found.map((result) => [result, replay(program, result, displayLocation)] as const));
  return { model: program.name, settings: program.settings, report, traces, lowered };
}

/** The Program of a model under some settings, and its properties. */
export const loweredOf = (
  of: ModelToCheck,
  settings: SettingValues,
  without: readonly CheckName[] = [],
  bufferSlots?: number,
): Lowered =>
  of.lower === undefined
    ? lower(of.model, settings, of.properties ?? {}, {
        without,
        ...(bufferSlots !== undefined && { bufferSlots }),
      })
    : of.lower(settings, without, bufferSlots);

/** What was found of a property; of the violation that speaks for the report where none is named. */
function resultOf({ report }: CheckOutcome, property: string | undefined): PropertyResult | undefined {
  if (property === undefined) return decisive(report);
  return report.properties.find(({ check: { name } }) => name === property);
}

/** The trace of a property, by its name; of the decisive violation where none is named. Undefined if there is none. */
export function traceOf(checked: CheckOutcome, property?: string): Trace | undefined {
  const result = resultOf(checked, property);
  return result && checked.traces.get(result);
}

/**
 * The orderings that make a violation inevitable, or why there are none. Undefined if nothing is violated.
 * Example: `const essence = explain(checked); essence && 'orderings' in essence && essence.orderings`
 */
export function explain(checked: CheckOutcome, property?: string): Essence | NoEssence | undefined {
  const result = resultOf(checked, property);
  if (result?.finding === undefined) return undefined;
  const { check: about, finding } = result;
  return tryEssence({ ...checked.lowered, check: about, path: finding.path }, { locate: displayLocation });
}

/** A trace as text. `essence` marks the racy window; `width` is that of `lanes`, in characters. */
export function render(
  trace: Trace,
  format: TraceFormat = 'lanes',
  { essence, width = 100 }: { readonly essence?: Essence | NoEssence; readonly width?: number } = {},
): string {
  const known = essence === undefined || 'why' in essence ? undefined : essence;
  return renderTrace(trace, format, { essence: known, lanes: { width } });
}

/**
 * All reachable states, nearest first: where each actor stands, and the value of each variable, by name. The readable
 * engine finds them one by one: for models of up to some 100,000 states.
 * Example: `for (const { values } of reachableStates(checked.lowered)) values['refs']`
 */
export function* reachableStates({ program }: Lowered): Generator<TraceState> {
  const system = referenceSystem(program);
  const words = new Words(program, displayLocation);
  const seen = system.seenStates();
  const open = system.initialStates().filter((state) => seen.add(state));
  for (const state of open) {
    yield words.state(state);
    for (const move of system.transitions(state)) {
      if ('to' in move && seen.add(move.to)) open.push(move.to);
    }
  }
}
