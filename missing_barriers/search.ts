// The smallest sets of barriers with which everything holds, found by trying: barriers only take executions away, so a set
// that does not suffice has no subset that does. Then what each may be at its weakest, and which of today's are not needed.

/** Where a barrier may be put. */
export interface BarrierPlace {
  readonly name: string;
  /** What may stand there, the weakest first; the last is as strong as all others. */
  readonly kinds: readonly BarrierKind[];
}

/** `sync` is synchronize_rcu(). */
export type BarrierKind = 'acquire' | 'release' | 'rmb' | 'wmb' | 'mb' | 'sync';

/** A barrier that is put in; `place` is an index. */
export interface AddedBarrier {
  readonly place: number;
  readonly kind: BarrierKind;
}

/** A program whose barriers may be changed. */
export interface BarrierProblem {
  readonly places: readonly BarrierPlace[];
  /** Names of the barriers that are there, which may be left out by their index. */
  readonly present: readonly string[];
  /** Does all hold with these added, and those left out? */
  readonly holds: (added: readonly AddedBarrier[], leftOut: readonly number[]) => Promise<boolean>;
}

/** A barrier of a set: what suffices there while the others of the set are as weak as said. */
export interface ChosenBarrier {
  readonly place: BarrierPlace;
  readonly kinds: readonly BarrierKind[];
}

export interface BarriersFound {
  /** `enough`: nothing has to be added. `none`: no barrier helps. */
  readonly need: 'enough' | 'added' | 'none';
  /** The smallest sets. */
  readonly sets: readonly (readonly ChosenBarrier[])[];
  /** Are those all of their size, and is none smaller? Else there was no set of at most so many barriers, and one was found by taking away. */
  readonly areAll: boolean;
  /** Barriers that are there, each of which could go; `together`: those that could go all at once. */
  readonly notNeeded: readonly string[];
  readonly together: readonly string[];
}

/** Sets of so many barriers are tried. */
export const barriersMax = 3;

export async function findBarriers(problem: BarrierProblem): Promise<BarriersFound> {
  const { places, holds } = problem;
  const nothing = { sets: [], areAll: true, notNeeded: [], together: [] };
  if (await holds([], [])) return { ...nothing, need: 'enough', ...(await notNeeded(problem, [])) };
  const all = places.map((_, i) => i);
  if (!(await holds(full(places, all), []))) return { ...nothing, need: 'none' };
  const { sets, areAll } = await smallestSets(problem, all);
  const weakest: ChosenBarrier[][] = [];
  let first: readonly AddedBarrier[] | undefined;
  for (const set of sets) {
    const added = await weakened(problem, set);
    first ??= added;
    weakest.push(await alternatives(problem, added));
  }
  return { need: 'added', sets: weakest, areAll, ...(await notNeeded(problem, first!)) };
}

/** The strongest barrier at each of these places. */
const full = (places: readonly BarrierPlace[], at: readonly number[]): readonly AddedBarrier[] =>
  at.map((place) => ({ place, kind: places[place]!.kinds.at(-1)! }));

async function smallestSets(
  { places, holds }: BarrierProblem,
  all: readonly number[],
): Promise<{ readonly sets: readonly (readonly number[])[]; readonly areAll: boolean }> {
  for (let size = 1; size <= barriersMax; size++) {
    const sets: (readonly number[])[] = [];
    for (const set of subsets(all, size)) if (await holds(full(places, set), [])) sets.push(set);
    if (sets.length > 0) return { sets, areAll: true };
  }
  let left = all;
  for (const place of all) {
    const without = left.filter((one) => one !== place);
    if (await holds(full(places, without), [])) left = without;
  }
  return { sets: [left], areAll: false };
}

function* subsets(of: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (const [i, first] of of.entries())
      for (const rest of subsets(of.slice(i + 1), size - 1)) yield [first, ...rest];
}

/** Each barrier in turn is made as weak as it may be while the others are as they are by then. */
async function weakened(
  { places, holds }: BarrierProblem,
  set: readonly number[],
): Promise<readonly AddedBarrier[]> {
  let added = full(places, set);
  for (const place of set) {
    for (const kind of places[place]!.kinds) {
      const weaker = added.map((one) => (one.place === place ? { place, kind } : one));
      if (kind === places[place]!.kinds.at(-1) || (await holds(weaker, []))) {
        added = weaker;
        break;
      }
    }
  }
  return added;
}

/** What else would do at each place. */
async function alternatives(
  { places, holds }: BarrierProblem,
  added: readonly AddedBarrier[],
): Promise<ChosenBarrier[]> {
  const chosen: ChosenBarrier[] = [];
  for (const { place } of added) {
    const kinds: BarrierKind[] = [];
    for (const kind of places[place]!.kinds) {
      const other = added.map((one) => (one.place === place ? { place, kind } : one));
      if (await holds(other, [])) kinds.push(kind);
    }
    chosen.push({ place: places[place]!, kinds });
  }
  return chosen;
}

async function notNeeded(
  { present, holds }: BarrierProblem,
  added: readonly AddedBarrier[],
): Promise<Pick<BarriersFound, 'notNeeded' | 'together'>> {
  const alone: number[] = [];
  for (const i of present.keys()) if (await holds(added, [i])) alone.push(i);
  let together: readonly number[] = [];
  for (const i of alone) {
    const more = [...together, i];
    if (more.length === 1 || (await holds(added, more))) together = more;
  }
  const named = (of: readonly number[]) => of.map((i) => present[i]!);
  return { notNeeded: named(alone), together: named(together) };
}
