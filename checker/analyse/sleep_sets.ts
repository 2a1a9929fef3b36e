// Sleep sets (Godefroid 1991) for a breadth-first search. A thread sleeps in a state if its steps there lead only to
// states that are found from an earlier state, since the steps taken since then are independent of them:
//
//        s --a--> s1 --b--> s3          the thread of a comes before that of b, and a and b are independent:
//        s --b--> s2 --a--> s3          the thread of a sleeps in s2
//
// The search finds every state by the first of its shortest paths, in the order of threads and steps. A step of a thread
// that sleeps is never the last one of such a path: taken earlier, it gives a path that comes before. So what sleeps is
// known from the path by which a state was found first, and no state, number or path changes.
//
// A set of sleeping threads is a set of bits. A thread has a bit for each class of locations whose steps depend on the
// same steps of other threads, and for each number of successors; where it sleeps, it has the bit of the location where
// it stands. So one mask for each step says which threads go on sleeping after it, and the successors that are not made
// are counted exactly, since no step of a sleeping thread becomes enabled or disabled.

import { conjuncts, isTrue, not } from '../ir/expression.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Location, Step, StepId, ThreadId } from '../ir/program.js';
import { type Dependencies, dependenciesOf } from './dependencies.js';
import { exprKey } from './keys.js';
import { stepsThatCanFault } from './step_faults.js';

/** Each step is compared with each other: of more, that would take longer than many a search. */
export const sleepStepsMax = 1_000;
/** Bits of a set of sleeping threads. */
export const sleepBits = 64;

/** With bits to spare, a thread can sleep where it has one to so many successors. */
const countsPerLocation = 4;

/** Locations of a thread at which it can sleep. */
export interface SleepClass {
  readonly thread: ThreadId;
  readonly locations: readonly Location[];
  /** It sleeps only where it has so many successors, so these are counted without being made. */
  readonly successors: number;
  /** The steps of other threads that depend on a step at these locations, and so wake the thread: a bit each. */
  readonly wakers: Uint32Array;
}

/** Does a step wake the thread at these locations? */
export const wakes = ({ wakers }: Pick<SleepClass, 'wakers'>, step: StepId): boolean =>
  ((wakers[step >>> 5]! >>> (step & 31)) & 1) === 1;

/**
 * The classes of all threads, at most `sleepBits`; undefined if no thread could ever sleep, or if there are more threads
 * than bits, or too many steps.
 */
export function sleepClasses(
  program: ComposedProgram,
  known?: Pick<Dependencies, 'depend'>,
): readonly SleepClass[] | undefined {
  if (program.threads.length < 2 || program.steps.length > sleepStepsMax) return undefined;
  const dependencies = known ?? dependenciesOf(program);
  const faulty = stepsThatCanFault(program);
  const wakers = wakersOf(program, dependencies);
  const found = (countsMax: number) =>
    program.threads.map(({ id, locations }) => {
      const leaving = locations.map((): Step[] => []);
      for (const step of program.steps) if (step.thread === id) leaving[step.from]!.push(step);
      const others = program.steps.filter(({ thread }) => thread !== id);
      const single = leaving.flatMap((steps, from): readonly SleepClass[] => {
        // A fault is counted in each state, so a step that may have one is always taken.
        if (steps.length === 0 || steps.some((step) => faulty.has(step.id))) return [];
        const all = steps.map((step) => wakers[step.id]!).reduce(union);
        const one = { thread: id, locations: [from], wakers: all };
        if (others.every((other) => wakes(one, other.id))) return [];
        const counts = successorCounts(steps).slice(0, countsMax);
        return counts.map((successors) => ({ ...one, successors }));
      });
      return alike(single);
    });
  const all = found(countsPerLocation);
  const fits = all.flat().length <= sleepBits;
  const classes = fits ? all.flat() : mergedTo(sleepBits, found(1));
  return classes.length === 0 || classes.length > sleepBits ? undefined : classes;
}

const union = (a: Uint32Array, b: Uint32Array): Uint32Array => a.map((bits, i) => bits | b[i]!);

/** For each step: those of other threads that depend on it. */
function wakersOf(
  { steps }: ComposedProgram,
  { depend }: Pick<Dependencies, 'depend'>,
): readonly Uint32Array[] {
  const rows = steps.map(() => new Uint32Array((steps.length + 31) >>> 5));
  for (const a of steps) {
    for (let b = 0; b < a.id; b++) {
      if (steps[b]!.thread === a.thread || !depend(a.id, b)) continue;
      rows[a.id]![b >>> 5]! |= 1 << (b & 31);
      rows[b]![a.id >>> 5]! |= 1 << (a.id & 31);
    }
  }
  return rows;
}

/** How many successors a thread may have at a location: all of a choice, one of the arms of an if, else up to all. */
function successorCounts(steps: readonly Step[]): readonly number[] {
  if (steps.every(({ guard }) => isTrue(guard))) return [steps.length];
  const parts = steps.map(({ guard }) => conjuncts(guard));
  const keys = parts.map((all) => new Set(all.map(exprKey)));
  const areExclusive = (a: number, b: number) => parts[a]!.some((part) => keys[b]!.has(exprKey(not(part))));
  const isOne = steps.every((_, a) =>
    steps.every((_, b) => a <= b || areExclusive(a, b) || areExclusive(b, a)),
  );
  return steps.map((_, i) => i + 1).slice(0, isOne ? 1 : steps.length);
}

/** Makes one class of those with equal wakers. */
function alike(classes: readonly SleepClass[]): readonly SleepClass[] {
  const found = new Map<string, SleepClass>();
  for (const one of classes) {
    const key = `${one.successors} ${one.wakers.join()}`;
    const known = found.get(key);
    found.set(key, known === undefined ? one : merged(known, one));
  }
  return [...found.values()];
}

const merged = (a: SleepClass, b: SleepClass): SleepClass => ({
  ...a,
  locations: [...a.locations, ...b.locations],
  wakers: union(a.wakers, b.wakers),
});

/** Two classes of a thread that may become one, and how many pairs of a location and a step that wakes it that adds. */
interface Merge {
  readonly a: SleepClass;
  readonly b: SleepClass;
  readonly added: number;
}

/** Merges classes until there are at most so many, each time two that add the fewest wakers. */
function mergedTo(max: number, found: readonly (readonly SleepClass[])[]): readonly SleepClass[] {
  const threads = [...found];
  const count = threads.flat().length;
  if (count <= max) return threads.flat();
  const best = threads.map(cheapestMerge);
  for (let left = count; left > max; left--) {
    const choice = best.reduce((x, y) => (x === undefined || (y && y.added < x.added) ? y : x), undefined);
    if (choice === undefined) break;
    const { a, b } = choice;
    const thread = best.indexOf(choice);
    threads[thread] = [...threads[thread]!.filter((one) => one !== a && one !== b), merged(a, b)];
    best[thread] = cheapestMerge(threads[thread]!);
  }
  return threads.flat();
}

function cheapestMerge(classes: readonly SleepClass[]): Merge | undefined {
  let best: Merge | undefined;
  for (let i = 0; i < classes.length; i++) {
    for (let k = i + 1; k < classes.length; k++) {
      const [a, b] = [classes[i]!, classes[k]!];
      if (a.successors !== b.successors) continue;
      const added = addedBy(a, b);
      if (best === undefined || added < best.added) best = { a, b, added };
    }
  }
  return best;
}

function addedBy(a: SleepClass, b: SleepClass): number {
  let added = 0;
  for (let i = 0; i < a.wakers.length; i++) {
    const [x, y] = [a.wakers[i]!, b.wakers[i]!];
    added += a.locations.length * bitCount(y & ~x) + b.locations.length * bitCount(x & ~y);
  }
  return added;
}

function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
