// Estimates are printed with two significant digits.

/** `count`, rounded to two significant digits. */
export const twoDigits = (count: number): number => Number(count.toPrecision(2));
