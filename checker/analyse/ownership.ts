// Which locks a thread owns at each of its locations, as far as its own control flow decides it. Sound because a lock
// changes hands only by `take`, which waits until it is free, and `drop`, which is a bug unless the thread owns it:
// while one thread owns a lock, no other thread changes it. A nested share may be taken again; after dropping it,
// ownership is undecided.

import type { Location, VariableId } from '../ir/program.js';

export interface LockEdge {
  readonly from: Location;
  readonly to: Location;
  /** Each take or drop as the variables it may mean: one, or several that an index selects. */
  readonly takes: readonly (readonly VariableId[])[];
  readonly drops: readonly (readonly VariableId[])[];
}

/** true: owned on every way here; false: on none; absent from the map: on some, or by index. */
export type Ownership = ReadonlyMap<VariableId, boolean>;

/** A set of shares. */
type Shares = Pick<ReadonlySet<VariableId>, 'has'>;

interface Rules {
  /**
   * A step that drops a lock that its thread does not own is a bug and goes no further; without `lock-balance` it goes
   * on, and changes no lock.
   */
  readonly dropsOnlyOwn?: boolean;
  /** Shares that their thread may take again. */
  readonly nests?: Shares;
}

/**
 * The ownership of `locks` at every reachable location. At `start` none is owned.
 */
export function ownership(
  start: Location,
  edges: readonly LockEdge[],
  locks: readonly VariableId[],
  { dropsOnlyOwn = true, nests = new Set() }: Rules = {},
): ReadonlyMap<Location, Ownership> {
  const known = new Map<Location, Ownership>([[start, new Map(locks.map((lock) => [lock, false]))]]);
  const byLocation = new Map<Location, LockEdge[]>();
  for (const edge of edges) byLocation.set(edge.from, [...(byLocation.get(edge.from) ?? []), edge]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of byLocation.get(at) ?? []) {
      if (cannotGoOn(known.get(at)!, edge, { dropsOnlyOwn, nests })) continue;
      const after = transfer(known.get(at)!, edge, nests);
      const before = known.get(edge.to);
      const met = before === undefined ? after : meet(before, after);
      if (before !== undefined && met.size === before.size) continue;
      known.set(edge.to, met);
      open.push(edge.to);
    }
  }
  return known;
}

/** Does it take a lock that its thread owns, and wait for ever, or drop one that it does not own, which is a bug? */
const cannotGoOn = (
  before: Ownership,
  { takes, drops }: LockEdge,
  { dropsOnlyOwn, nests }: Required<Rules>,
): boolean =>
  takes.some((cell) => cell.length === 1 && before.get(cell[0]!) === true && !nests.has(cell[0]!)) ||
  (dropsOnlyOwn && drops.some((cell) => cell.length === 1 && before.get(cell[0]!) === false));

function transfer(before: Ownership, { takes, drops }: LockEdge, nests: Shares): Ownership {
  const after = new Map(before);
  const change = (cell: readonly VariableId[], owned: boolean) => {
    if (cell.length === 1 && (owned || !nests.has(cell[0]!))) after.set(cell[0]!, owned);
    else for (const lock of cell) after.delete(lock);
  };
  for (const cell of drops) change(cell, false);
  for (const cell of takes) change(cell, true);
  return after;
}

/** What both paths agree on. */
const meet = (x: Ownership, y: Ownership): Ownership =>
  new Map([...x].filter(([lock, owned]) => y.get(lock) === owned));
