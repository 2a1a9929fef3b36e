// Expressions and cells as C-like text: `page[i]._mapcount >= 0 && ptl == free`.

import { valueText } from './expression.js';
import type { LoadOrder } from './memory.js';
import { variableAt } from './monitors.js';
import type { Cell, Domain, Expr, Program } from './program.js';

/** The parts of a Program that the text needs. */
export type ProgramNames = Pick<Program, 'variables' | 'threads' | 'monitors'>;

/** How tightly an operator binds; operands that bind less tightly get parentheses. */
const binding = {
  or: 1,
  and: 2,
  eq: 3,
  lt: 4,
  le: 4,
  add: 5,
  sub: 5,
  mul: 6,
  div: 6,
  mod: 6,
  not: 7,
} as const;
const symbol = {
  or: '||',
  and: '&&',
  eq: '==',
  lt: '<',
  le: '<=',
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
} as const;
/** `!(a == b)` reads better as `a != b`. */
const negated = { eq: '!=', lt: '>=', le: '>' } as const;

/** How the kernel writes a load that is in an order. */
const loads: { readonly [order in LoadOrder]: (cell: string) => string } = {
  once: (cell) => `READ_ONCE(${cell})`,
  acquire: (cell) => `smp_load_acquire(&${cell})`,
  consume: (cell) => `rcu_dereference(${cell})`,
};

/**
 * An expression as C writes it; a part that has a name is written as the name.
 * Example: `program.steps.map(({ guard }) => exprText(guard, program))`
 */
export function exprText(x: Expr, names: ProgramNames, around = 0): string {
  if (x.name !== undefined) return x.name;
  const inner = (y: Expr, level: number) => exprText(y, names, level);
  const wrap = (text: string, level: number) => (level < around ? `(${text})` : text);
  switch (x.op) {
    case 'const':
      return valueText(x.value, x.type);
    case 'read':
      return x.order === undefined ? cellText(x.cell, names) : loads[x.order](cellText(x.cell, names));
    case 'at': {
      const thread = names.threads[x.thread]!;
      const labels = [...new Set(x.locations.map((location) => thread.locations[location]!.label))];
      const end = labels.length === 1 && labels.find((label) => label === 'done' || label === 'dead');
      return wrap(end ? `${thread.name} is ${end}` : `${thread.name} at ${labels.join('|') || 'nowhere'}`, 3);
    }
    case 'not': {
      const { x: y } = x;
      if (y.name === undefined && (y.op === 'eq' || y.op === 'lt' || y.op === 'le')) {
        const [left, right] = operandLevels(y.op);
        return wrap(`${inner(y.x, left)} ${negated[y.op]} ${inner(y.y, right)}`, binding[y.op]);
      }
      return `!${inner(y, binding.not)}`;
    }
    case 'if':
      return wrap(`${inner(x.x, 0.8)} ? ${inner(x.then, 0.8)} : ${inner(x.else, 0)}`, 0.5);
    default: {
      const level = binding[x.op];
      const [left, right] = operandLevels(x.op);
      const text = `${inner(x.x, left)} ${symbol[x.op]} ${inner(x.y, right)}`;
      // `&&` inside `||` gets parentheses that it does not need, as compilers advise.
      return x.op === 'and' && around === binding.or ? `(${text})` : wrap(text, level);
    }
  }
}

/** How tightly the operands must bind to need no parentheses. */
function operandLevels(op: keyof typeof symbol): readonly [left: number, right: number] {
  const level = binding[op];
  if (op === 'and' || op === 'or') return [level, level];
  // Comparisons do not chain: parentheses show which of two is evaluated first.
  if (op === 'eq' || op === 'lt' || op === 'le') return [binding.add, binding.add];
  return [level, level + 1];
}

/**
 * A cell as the model writes it: `page[i]._mapcount`.
 * Example: `cellText(step.assignments[0].target, program) === 'adder[0]:increment.mine'`
 */
export function cellText({ variables, index, text }: Cell, names: ProgramNames): string {
  const all = variables.map((id) => variableAt(names, id).name);
  if (text === undefined) return cellName(all, index === undefined ? undefined : exprText(index, names));
  const write = (expr: (x: Expr) => string) =>
    text.map((part) => (typeof part === 'string' ? part : expr(part))).join('');
  // Through a pointer: `p->key`, whatever it points to.
  if (typeof text[0] === 'object') return write((x) => exprText(x, names));
  // The first variable has index 0 in each varying position; the part of its name before that is its owner.
  const first = write((x) => (x.op === 'const' ? String(x.value) : '0'));
  return all[0]!.slice(0, all[0]!.length - first.length) + write((x) => exprText(x, names));
}

/** `page[0]._mapcount` and `page[1]._mapcount`, indexed by `i`, read as `page[i]._mapcount`. */
export function cellName(names: readonly string[], index: string | undefined): string {
  const [first = '?'] = names;
  if (index === undefined) return first;
  const last = names.at(-1)!;
  let same = 0;
  while (same < first.length && first[same] === last[same]) same++;
  const open = first.lastIndexOf('[', same);
  const close = first.indexOf(']', open);
  return open < 0 ? `${first}[${index}]` : `${first.slice(0, open)}[${index}]${first.slice(close + 1)}`;
}

/**
 * A domain: `bool`, `-1 … 1`, `{ none, huge }`.
 * Example: `domainText({ kind: 'int', min: -1, max: 1 }) === '-1 … 1'`
 */
export function domainText(domain: Domain): string {
  if (domain.kind === 'bool') return 'bool';
  if (domain.kind === 'int') return `${domain.min} … ${domain.max}`;
  return `{ ${domain.values.join(', ')} }`;
}
