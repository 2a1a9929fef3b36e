// Which reductions a search uses. What is asked for by name is used, or refused by name; `auto` takes those that leave
// states out here, and says why.

import { type Movers, moversOf } from '../analyse/movers.js';
import { type AskedCondition, type Orbits, orbitsFor } from '../analyse/orbits.js';
import { conditionChecks, valueChecks } from '../decide/decide.js';
import type { ComposedProgram } from '../ir/monitors.js';
import { EngineError } from '../search/engine_error.js';
import type { ReductionChoice, ReductionName } from '../search/evidence.js';
import type { Check } from '../search/report.js';
import type { Reduced } from './compile.js';

/** The reductions of a search, and what `auto` says of its choice. */
export interface Reductions extends Reduced {
  readonly names: readonly ReductionName[];
  readonly why?: string;
}

/**
 * The reductions for a search that asks these checks. `isDepthLimited`: then each edge must be one step. Throws an
 * EngineError for one that was asked for by name and leaves no state out.
 */
export function reductionsFor(
  program: ComposedProgram,
  checks: readonly Check[],
  choice: ReductionChoice,
  isDepthLimited = false,
): Reductions {
  const asked = conditionsOf(checks);
  const plain = asked.map(({ condition }) => condition);
  if (choice === 'movers') return { names: ['movers'], movers: moversOf(program, plain) };
  const orbits = orbitsFor(program, asked);
  if (choice === 'symmetry') {
    if (typeof orbits !== 'string') return { names: ['symmetry'], orbits };
    throw new EngineError(`the reduction 'symmetry' would leave every state: ${orbits}`);
  }
  const imaged =
    typeof orbits === 'string' ? plain : plain.flatMap((condition) => imagesIn(orbits, condition));
  const movers = isDepthLimited ? [] : moversAlike(moversOf(program, imaged), orbits);
  const count = movers.reduce((sum, { size }) => sum + size, 0);
  const moves = count > 0;
  const whyNotMovers = isDepthLimited
    ? 'a limit on depth counts every step'
    : 'other actors can observe every step';
  const why = [
    ...(moves ? [`movers, since actors run alone at ${count} places`] : []),
    ...(typeof orbits === 'string' ? [] : [`symmetry, since ${classesText(orbits)} are interchangeable`]),
    ...(moves ? [] : [`not movers, since ${whyNotMovers}`]),
    ...(typeof orbits === 'string' ? [`not symmetry, since ${orbits}`] : []),
  ];
  const names: readonly ReductionName[] = [
    ...(moves ? (['movers'] as const) : []),
    ...(typeof orbits === 'string' ? [] : (['symmetry'] as const)),
  ];
  return {
    names,
    ...(moves && { movers }),
    ...(typeof orbits !== 'string' && { orbits }),
    why: `${names.length === 0 ? 'none: ' : ''}${why.join('; ')}`,
  };
}

const imagesIn = (orbits: Orbits, condition: AskedCondition['condition']) =>
  orbits.images(condition).map((image) => image.condition);

/**
 * The movers that interchangeable threads have in common: the step back in a loop may be another one in each of them, and
 * exchanging threads must not lead past it.
 */
function moversAlike(movers: Movers, orbits: Orbits | string): Movers {
  if (typeof orbits === 'string') return movers;
  return movers.map((own, thread) => {
    const alike = orbits.symmetry.classes.find(({ threads }) => threads.includes(thread))?.threads ?? [];
    return new Set([...own].filter((at) => alike.every((other) => movers[other]!.has(at))));
  });
}

const classesText = ({ symmetry }: Orbits): string =>
  symmetry.classes.map(({ name, threads }) => `the ${threads.length} copies of ${name}`).join(', ');

/** All conditions that are evaluated in states. */
const conditionsOf = (checks: readonly Check[]): readonly AskedCondition[] => [
  ...conditionChecks(checks).map(({ check }) => check),
  ...valueChecks(checks).values(),
];
