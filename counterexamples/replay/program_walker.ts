// What a check looks for along a run, and the transitions of a Program by thread, for shortening counterexamples and
// for the essence. Everything is evaluated by the reference engine.

import {
  asks,
  type Check,
  type Decider,
  deciderOf,
  initialStates,
  type Path,
  type Program,
  referenceSystem,
  type State,
  type Step,
  type ThreadId,
  type Transition,
} from '../../checker/index.js';

/** A transition between states of the reference engine. */
export type Move = Transition<State>;

/** Moves by thread, in the order of the steps. */
export interface ProgramWalker {
  readonly program: Program;
  initialCount(): number;
  initial(path: Pick<Path, 'initial'>): State | undefined;
  movesOf(thread: ThreadId, state: State): readonly Move[];
  moves(state: State): readonly Move[];
}

/** What is looked for, in a state or at a step. */
export type Bug = Decider<State>;

/** Evaluates only the steps that start at the location of a thread. */
export function walkerOf(program: Program): ProgramWalker {
  const keyOf = (thread: ThreadId, location: number) => `${thread} ${location}`;
  const starting = new Map<string, Step[]>();
  for (const step of program.steps) {
    const key = keyOf(step.thread, step.from);
    starting.set(key, [...(starting.get(key) ?? []), step]);
  }
  const systems = new Map(
    [...starting].map(([key, steps]) => [key, referenceSystem({ ...program, steps })] as const),
  );
  const movesOf = (thread: ThreadId, state: State): readonly Move[] =>
    systems.get(keyOf(thread, state.at.get(thread)!))?.transitions(state) ?? [];
  // Some models have thousands of initial states: they are computed once.
  let initials: readonly State[] | undefined;
  const listed = () => {
    initials ??= initialStates(program);
    return initials;
  };
  return {
    program,
    initialCount: () => listed().length,
    initial: ({ initial }) => listed()[initial],
    movesOf,
    moves: (state) => program.threads.flatMap(({ id }) => movesOf(id, state)),
  };
}

/** What `check` looks for, as its search does; undefined if no single state decides the check. */
export function bugOf(walker: ProgramWalker, check: Check): Bug | undefined {
  const { program } = walker;
  const { holds, isFinal, hasLockCycle } = referenceSystem(program);
  const canGoOn = (state: State) => walker.moves(state).length > 0;
  return deciderOf(check, program, { holds, isFinal, hasLockCycle, canGoOn });
}

/** Why a check has no such bug. */
export const beyondStates = (check: Check): string =>
  `'${check.name}' is about ${asks(check, 'run') ? 'endless runs' : 'all that may follow'}`;

/** The same text for the same state, and for no other. */
export const keyOf = ({ at, value }: State): string => `${at.join()};${value.join()}`;
