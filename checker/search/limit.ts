// The limit that a search stopped at, or that leaves its answer in doubt. Programs read the kind, people the text.

/** Which limit: one that was set, one of the machine, a stop from outside, or the doubt that a storage leaves. */
export type LimitKind =
  | 'states'
  | 'depth'
  /** The limit on the bytes of states, table and queue. */
  | 'memory'
  | 'time'
  /** The memory limit of this Node process, and the memory of the machine. */
  | 'heap'
  | 'machine'
  | 'interrupt'
  /** The automaton of a formula is too large. */
  | 'formula'
  /** The search is complete, but the storage may have missed states. */
  | 'storage'
  /** Some store found its buffer full: a larger buffer admits more runs. */
  | 'buffer'
  /** The model's own bound cuts what lies beyond. */
  | 'within';

export interface LimitReached {
  readonly kind: LimitKind;
  /** Printed after 'stopped at'; for a storage, a buffer or a bound it is a whole sentence. */
  readonly text: string;
}

export const statesReached = (statesMax: number): LimitReached => ({
  kind: 'states',
  text: `${statesMax} state${statesMax === 1 ? '' : 's'}`,
});

export const depthReached = (depthMax: number): LimitReached => ({
  kind: 'depth',
  text: `depth ${depthMax}`,
});

/** `memoryMax` in bytes, printed in the largest unit that it fills. */
export function memoryReached(memoryMax: number): LimitReached {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [amount, unit] = [memoryMax, 0];
  for (; amount >= 1024 && unit < units.length - 1; unit++) amount /= 1024;
  return { kind: 'memory', text: `${Math.round(amount * 100) / 100} ${units[unit]} of memory` };
}

/** `part` of the formula, in words, is what makes it large. */
export const formulaReached = (name: string, part: string): LimitReached => ({
  kind: 'formula',
  text: `the size of a formula: the automaton of '${name}' is too large because of ${part}`,
});

/** `slots` stores are too few for some store buffer. */
export const bufferReached = (slots: number): LimitReached => ({
  kind: 'buffer',
  text: `store buffers of ${slots} ${slots === 1 ? 'store' : 'stores'} are too small: some store finds its buffer full`,
});

/**
 * Is its text a whole sentence, since the search has ended, and what it did not see is beyond it?
 * Example: `isSentence({ kind: 'within' }) === true`
 */
export const isSentence = ({ kind }: Pick<LimitReached, 'kind'>): boolean =>
  kind === 'storage' || kind === 'buffer' || kind === 'within';

/** The model cuts at so many states; undefined if they were not counted. */
export function withinReached(cuts: number | undefined): LimitReached {
  const what = cuts === undefined ? 'some states are' : cuts === 1 ? '1 state is' : `${cuts} states are`;
  return {
    kind: 'within',
    text: `${what} outside of the model's 'within', and no step was taken from there`,
  };
}
