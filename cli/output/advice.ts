// What to try next when a search ended without an answer: which option or setting, and what that would give. Told from
// the run itself; an estimate says 'about'.

import {
  bytesPerState,
  type Explored,
  type LimitKind,
  outlookOf,
  type Program,
} from '../../checker/index.js';
import { grouped } from '../../counterexamples/text.js';
import type { Model } from '../../models/language/index.js';
import type { ExplorationValues } from '../arguments/options.js';
import type { CheckedModel } from '../run.js';
import { twoDigits } from './estimate.js';

/** Sentences, the most promising first; none if nothing is missing. */
export function adviceOf(
  { report: { evidence, verdict }, settings }: Pick<CheckedModel, 'report' | 'settings'>,
  options: ExplorationValues,
  program: Program,
  model: Model,
): readonly string[] {
  if (evidence.limit === undefined || verdict === 'violated') return [];
  const cause = evidence.limit.kind;
  const bytes = bytesPerState(program);
  // All states were seen: more room is no help.
  if (cause === 'formula') return limits(evidence, cause, options, 0);
  return [
    ...outlook(evidence, cause),
    ...storages(evidence, cause, bytes),
    ...limits(evidence, cause, options, bytes[evidence.storage]),
    ...engines(evidence, cause),
    ...(cause === 'storage' ? [] : smaller(settings, model)),
  ];
}

/** How many states there may be; undefined if nobody can tell. */
function statesInAll({ search, levels, states }: Explored, cause: LimitKind): number | undefined {
  if (search !== 'bfs') return undefined;
  // The level in which a search is stopped is only begun.
  const complete = cause === 'depth' ? levels : levels.slice(0, -1);
  const all = outlookOf(complete)?.states;
  return all === undefined ? undefined : Math.max(all, states);
}

function outlook(evidence: Explored, cause: LimitKind): readonly string[] {
  const { search, levels, depth } = evidence;
  if (cause === 'storage' || search !== 'bfs') return [];
  const all = statesInAll(evidence, cause);
  if (all !== undefined)
    return [`the end is near: there seem to be about ${grouped(twoDigits(all))} states in all`];
  const { trend } = outlookOf(levels.slice(0, -1)) ?? {};
  if (trend === undefined) return [];
  return [`at depth ${depth}, the levels are still ${trend}: nobody can tell yet how many states there are`];
}

/** Bits of the table for each state, where few are missed; it takes half of the memory. */
const bitsPerState = 10;
const bitstateBytes = (2 * bitsPerState) / 8;

function storages(
  { storage, states }: Explored,
  cause: LimitKind,
  bytes: ReturnType<typeof bytesPerState>,
): readonly string[] {
  if (cause === 'storage') {
    return [
      `--storage=exact would prove it: about ${whole(bytes.exact)} bytes a state, ${mebibytes(states * bytes.exact)} MB`,
    ];
  }
  if ((cause !== 'memory' && cause !== 'machine') || storage === 'bitstate') return [];
  const times = (less: number) => `about ${(bytes[storage] / less).toPrecision(2)} times as many states`;
  return [
    ...(storage === 'exact'
      ? [
          `--storage=hash64 takes about ${whole(bytes.hash64)} bytes a state instead of ${whole(bytes.exact)}: ` +
            `${times(bytes.hash64)} in the same memory, but no proof`,
        ]
      : []),
    `--storage=bitstate takes ${bitsPerState} bits a state and room for the queue: ${times(bitstateBytes)}, ` +
      'of which it misses some',
  ];
}

function limits(
  evidence: Explored,
  cause: LimitKind,
  options: ExplorationValues,
  bytes: number,
): readonly string[] {
  const all = statesInAll(evidence, cause);
  const { levels } = evidence;
  switch (cause) {
    case 'memory': {
      const given = options['max-memory'];
      if (given === undefined) return [];
      if (all === undefined) return [`--max-memory=${2 * given} has room for about twice as many states`];
      return [`--max-memory=${Math.max(mebibytes(1.25 * all * bytes), given + 1)} has room for all of them`];
    }
    case 'heap':
      return ['NODE_OPTIONS=--max-old-space-size=N lets Node take N megabytes'];
    case 'states':
      return [
        all === undefined
          ? 'a larger --max-states, or none'
          : `--max-states=${twoDigits(1.1 * all)}, or none`,
      ];
    case 'depth':
      return [
        `a larger --max-depth, or none: ${grouped(levels.at(-1) ?? 0)} states wait at the last distance`,
      ];
    case 'time':
      return ['a larger --max-seconds, or none'];
    case 'formula':
      return ['state the parts of the formula as properties of their own'];
    case 'machine':
    case 'interrupt':
    case 'storage':
      return [];
  }
}

function engines({ engine, search }: Explored, cause: LimitKind): readonly string[] {
  if (cause === 'storage' || cause === 'depth') return [];
  return [
    ...(engine === 'reference' ? ['--engine=compiled is faster and takes less memory'] : []),
    ...(search === 'bfs' ? [] : ['--search=bfs takes less memory and has several workers']),
  ];
}

/** Numbers among the settings are mostly numbers of something: less of it has fewer states. */
function smaller(settings: CheckedModel['settings'], model: Model): readonly string[] {
  const less = Object.entries(model.settings).flatMap(([name, { node }]) => {
    const value = settings[name];
    if (node.kind !== 'int' || typeof value !== 'number' || typeof node.min !== 'number') return [];
    return value > node.min ? [`${name}=${value - 1}`] : [];
  });
  return less.length === 0
    ? []
    : [`smaller settings have fewer states: ${less.map((set) => `--set ${set}`).join(' or ')}`];
}

const whole = (bytes: number): number => Math.round(bytes);
const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
