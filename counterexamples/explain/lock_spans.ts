// Who holds which lock along a trace, and how long: read off its states, by what it says of its variables.
//
//   states 0 … 3 with ptl = free, a, a, free   ->   a holds ptl from state 1, and in state 3 no more

import type { Trace, TraceState, TraceVariable } from '../trace/trace.js';

export interface Hold {
  readonly actor: string;
  /** What people call the lock: `i_mmap`. */
  readonly lock: string;
  /** Held together with others, as by readers. */
  readonly isShared?: true;
  /** The first state in which it is held; the step before, if there is one, takes it. */
  readonly from: number;
  /** The first later state in which it is not; absent if it is held to the end. */
  readonly to?: number;
}

/** In the order in which the locks are taken; those of one time in the order of the variables. */
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

/** An owner names its holder; of a set of holders there is one share for each actor, true or false. */
function holderIn({ name, holder }: TraceVariable, { at, values }: TraceState): string | undefined {
  const value = values[name];
  if (holder !== undefined) return value === true ? holder : undefined;
  return typeof value === 'string' && Object.hasOwn(at, value) ? value : undefined;
}

/** Traces saved earlier do not say what people call a lock: there it is the variable, without the holder of a share. */
function lockNameOf({ name, lockName, holder }: TraceVariable): string {
  if (lockName !== undefined) return lockName;
  const share = `[${holder}]`;
  return holder !== undefined && name.endsWith(share) ? name.slice(0, -share.length) : name;
}
