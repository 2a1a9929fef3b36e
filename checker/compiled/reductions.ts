// Which reductions a search uses. What is asked for by name is used, or refused by name; `auto` takes those that leave
// states out here, and says why.

import { type Movers, moversOf } from '../analyse/movers.js';
import { type AskedCondition, type Orbits, orbitsFor } from '../analyse/orbits.js';
import { stepsThatCanFault } from '../analyse/step_faults.js';
import { type Asked, type StubbornTable, stubbornTable, stubbornThreadsMax } from '../analyse/stubborn.js';
import { asks, conditionChecks, valueChecks } from '../decide/decide.js';
import { allOf } from '../ir/expression.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Expr, Location, ThreadId } from '../ir/program.js';
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
 * The reductions for a search that asks these checks. `isDepthLimited`: then each state must be found by a shortest path.
 * Throws an EngineError for one that was asked for by name and cannot be used, or leaves no state out.
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
  if (choice === 'stubborn') {
    if (program.threads.length > stubbornThreadsMax) throw new EngineError(tooManyThreads(program));
    return { names: ['stubborn'], stubborn: stubbornTable(program, askedFor(program, checks, plain)) };
  }
  const orbits = orbitsFor(program, asked);
  if (choice === 'symmetry') {
    if (typeof orbits !== 'string') return { names: ['symmetry'], orbits };
    throw new EngineError(`the reduction 'symmetry' would leave every state: ${orbits}`);
  }
  return chosen(program, checks, asked, orbits, isDepthLimited);
}

const tooManyThreads = ({ threads }: ComposedProgram): string =>
  `the reduction 'stubborn' is for at most ${stubbornThreadsMax} actors, and the model has ${threads.length}`;

/** What `auto` takes. */
function chosen(
  program: ComposedProgram,
  checks: readonly Check[],
  asked: readonly AskedCondition[],
  orbits: Orbits | string,
  isDepthLimited: boolean,
): Reductions {
  // A condition is asked together with its images under all exchanges, so the steps that change one of them meet.
  const conditions = asked.map(({ condition }) =>
    typeof orbits === 'string' ? condition : allOf(orbits.images(condition).map((image) => image.condition)),
  );
  const movers = isDepthLimited ? [] : moversAlike(moversOf(program, conditions), orbits);
  const runs = movers.reduce((sum, { size }) => sum + size, 0);
  const table = stubbornFor(program, askedFor(program, checks, conditions), orbits, isDepthLimited);
  // Where a thread runs alone, a stubborn set leaves no more out.
  const isLoose = (at: Location, thread: ThreadId) => !movers[thread]?.has(at);
  const loose =
    typeof table === 'string'
      ? 0
      : table.loose.reduce(
          (sum, own, thread) => sum + [...own].filter((at) => isLoose(at, thread)).length,
          0,
        );
  const symmetric = typeof orbits !== 'string';
  const notAlone = isDepthLimited
    ? 'a limit on depth counts every step'
    : 'other actors can observe every step';
  const taken: readonly Considered[] = [
    {
      name: 'movers',
      isTaken: runs > 0,
      why: runs > 0 ? `actors run alone at ${runs} places` : notAlone,
    },
    {
      name: 'stubborn',
      isTaken: loose > 0,
      why:
        typeof table === 'string'
          ? table
          : loose > 0
            ? `actors may go before some of the others at ${loose} places`
            : 'the order of the other steps matters',
    },
    {
      name: 'symmetry',
      isTaken: symmetric,
      why: symmetric ? `${classesText(orbits)} are interchangeable` : orbits,
    },
  ];
  const names = taken.flatMap(({ name, isTaken }) => (isTaken ? [name] : []));
  return {
    names,
    ...(runs > 0 && { movers }),
    ...(typeof table !== 'string' && loose > 0 && { stubborn: table }),
    ...(symmetric && { orbits }),
    why: `${names.length === 0 ? 'none: ' : ''}${whyText(taken)}`,
  };
}

interface Considered {
  readonly name: ReductionName;
  readonly isTaken: boolean;
  readonly why: string;
}

/** First what is taken, then what is not. */
const whyText = (choices: readonly Considered[]): string =>
  [...choices.filter(({ isTaken }) => isTaken), ...choices.filter(({ isTaken }) => !isTaken)]
    .map(({ name, isTaken, why }) => `${isTaken ? '' : 'not '}${name}, since ${why}`)
    .join('; ');

/** The table of stubborn sets, or why there is none. */
function stubbornFor(
  program: ComposedProgram,
  asked: Asked,
  orbits: Orbits | string,
  isDepthLimited: boolean,
): StubbornTable | string {
  if (isDepthLimited) return 'a limit on depth asks for shortest paths';
  if (program.threads.length > stubbornThreadsMax) return `there are more than ${stubbornThreadsMax} actors`;
  return stubbornTable(program, asked, (thread) => alikeTo(thread, orbits));
}

/** What a search with these checks asks, beside whether it meets a deadlock. */
function askedFor(program: ComposedProgram, checks: readonly Check[], conditions: readonly Expr[]): Asked {
  const asksForSteps = checks.some((check) => {
    if (asks(check, 'fault')) return stepsThatCanFault(program).size > 0;
    return !asks(check, 'deadlock') && !asks(check, 'stuck');
  });
  return { conditions, asksForSteps };
}

/** The threads that are interchangeable with one, itself included. */
const alikeTo = (thread: ThreadId, orbits: Orbits | string): readonly ThreadId[] => {
  const classes = typeof orbits === 'string' ? [] : orbits.symmetry.classes;
  return classes.find(({ threads }) => threads.includes(thread))?.threads ?? [thread];
};

/**
 * The movers that interchangeable threads have in common: the step back in a loop may be another one in each of them, and
 * exchanging threads must not lead past it.
 */
const moversAlike = (movers: Movers, orbits: Orbits | string): Movers =>
  movers.map((own, thread) => {
    const alike = alikeTo(thread, orbits);
    return new Set([...own].filter((at) => alike.every((other) => movers[other]!.has(at))));
  });

const classesText = ({ symmetry }: Orbits): string =>
  symmetry.classes.map(({ name, threads }) => `the ${threads.length} copies of ${name}`).join(', ');

/** All conditions that are evaluated in states. */
const conditionsOf = (checks: readonly Check[]): readonly AskedCondition[] => [
  ...conditionChecks(checks).map(({ check }) => check),
  ...valueChecks(checks).values(),
];
