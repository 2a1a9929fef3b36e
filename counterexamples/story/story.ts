// The story of a counterexample: the steps that matter to its essence and to what they read, by number. slice.ts says
// what matters; here stands what the slice of a check begins with.

import {
  atomsOf,
  type Check,
  checkKinds,
  type Expr,
  mayStayAt,
  type Path,
  type Program,
  type State,
  stepsFrom,
} from '../../checker/index.js';
import type { Essence } from '../essence/essence.js';
import { essentialSteps } from '../essence/window.js';
import { RecordedRun } from './recorded_run.js';
import { sliceOf } from './slice.js';

/** A finding: the run, and for an endless one the number of the state to which its last step returns. */
export interface FoundRun {
  readonly check: Check;
  readonly path: Path;
  readonly loop?: number | undefined;
}

/**
 * The numbers of the steps that matter, from 1, ascending. `essence`, if there is one, says which steps decide;
 * otherwise that is what the check reads where it is decided, and each step of a loop.
 */
export function storyOf(
  program: Program,
  { check, path, loop }: FoundRun,
  essence?: Essence | undefined,
): readonly number[] {
  const run = new RecordedRun(program, path);
  const { length } = path.steps;
  const repeated = loop === undefined ? [] : path.steps.slice(loop).map((_, i) => loop + i);
  const indices = sliceOf(run, {
    steps: [...repeated, ...(isDecidedByStep(check) && length > 0 ? [length - 1] : [])],
    essential: essence === undefined ? [] : essentialSteps(essence).map((number) => number - 1),
    atEnd: readAtEnd(program, check, run.states.at(-1)!),
  });
  return indices.map((i) => i + 1);
}

const isDecidedByStep = ({ kind }: Check): boolean => {
  const { asks } = checkKinds[kind].question;
  return asks === 'report' || asks === 'fault';
};

/** What decides the check in the last state. */
function readAtEnd(program: Program, check: Check, end: State): readonly Expr[] {
  const { asks } = checkKinds[check.kind].question;
  switch (asks) {
    case 'condition':
    case 'possibility':
    case 'value':
      return [check.condition];
    case 'deadlock':
    case 'stuck':
      return waitingGuards(program, end);
    case 'run':
      return check.liveness === undefined ? [] : atomsOf(check.liveness.formula);
    case 'report':
    case 'fault':
      return [];
  }
}

/** The guards of the threads that are neither done nor at rest. */
const waitingGuards = (program: Program, end: State): readonly Expr[] =>
  program.threads
    .filter((thread) => !mayStayAt(thread).includes(end.at.get(thread.id)!))
    .flatMap(({ id }) => stepsFrom(program, id, end.at.get(id)!).map(({ guard }) => guard));
