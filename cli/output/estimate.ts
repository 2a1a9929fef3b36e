// An estimate as it is told: with no more digits than it is worth.

/** `count` with the two digits that count. */
export const twoDigits = (count: number): number => Number(count.toPrecision(2));
