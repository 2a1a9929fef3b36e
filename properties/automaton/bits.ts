// Sets of small numbers, as the bits of a bigint: atoms, acceptance sets, parts of a formula. The numbers are
// unbounded.
//
//   bit(0) | bit(2) = 0b101n      isWithin(0b001n, 0b101n)        membersOf(0b101n) = [0, 2]

/** The set of i alone. */
export type Bits = bigint;

export const bit = (i: number): Bits => 1n << BigInt(i);
export const has = (bits: Bits, i: number): boolean => ((bits >> BigInt(i)) & 1n) === 1n;
/** Is every member of x one of y? */
export const isWithin = (x: Bits, y: Bits): boolean => (x & ~y) === 0n;
/** The numbers 0 … count - 1. */
export const allOf = (count: number): Bits => bit(count) - 1n;

/** In ascending order. */
export function membersOf(bits: Bits): readonly number[] {
  const found: number[] = [];
  for (const [i, digit] of [...bits.toString(2)].reverse().entries()) if (digit === '1') found.push(i);
  return found;
}
