// Which actor holds which lock in which part of a trace, computed from the states and variables of the trace.
//
//   states 0 … 3 with ptl = free, a, a, free   ->   a holds ptl from state 1, and in state 3 no more

import type { Trace, TraceState, TraceVariable } from '../trace/trace.js';

export interface Hold {
  readonly actor: string;
  /** The name of the lock: `i_mmap`. */
  readonly lock: string;
  /** Held for reading. */
  readonly isShared?: true;
  /** The first state in which it is held; the step before, if there is one, takes it. */
  readonly from: number;
  /** The first later state in which it is not held; absent if it is held to the end. */
  readonly to?: number;
}

/** In the order in which the locks are taken, then of the variables. */
export function holdsOf({ variables, states }: Pick<Trace, 'variables' | 'states'>): readonly Hold[] {
  const holds = variables
    .filter(({ lock }) => lock !== undefined)
    .flatMap((variable) => spansOf(variable, states));
  return holds.sort((a, b) => a.from - b.from);
}

function spansOf(variable: TraceVariable, states: readonly TraceState[]): readonly Hold[] {
  const spans: Hold[] = [];
  let held: Hold | undefined;
  for (const [i, state] of states.entries()) {
    const holder = holderIn(variable, state);
    if (holder === held?.actor) continue;
    if (held !== undefined) spans.push({ ...held, to: i });
    const isShared = variable.holder !== undefined;
    held =
      holder === undefined
        ? undefined
        : { actor: holder, lock: lockNameOf(variable), ...(isShared && { isShared }), from: i };
  }
  return held === undefined ? spans : [...spans, held];
}

/**
 * The value of an owner variable names the holder; a lock with several holders has a boolean variable for each actor.
 */
function holderIn({ name, holder }: TraceVariable, { at, values }: TraceState): string | undefined {
  const value = values[name];
  if (holder !== undefined) return value === true ? holder : undefined;
  return typeof value === 'string' && Object.hasOwn(at, value) ? value : undefined;
}

/** The name of a lock. Older traces do not have it: there it is the name of the variable, without the holder. */
function lockNameOf({ name, lockName, holder }: TraceVariable): string {
  if (lockName !== undefined) return lockName;
  const share = `[${holder}]`;
  return holder !== undefined && name.endsWith(share) ? name.slice(0, -share.length) : name;
}
