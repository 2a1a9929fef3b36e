// Why an actor waits, and for whom: the conditions that its next steps wait for, with the values that keep them false;
// the holders of locks among what they read; and the other actors that can still change what they read.
//
//   p: wait (done)      q: work; done = true           p waits until done, which q can still change
//   p: wait (done)      q has ended                    p waits until done, and no actor has a step left that changes it

import {
  type Expr,
  exprText,
  type Program,
  parts,
  referenceSystem,
  type State,
  stepsFrom,
  type Thread,
  type ThreadId,
  type VariableId,
} from '../../checker/index.js';
import { termsOf } from '../explain/terms.js';
import { variablesIn, waitsOf } from '../explain/waiting.js';
import type { Term, Wait } from '../trace/trace.js';

export interface WaitingActor {
  readonly actor: string;
  /** Where it stands: the label, with loop indices. */
  readonly place: string;
  /** May a run end while it stands there? */
  readonly rests: boolean;
  /** One of these must become true: the whole condition first, then its terms. */
  readonly conditions: readonly (readonly Term[])[];
  /** The locks that it waits for, and their holders. */
  readonly locks: readonly Wait[];
  /** The other actors that have steps before them that may change what the conditions read. */
  readonly changers: readonly Changer[];
}

export interface Changer {
  readonly actor: string;
  /** The variables that it may change, and the actors at whose place a condition looks. */
  readonly changes: readonly string[];
}

/** The actors that are neither done nor dead, and cannot take a step in this state. */
export function waitingActors(program: Program, state: State): readonly WaitingActor[] {
  const { holds } = referenceSystem(program);
  return program.threads.flatMap((thread): readonly WaitingActor[] => {
    const here = state.at.get(thread.id)!;
    const next = stepsFrom(program, thread.id, here);
    if (next.length === 0 || !next.every(({ guard }) => holds(guard, state) === false)) return [];
    const guards = new Map(next.map(({ guard }) => [exprText(guard, program), guard] as const));
    const read = [...guards.values()];
    return [
      {
        actor: thread.name,
        place: thread.locations[here]!.path.split(' > ').at(-1)!,
        rests: thread.rests?.includes(here) ?? false,
        conditions: read.map((guard) => termsOf(program, [state], guard)),
        locks: waitsOf(program, state, [thread]),
        changers: changersOf(program, state, thread, read),
      },
    ];
  });
}

function changersOf(
  program: Program,
  state: State,
  waiting: Thread,
  guards: readonly Expr[],
): readonly Changer[] {
  const read = new Set(guards.flatMap(variablesIn));
  const places = new Set(guards.flatMap(placesIn));
  return program.threads.flatMap((thread): readonly Changer[] => {
    if (thread === waiting) return [];
    const ahead = stepsAhead(program, thread, state);
    const written = new Set(
      ahead.flatMap(({ assignments }) => assignments.flatMap((a) => a.target.variables)),
    );
    const names = [...read].filter((id) => written.has(id)).map((id) => nameOf(program, id));
    const moves = places.has(thread.id) && ahead.length > 0 ? [`where ${thread.name} stands`] : [];
    const changes = [...new Set([...names, ...moves])];
    return changes.length === 0 ? [] : [{ actor: thread.name, changes }];
  });
}

const nameOf = ({ variables }: Program, id: VariableId): string =>
  variables[id]!.lock?.name ?? variables[id]!.name;

/** The threads at whose location an expression looks. */
const placesIn = (x: Expr): readonly ThreadId[] => [
  ...(x.op === 'at' ? [x.thread] : []),
  ...parts(x).flatMap(placesIn),
];

/** The steps that a thread may still take by control flow alone. */
function stepsAhead(program: Program, { id }: Thread, state: State): Program['steps'] {
  const open = [state.at.get(id)!];
  const seen = new Set(open);
  const steps: Program['steps'][number][] = [];
  for (const at of open) {
    for (const step of stepsFrom(program, id, at)) {
      steps.push(step);
      if (!seen.has(step.to)) open.push(step.to);
      seen.add(step.to);
    }
  }
  return steps;
}
