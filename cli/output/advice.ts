// What to try next when a search ended without an answer: options and settings, with the effect that each would have.
// All figures come from the run itself; estimates are marked 'about'.

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
import type { CheckedModel } from '../checked_model.js';
import { twoDigits } from './estimate.js';

/** Sentences, the most promising first; none if the answer is complete. */
export function adviceOf(
  { report: { evidence, verdict }, settings }: Pick<CheckedModel, 'report' | 'settings'>,
  options: ExplorationValues,
  program: Program,
  model: Model,
): readonly string[] {
  if (evidence.limit === undefined || verdict === 'violated') return [];
  const cause = evidence.limit.kind;
  const bytes = bytesPerState(program);
  // All states were found: more memory or time does not help.
  if (cause === 'formula' || cause === 'buffer' || cause === 'within')
    return limits(evidence, cause, options, 0);
  return [
    ...outlook(evidence, cause),
    ...storages(evidence, cause, bytes),
    ...limits(evidence, cause, options, bytes[evidence.storage]),
    ...engines(evidence, cause),
    ...(cause === 'storage' ? [] : smaller(settings, model)),
  ];
}

/** An estimate of the number of reachable states; undefined if the levels allow none. */
function statesInAll({ search, levels, states }: Explored, cause: LimitKind): number | undefined {
  if (search !== 'bfs') return undefined;
  // The last level is incomplete when a search is stopped.
  const complete = cause === 'depth' ? levels : levels.slice(0, -1);
  const all = outlookOf(complete)?.states;
  return all === undefined ? undefined : Math.max(all, states);
}

function outlook(evidence: Explored, cause: LimitKind): readonly string[] {
  const { search, levels, depth } = evidence;
  if (cause === 'storage' || search !== 'bfs') return [];
  const all = statesInAll(evidence, cause);
  if (all !== undefined) return [`nearly done: there are about ${grouped(twoDigits(all))} states in all`];
  const { trend } = outlookOf(levels.slice(0, -1)) ?? {};
  if (trend === undefined) return [];
  return [`at depth ${depth}, the levels are still ${trend}: the number of states cannot be estimated yet`];
}

/** Bits of the table for each state, enough that few are missed; the table takes half of the memory. */
const bitsPerState = 10;
const bitstateBytes = (2 * bitsPerState) / 8;

function storages(
  { storage, states }: Explored,
  cause: LimitKind,
  bytes: ReturnType<typeof bytesPerState>,
): readonly string[] {
  if (cause === 'storage') {
    return [
      `--storage=exact gives a proof: about ${whole(bytes.exact)} bytes a state, ${mebibytes(states * bytes.exact)} MB`,
    ];
  }
  if ((cause !== 'memory' && cause !== 'machine') || storage === 'bitstate') return [];
  const times = (less: number) => `about ${(bytes[storage] / less).toPrecision(2)} times as many states`;
  return [
    ...(storage === 'exact'
      ? [
          `--storage=hash64 takes about ${whole(bytes.hash64)} bytes a state instead of ${whole(bytes.exact)}: ` +
            `${times(bytes.hash64)} in the same memory, but the result is not a proof`,
        ]
      : []),
    `--storage=bitstate takes ${bitsPerState} bits a state and room for the queue: ${times(bitstateBytes)}, ` +
      'some of which it misses',
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
      if (all === undefined) return [`--max-memory=${2 * given} holds about twice as many states`];
      return [`--max-memory=${Math.max(mebibytes(1.25 * all * bytes), given + 1)} holds all of them`];
    }
    case 'heap':
      return ['NODE_OPTIONS=--max-old-space-size=N raises the heap limit of Node to N megabytes'];
    case 'states':
      return [
        all === undefined
          ? 'a larger --max-states, or no limit'
          : `--max-states=${twoDigits(1.1 * all)}, or no limit`,
      ];
    case 'depth':
      return [
        `a larger --max-depth, or no limit: ${grouped(levels.at(-1) ?? 0)} states at the largest depth were not expanded`,
      ];
    case 'time':
      return ['a larger --max-seconds, or no limit'];
    case 'formula':
      return ['check the parts of the formula as separate properties'];
    case 'buffer':
      return [`--buffer=${(evidence.bufferSlots ?? 0) + 1} has room for more stores`];
    case 'within':
      return ['a wider `within` in the model, or none: without it every reachable state is explored'];
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
    ...(search === 'bfs' ? [] : ['--search=bfs takes less memory and can use several workers']),
  ];
}

/** Settings that are numbers mostly count actors or objects: smaller ones give fewer states. */
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
