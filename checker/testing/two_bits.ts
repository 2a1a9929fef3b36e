// All Programs of two threads and three steps over two bits: the first thread takes two steps, the second one takes
// one. A step waits for nothing or for the other bit, and sets its bit, flips it, or copies the other one.

import { constant, not, read, truth } from '../ir/expression.js';
import type { Expr, Program, Step, Thread, Variable } from '../ir/program.js';

const bit = (id: number, name: string): Variable => ({ id, name, domain: { kind: 'bool' }, initial: [0] });
const thread = (id: number, steps: number): Thread => {
  const locations = Array.from({ length: steps + 1 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
  return { id, name: `thread${id}`, locations, start: 0, done: steps };
};
const value = (id: number): Expr => read({ variables: [id] }, 'bool');

type Form = Pick<Step, 'guard' | 'assignments'>;

const forms: readonly Form[] = [0, 1].flatMap((own) => {
  const other = value(1 - own);
  const effects = [constant(1, 'bool'), not(value(own)), other];
  return [truth(true), other].flatMap((guard) =>
    effects.map(
      (effect): Form => ({ guard, assignments: [{ target: { variables: [own] }, value: effect }] }),
    ),
  );
});

/** 12 forms of a step, so 12 × 12 × 12 Programs. */
export function* twoBitPrograms(): Generator<Program> {
  const step = (form: Form, id: number, of: number, from: number): Step => {
    return { id, thread: of, from, to: from + 1, label: `s${id}`, caption: '', source: {}, ...form };
  };
  for (const a of forms) {
    for (const b of forms) {
      for (const c of forms) {
        yield {
          name: 'two bits',
          settings: {},
          variables: [bit(0, 'x'), bit(1, 'y')],
          threads: [thread(0, 2), thread(1, 1)],
          steps: [step(a, 0, 0, 0), step(b, 1, 0, 1), step(c, 2, 1, 0)],
          initially: truth(true),
        };
      }
    }
  }
}
