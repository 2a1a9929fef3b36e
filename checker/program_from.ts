// A Program that starts in a given state of another one: its reachable states are those that can follow that state.
//
//   x = 0, p at p.inc: x++ until 3        from { p at p.inc, x = 2 }:        two states are left, x = 2 and x = 3

import { truth } from './ir/expression.js';
import type { Monitor, Program, Variable } from './ir/program.js';
import type { State } from './reference/semantics.js';

/**
 * The Program with this state as its only initial one. Steps, locations and variables keep their numbers, and monitors
 * what they have recorded, so properties of states and of the past mean the same. What concerns whole runs does not:
 * liveness, and the rules of locks, which analyses decide from where threads start.
 * Example: `(await explore(programFrom(program, state), properties)).evidence.states === 12`
 */
export function programFrom(program: Program, { at, value }: State): Program {
  const started = (variable: Variable): Variable => ({ ...variable, initial: [value.get(variable.id)!] });
  const monitors = program.monitors?.map(
    ({ variable, update }): Monitor => ({ variable: started(variable), update }),
  );
  return {
    ...program,
    variables: program.variables.map(started),
    ...(monitors && { monitors }),
    threads: program.threads.map((thread) => ({ ...thread, start: at.get(thread.id)! })),
    initially: truth(true),
  };
}
