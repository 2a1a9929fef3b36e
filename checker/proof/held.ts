// Which locks a member of a family may hold, and surely holds, at each place: from its own control flow. A lock is a
// function and the index at which it is held; one that no term of the member names any more is unknown.

import { ModelError } from '../../models/language/index.js';
import type { Location } from '../ir/program.js';
import type { Family, Fun, Parameterised, Rule, StateTerm } from './program.js';
import { keyOf, walk } from './term.js';

export interface LockHeld {
  readonly fun: Fun;
  /** Terms of the member: without those, of a share, for the member itself. */
  readonly args: readonly StateTerm[];
}

export interface HeldAt {
  /** On every way to the place. */
  readonly surely: readonly LockHeld[];
  /** On some way. */
  readonly maybe: readonly LockHeld[];
}

/** By place. */
export type HeldPlaces = ReadonlyMap<Location, HeldAt>;

type Locks = ReadonlyMap<string, LockHeld>;
interface LockFlow {
  readonly surely: Locks;
  readonly maybe: Locks;
}

const keyOfLock = ({ fun, args }: LockHeld): string => `${fun.name} ${args.map(keyOf).join()}`;

/** What the members of a family hold at each place that control flow reaches. */
export function heldBy(family: Family, { rules }: Parameterised): HeldPlaces {
  const own = rules.filter((rule) => rule.family === family && rule.to !== family.dead);
  const known = new Map<Location, LockFlow>([[family.start, { surely: new Map(), maybe: new Map() }]]);
  const open = [family.start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const rule of own) {
      if (rule.from !== at) continue;
      const after = transfer(known.get(at)!, rule);
      const before = known.get(rule.to);
      const met = before === undefined ? after : meet(before, after);
      if (
        before !== undefined &&
        met.surely.size === before.surely.size &&
        met.maybe.size === before.maybe.size
      )
        continue;
      known.set(rule.to, met);
      open.push(rule.to);
    }
  }
  return new Map(
    [...known].map(([at, { surely, maybe }]) => [
      at,
      { surely: [...surely.values()], maybe: [...maybe.values()] },
    ]),
  );
}

function transfer(before: LockFlow, rule: Rule): LockFlow {
  const [surely, maybe] = [new Map(before.surely), new Map(before.maybe)];
  for (const { way, fun, args } of rule.locks) {
    const lock = { fun, args };
    if (way === 'drop') {
      surely.delete(keyOfLock(lock));
      maybe.delete(keyOfLock(lock));
      continue;
    }
    // Lowering takes all elements of an array of locks for one: that is exact as long as one is held at a time.
    if ([...maybe.values()].some((held) => held.fun === fun)) {
      throw new ModelError(
        `prove cannot express that an actor takes a second ${fun.name}`,
        rule.source.model,
      );
    }
    surely.set(keyOfLock(lock), lock);
    maybe.set(keyOfLock(lock), lock);
  }
  const moved = new Set(rule.updates.flatMap(({ fun }) => (fun.kind === 'loop index' ? [fun] : [])));
  for (const lock of maybe.values()) {
    if (!lock.args.some((arg) => mentions(arg, moved))) continue;
    throw new ModelError(
      `prove cannot express that ${lock.fun.name} is held from one index of a loop to the next`,
      rule.source.model,
    );
  }
  return { surely, maybe };
}

function mentions(x: StateTerm, funs: ReadonlySet<Fun>): boolean {
  let found = false;
  walk(x, (one) => {
    if (one.op === 'read' && funs.has(one.fun)) found = true;
  });
  return found;
}

const meet = (x: LockFlow, y: LockFlow): LockFlow => ({
  surely: new Map([...x.surely].filter(([key]) => y.surely.has(key))),
  maybe: new Map([...x.maybe, ...y.maybe]),
});
