// Minimum hitting sets: the smallest choice of elements that takes one from every set; of the smallest, the lightest.
//
//   sets {a b} {b c} {a c}   weights a 1, b 5, c 1   ->   {a c}: two are needed, and a with c is the lightest pair
//
// Elements of one group that lie in the same sets are one, the lightest of them. Then: for 0, 1, 2 … elements, take
// the first set that is not hit, and try each of its elements.

export interface Element {
  readonly weight: number;
  readonly group: string;
}

/** Choices of an element whose group has one already weigh this much more. */
export const sameGroupWeight = 1e7;

/**
 * The numbers of the elements chosen. Undefined if a set is empty. The tries grow exponentially with the size of the
 * choice; `spend` is called for each of them, and may throw.
 */
export function minimumHittingSet(
  sets: readonly ReadonlySet<number>[],
  elements: readonly Element[],
  spend: () => void = () => {},
): readonly number[] | undefined {
  if (sets.some(({ size }) => size === 0)) return undefined;
  const kinds = distinctElements(sets, elements);
  const all = (1n << BigInt(sets.length)) - 1n;
  for (let size = 0; ; size++) {
    const best = lightest(kinds, all, size, [], spend);
    if (best !== undefined) return best.elements.toSorted((a, b) => a - b);
  }
}

interface Kind extends Element {
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
): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const [element, { weight, group }] of elements.entries()) {
    const hits = sets.reduce((bits, set, i) => (set.has(element) ? bits | (1n << BigInt(i)) : bits), 0n);
    const key = `${hits} ${group}`;
    const same = kinds.get(key);
    if (same === undefined || weight < same.weight) kinds.set(key, { element, weight, group, hits });
  }
  return [...kinds.values()];
}

/** The lightest choice of at most `size` elements that hits all of `open`, beside others of these groups. */
function lightest(
  kinds: readonly Kind[],
  open: bigint,
  size: number,
  groups: readonly string[],
  spend: () => void,
): Choice | undefined {
  if (open === 0n) return { elements: [], weight: 0 };
  if (size === 0) return undefined;
  const first = open & -open;
  let best: Choice | undefined;
  for (const { element, weight: own, group, hits } of kinds) {
    if ((hits & first) === 0n) continue;
    spend();
    const rest = lightest(kinds, open & ~hits, size - 1, [...groups, group], spend);
    if (rest === undefined) continue;
    const weight = own + (groups.includes(group) ? sameGroupWeight : 0) + rest.weight;
    if (best === undefined || weight < best.weight) best = { elements: [element, ...rest.elements], weight };
  }
  return best;
}
