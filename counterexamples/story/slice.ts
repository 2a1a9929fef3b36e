// The backward slice of a run: from the steps that decide the bug to those that they depend on, by
//
//   data      who last stored what a step reads
//   control   the tests that led its thread there, where another thread had a say in them: through what the test reads,
//             or what that was computed from
//   locks     who took the locks that are held at a step of the essence, if another thread takes them too
//   waiting   the waits that a step of another thread ended
//
// All other steps neither write what a step of the slice reads, nor decide whether it is taken on anybody else's word.

import type { Expr, Lock, Program, ThreadId, VariableId } from '../../checker/index.js';
import type { RecordedRun, RunIndex } from './recorded_run.js';
import { type Reads, readsIn } from './run_reads.js';

/** What a slice begins with. */
export interface SliceStart {
  /** Steps of the slice. */
  readonly steps: readonly RunIndex[];
  /** Those of the essence: the locks that are held there matter. */
  readonly essential: readonly RunIndex[];
  /** What is read at the end of the run. */
  readonly atEnd: readonly Expr[];
}

/** The indices of the steps that matter, in order. */
export const sliceOf = (run: RecordedRun, start: SliceStart): readonly RunIndex[] =>
  new Slice(run).closed(start);

class Slice {
  readonly #run: RecordedRun;
  readonly #kept = new Set<RunIndex>();
  /** Kept, with what they depend on still to be kept. */
  readonly #open: RunIndex[] = [];

  constructor(run: RecordedRun) {
    this.#run = run;
  }

  closed({ steps, essential, atEnd }: SliceStart): readonly RunIndex[] {
    const run = this.#run;
    const { length } = run.steps;
    const read: Reads = readsIn(run.program, run.states.at(-1)!, atEnd);
    const locks = new Set(essential.flatMap((i) => this.#contendedAt(i)));
    const taken = essential.flatMap((i) => this.#contendedAt(i).flatMap((id) => run.lastChange(id, i)));
    this.#keep([...steps, ...essential, ...taken, ...run.storersOf(read, length)]);
    do {
      for (let i = this.#open.pop(); i !== undefined; i = this.#open.pop()) {
        this.#keep(run.steps[i]!.storedBy);
        this.#keep(this.#testsFor(i));
      }
      for (const i of [...this.#kept]) this.#keep(this.#lockChangers(run.steps[i]!.reads, i));
      this.#keep(this.#lockChangers(read.variables, length));
      this.#keep(this.#endedWaits(locks));
    } while (this.#open.length > 0);
    return [...this.#kept].sort((a, b) => a - b);
  }

  #keep(all: readonly RunIndex[]): void {
    for (const i of all) {
      if (this.#kept.has(i)) continue;
      this.#kept.add(i);
      this.#open.push(i);
    }
  }

  /**
   * Of the locks that are read before step `i`: who took what is held, and who dropped what is free. To take a lock and
   * drop it again changes nothing: a drop counts only if its take is kept.
   */
  #lockChangers(read: Iterable<VariableId>, i: RunIndex): readonly RunIndex[] {
    const { states, lastChange, isLock } = this.#run;
    return [...read].filter(isLock).flatMap((id) => {
      let [last] = lastChange(id, i);
      while (last !== undefined && states[last + 1]!.value.get(id) === 0) {
        const [taken] = lastChange(id, last);
        if (taken === undefined || this.#kept.has(taken)) break;
        [last] = lastChange(id, taken);
      }
      return last ?? [];
    });
  }

  /** The tests that led to a step, the nearest first, as far as another thread had a say in them. */
  #testsFor(i: RunIndex): readonly RunIndex[] {
    const found: RunIndex[] = [];
    let test = this.#run.steps[i]!.decidedBy;
    while (test !== undefined) {
      const { isChoice, isForeign, decidedBy } = this.#run.steps[test]!;
      if (this.#kept.has(test)) break;
      if (isChoice || isForeign) found.push(test);
      test = decidedBy;
    }
    return found;
  }

  /** The locks that are held before step `i` and that others take too. */
  #contendedAt(i: RunIndex): readonly VariableId[] {
    const { program, states, steps } = this.#run;
    const { thread } = steps[i]!.step;
    return program.variables.flatMap(({ id, lock, holder, domain }) => {
      if (lock === undefined) return [];
      const value = states[i]!.value.get(id)!;
      const isHeld = domain.kind === 'owner' ? value === thread + 1 : holder === thread && value !== 0;
      return isHeld && isTakenByOthers(program, lock, thread) ? [id] : [];
    });
  }

  /** Waits of the threads of the slice, before their last step in it, that others ended; for locks, only these. */
  #endedWaits(locks: ReadonlySet<VariableId>): readonly RunIndex[] {
    const { steps } = this.#run;
    const last = new Map<ThreadId, RunIndex>();
    for (const i of this.#kept) {
      const { thread } = steps[i]!.step;
      last.set(thread, Math.max(i, last.get(thread) ?? 0));
    }
    return [...steps.keys()].filter((i) => {
      const { step, isTest, guardStoredBy, guardLocks } = steps[i]!;
      if (isTest || i >= (last.get(step.thread) ?? 0)) return false;
      const waitedFor = guardLocks.filter((id) => locks.has(id));
      const enders = [...guardStoredBy, ...this.#lockChangers(waitedFor, i)];
      return enders.some((j) => steps[j]!.step.thread !== step.thread);
    });
  }
}

/** Does another thread take the lock in a way that this hold keeps out? */
function isTakenByOthers(
  { steps, variables }: Program,
  { name, mode: held }: Lock,
  thread: ThreadId,
): boolean {
  const isKeptOut = (mode: Lock['mode']) => held === 'exclusive' || mode === 'exclusive';
  return steps.some(
    (step) =>
      step.thread !== thread &&
      step.locks?.some(
        ({ way, mode, lock }) =>
          way === 'take' &&
          isKeptOut(mode) &&
          lock.variables.some((id) => variables[id]!.lock?.name === name),
      ),
  );
}
