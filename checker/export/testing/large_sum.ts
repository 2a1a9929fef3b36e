// Two interchangeable payers, and a till that closes when both together have paid enough: its sum goes from -60,000 to
// 120,000, far beyond every index.

import { arithmetic, int, less, read, truth } from '../../ir/expression.js';
import type { Domain, Program, Step } from '../../ir/program.js';

const amount = 30_000;
const domain: Domain = { kind: 'int', min: -amount, max: 2 * amount };
const paid = [0, 1].map((id) => read({ variables: [id] }, 'int'));
const locations = (label: string) => [label, 'done'].map((each) => ({ label: each, path: each }));

const pay = paid.map((own, id): Step => {
  return {
    ...{ id, thread: id, from: 0, to: 0, label: 'pay.more', caption: 'paid += amount', source: {} },
    guard: less('lt', own, int(2 * amount)),
    assignments: [{ target: { variables: [id] }, value: arithmetic('add', own, int(amount)) }],
  };
});
const close: Step = {
  ...{ id: 2, thread: 2, from: 0, to: 1, label: 'till.close', caption: 'close', source: {} },
  guard: less('le', int(amount), arithmetic('add', paid[0]!, paid[1]!)),
  assignments: [],
};

export const largeSum: Program = {
  name: 'large_sum',
  settings: {},
  variables: paid.map((_, id) => ({
    ...{ id, name: `paid[${id}]`, place: ['paid', id] },
    ...{ domain, initial: [-amount] },
  })),
  threads: [
    ...paid.map((_, id) => {
      return { id, name: `payer[${id}]`, start: 0, done: 1, locations: locations('pay.more') };
    }),
    { id: 2, name: 'till', start: 0, done: 1, locations: locations('till.close') },
  ],
  actors: [{ name: 'payer', threads: [0, 1] }],
  steps: [...pay, close],
  initially: truth(true),
};
