// The outlook is an estimate: tested on levels that were explored completely, cut off at every depth.

import { expect, test } from 'vitest';
import { outlookOf } from './outlook.js';

/** Levels of models that were explored to the end. */
const explored = {
  philosophers: [
    1, 10, 55, 210, 605, 1382, 2580, 4030, 5400, 6360, 6743, 6580, 5975, 5090, 4125, 3162, 2300, 1640, 1095,
    680, 455, 270, 125, 90, 55, 10, 10, 10,
  ],
  twoPhaseCommit: [
    1, 15, 105, 462, 1456, 3570, 7259, 12861, 20449, 29372, 37772, 42924, 42651, 36785, 27371, 17447, 9436,
    4277, 1603, 490, 119, 21, 2,
  ],
  /** It grows, shrinks, grows once more. */
  flagship: [
    1, 4, 10, 20, 35, 56, 84, 120, 165, 220, 284, 358, 442, 536, 639, 748, 858, 969, 1076, 1174, 1258, 1328,
    1389, 1442, 1481, 1506, 1523, 1532, 1535, 1526, 1510, 1492, 1477, 1458, 1435, 1411, 1393, 1385, 1381,
    1391, 1420, 1464, 1517, 1565, 1605, 1618, 1596, 1548, 1458, 1342, 1177, 1001, 817, 639, 476, 344, 267,
    210, 166, 124, 86, 57, 33, 16, 5, 1,
  ],
};

test.each(Object.entries(explored))(
  'the estimate for %s is right within a tenth, and comes before the last tenth',
  (_, levels) => {
    const all = levels.reduce((sum, level) => sum + level, 0);
    const estimates = levels.flatMap((_, depth) => outlookOf(levels.slice(0, depth + 1))?.states ?? []);
    for (const estimate of estimates) expect(Math.abs(estimate / all - 1)).toBeLessThan(0.1);
    const left = levels.slice(-estimates.length).reduce((sum, level) => sum + level, 0);
    expect(left / all).toBeGreaterThan(0.07);
  },
);

test('while levels grow, or shrink a little, there is no estimate', () => {
  expect(outlookOf([1, 2, 4])).toBeUndefined();
  expect(outlookOf([1, 2, 4, 8, 16])).toEqual({ trend: 'growing' });
  expect(outlookOf([1, 10, 100, 99, 98, 97, 96])).toEqual({ trend: 'shrinking' });
});
