// Lists of numbers, indexed by numbers, in two arrays.
//
//   keys 1 0 1       first 0 1 3    all 1 | 0 2       of(1) = 0 2

/** Lists of numbers by number. */
export interface Lists {
  of(key: number): number[];
}

/** `values[i]`, or i itself, in the list of `keys[i]`; keys are below `keyCount`. */
export function listsBy(keys: Int32Array, keyCount: number, values?: Int32Array): Lists {
  const first = new Int32Array(keyCount + 1);
  for (const key of keys) first[key + 1]!++;
  for (let key = 0; key < keyCount; key++) first[key + 1]! += first[key]!;
  const all = new Int32Array(keys.length);
  const next = first.slice();
  for (let i = 0; i < keys.length; i++) all[next[keys[i]!]!++] = values === undefined ? i : values[i]!;
  return { of: (key) => Array.from(all.subarray(first[key]!, first[key + 1]!)) };
}
