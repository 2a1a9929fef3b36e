// The report for people, where it rests on something that no command of today delivers.

import { expect, test } from 'vitest';
import type { Evidence } from '../../checker/index.js';
import { reportOf } from '../../checker/search/report.js';
import { plain } from '../../counterexamples/text.js';
import { reportText } from './report_text.js';

const page = { width: 80, style: plain };

test.each<[string, Evidence, readonly string[]]>([
  [
    'that is whole',
    { kind: 'proved', obligations: [{ name: 'initially', outcome: 'proved' }], judges: ['z3', 'cvc5'] },
    ['m: holds', '1 obligation proved by z3, cvc5'],
  ],
  [
    'with an open obligation',
    {
      kind: 'proved',
      obligations: [
        { name: 'initially', outcome: 'proved' },
        { name: 'consecution', outcome: 'unknown' },
      ],
      judges: ['z3'],
    },
    [
      'm: incomplete, not proved: consecution: no violation found yet; this is not a',
      '  proof',
      '1 of 2 obligations proved by z3',
    ],
  ],
])(
  'a report that rests on a proof %s says which obligations are proved, and by whom',
  (_, evidence, said) => {
    const report = reportOf(evidence, [], { findings: new Map(), undecided: new Map() });
    const text = reportText({ model: 'm', settings: {}, chosen: [], report, traces: new Map() }, page, 'all');
    expect(text.split('\n').filter((line) => line.trim() !== '')).toEqual(said);
  },
);
