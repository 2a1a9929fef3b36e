// The numbers that stand for values in a litmus test: those of the model. Where a value comes back, and an ordering is
// about which of two stores of it came first, each store of the variable has a number of its own.
//
//   ptr: active, none, active again   ->   0, 1, 2

import type { Domain, Program, VariableId } from '../../checker/index.js';
import type { Orderings } from '../essence/orderings.js';
import type { RunIndex } from '../story/recorded_run.js';
import type { Included } from './included.js';

export class Numbering {
  readonly #found: Orderings;
  /** For each variable with numbers of its own: its stores, in order, the first value as one before all. */
  readonly #stores = new Map<VariableId, readonly NumberedStore[]>();

  constructor(program: Program, found: Orderings, included: Included, numbered: ReadonlySet<VariableId>) {
    this.#found = found;
    for (const id of numbered)
      this.#stores.set(id, storesTo(found, included, id, largestOf(program.variables[id]!.domain)));
  }

  isOwn = (id: VariableId): boolean => this.#stores.has(id);

  /** What a variable has before a step. */
  before(id: VariableId, i: RunIndex): number {
    const store = this.#stores.get(id)?.findLast(({ index }) => index < i);
    return store?.number ?? this.#found.run.states[i]!.value.get(id)!;
  }

  after = (id: VariableId, i: RunIndex): number => this.before(id, i + 1);

  /** Numbers that stand for a value that has been there before, with that value. */
  again(id: VariableId): readonly NumberedStore[] {
    return (this.#stores.get(id) ?? []).filter(({ number, value }) => number !== value);
  }
}

export interface NumberedStore {
  readonly index: RunIndex;
  readonly number: number;
  /** Of the model. */
  readonly value: number;
}

/** The largest number that stands for a word; of integers, none is kept free. */
const largestOf = (domain: Domain): number =>
  domain.kind === 'enum' || domain.kind === 'owner' ? domain.values.length - 1 : 1;

/** `largest` stands for a value of the model, met or not. */
function storesTo(
  { run, taken }: Orderings,
  { steps, initial }: Included,
  id: VariableId,
  largest: number,
): readonly NumberedStore[] {
  const first = initial.get(id)!;
  const values = steps
    .filter((i) => i < run.taken && taken[i]!.accesses.writes.has(id))
    .map((index) => ({ index, value: run.states[index + 1]!.value.get(id)! }));
  let fresh = Math.max(largest, first, ...values.map(({ value }) => value));
  const stores: NumberedStore[] = [{ index: -1, number: first, value: first }];
  for (const { index, value } of values) {
    const isMet = stores.some((store) => store.number === value);
    stores.push({ index, value, number: isMet ? ++fresh : value });
  }
  return stores;
}
