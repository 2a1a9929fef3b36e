// Best hitting sets: a choice of elements with at least one from every set. Elements have ranks, 0 the best: a choice
// is better with fewer elements of the worst rank, then of the next worst, and so on down to rank 0; then if it is
// lighter.
//
//   sets {a b} {b c} {a c}   all of rank 0, weights a 1, b 5, c 1   ->   {a c}: two are needed, and it is the lightest pair
//   b of rank 0, a and c of rank 1                                  ->   {b a}: of rank 1 one is needed
//
// Of the elements of one group that lie in the same sets, only the lightest is kept. Then, from the worst rank on, the
// least number of elements of the rank is found by trying 0, 1, 2 …; only sets without an element of a better rank need
// one.

export interface Element {
  /** From 0, the best. */
  readonly rank: number;
  /** From 0 up. */
  readonly weight: number;
  readonly group: string;
}

/** Added to the weight of an element whose group has a chosen element already. */
export const sameGroupWeight = 1e7;

/**
 * The numbers of the chosen elements; undefined if a set is empty. The number of tries is exponential in the size of
 * the choice; `spend` is called for each try, and may throw.
 */
export function bestHittingSet(
  sets: readonly ReadonlySet<number>[],
  elements: readonly Element[],
  spend: () => void = () => {},
): readonly number[] | undefined {
  if (sets.some(({ size }) => size === 0)) return undefined;
  const kinds = distinctElements(sets, elements);
  const worst = kinds.reduce((rank, kind) => Math.max(rank, kind.rank), 0);
  /** How many elements of each rank may be chosen. */
  const room: number[] = Array.from({ length: worst + 1 }, () => 0);
  for (let rank = worst; ; rank--) {
    const open = sets.reduce((bits, set, i) => {
      const hasBetter = [...set].some((element) => elements[element]!.rank < rank);
      return hasBetter ? bits : bits | (1n << BigInt(i));
    }, 0n);
    const usable = kinds.filter((kind) => kind.rank >= rank);
    for (room[rank] = 0; ; room[rank]!++) {
      const best = lightest(usable, open, room, [], spend);
      if (best === undefined) continue;
      if (rank === 0) return best.elements.toSorted((a, b) => a - b);
      break;
    }
  }
}

interface DistinctElement extends Element {
  readonly element: number;
  /** Bit i: does it lie in set i? */
  readonly hits: bigint;
}

interface Choice {
  readonly elements: readonly number[];
  readonly weight: number;
}

function distinctElements(
  sets: readonly ReadonlySet<number>[],
  elements: readonly Element[],
): readonly DistinctElement[] {
  const kinds = new Map<string, DistinctElement>();
  for (const [element, { rank, weight, group }] of elements.entries()) {
    const hits = sets.reduce((bits, set, i) => (set.has(element) ? bits | (1n << BigInt(i)) : bits), 0n);
    const key = `${hits} ${rank} ${group}`;
    const same = kinds.get(key);
    if (same === undefined || weight < same.weight) kinds.set(key, { element, rank, weight, group, hits });
  }
  return [...kinds.values()];
}

/**
 * The lightest choice that hits all of `open`, with at most `room` elements of each rank, given that elements of
 * `groups` are chosen.
 */
function lightest(
  kinds: readonly DistinctElement[],
  open: bigint,
  room: readonly number[],
  groups: readonly string[],
  spend: () => void,
): Choice | undefined {
  if (open === 0n) return { elements: [], weight: 0 };
  const first = open & -open;
  let best: Choice | undefined;
  for (const { element, rank, weight: own, group, hits } of kinds) {
    if ((hits & first) === 0n || room[rank] === 0) continue;
    spend();
    const left = room.with(rank, room[rank]! - 1);
    const rest = lightest(kinds, open & ~hits, left, [...groups, group], spend);
    if (rest === undefined) continue;
    const weight = own + (groups.includes(group) ? sameGroupWeight : 0) + rest.weight;
    if (best === undefined || weight < best.weight) best = { elements: [element, ...rest.elements], weight };
  }
  return best;
}
