// The first violation that a search of a model finds, with everything that rendering it needs.

import { type Check, explore, type Lowered, lower, type Path } from '../../checker/index.js';
import {
  actors,
  int,
  type Model,
  model,
  procedure,
  type SettingValue,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { properties } from '../../properties/index.js';
import { never } from '../../properties/language/index.js';
import { type Essence, essenceOf } from '../essence/essence.js';
import { replay } from '../replay/replay.js';
import type { Trace } from '../trace/trace.js';

export interface FirstFound extends Lowered {
  readonly check: Check;
  readonly path: Path;
  readonly trace: Trace;
  readonly essence: Essence;
}

type Settings = { readonly [name: string]: SettingValue };

const known = new Map<Model, Promise<FirstFound>>();

/** Looked for once in each model with its defaults: the essence of the larger ones takes its time. */
export function firstFound(of: Model, settings?: Settings): Promise<FirstFound> {
  if (settings !== undefined) return find(of, settings);
  const found = known.get(of) ?? find(of, {});
  known.set(of, found);
  return found;
}

async function find(of: Model, settings: Settings): Promise<FirstFound> {
  const lowered = lower(of, settings, properties.get(of.name) ?? {});
  const report = await explore(lowered.program, lowered.properties);
  const result = report.properties.find(({ verdict }) => verdict === 'violated')!;
  const { check, finding } = result;
  const { path } = finding!;
  const trace = replay(lowered.program, result);
  return {
    ...lowered,
    check,
    path,
    trace,
    essence: essenceOf(lowered.program, check, path),
  };
}

/** A single actor that counts for a long time: a trace of 2 × `length` steps. */
export async function longTrace(length: number): Promise<Trace> {
  const state = shared({ counter: int(0, length) });
  const c = source('count.c');
  const count = procedure('count', () => ({
    loop: While(state.counter.lt(length), { add: c`counter++`(state.counter.inc()) }),
    rest: c`rest`(),
  }));
  const counting = model('counting', { about: 'a long way', state, actors: [actors('counter', 1, count)] });
  const lowered = lower(counting, {}, { never_full: never(state.counter.eq(length), 'it is full') });
  const report = await explore(lowered.program, lowered.properties);
  return replay(lowered.program, report.properties[0]!);
}
