// The C of a thread of a litmus test, as tools/memory-model/litmus-tests has it: registers first, tabs, one access a line.

import type { Expr } from '../../checker/index.js';
import type {
  Branch,
  LitmusStatement,
  LocationKey,
  PlacedStatement,
  TestThread,
  UpdateOrder,
} from './statements.js';

export interface CNames {
  readonly nameOf: (key: LocationKey) => string;
  /** Is it an atomic_t? */
  readonly isAtomic: (key: LocationKey) => boolean;
  /** Of a variable of expressions that is a register: its number. */
  readonly registerOf: (id: number) => number;
  /** What stands behind the line of a statement. */
  readonly remark: (index: number) => string;
}

/** The body of a thread, without its braces. */
export function bodyLines({ statements, registers }: TestThread, names: CNames): readonly string[] {
  const lines = registers.map((_, i) => `\tint r${i};`);
  if (lines.length > 0) lines.push('');
  let open: readonly Branch[] = [];
  const close = (depth: number): void => {
    for (let i = open.length; i > depth; i--) lines.push(`${'\t'.repeat(i)}}`);
    open = open.slice(0, depth);
  };
  for (const { statement, under, index } of joined(statements, names)) {
    const same = under.findIndex((branch, i) => open[i] !== branch);
    close(same < 0 ? under.length : same);
    for (const branch of under.slice(open.length)) {
      open = [...open, branch];
      lines.push(`${'\t'.repeat(open.length)}if (${expressionText(branch.condition, names)}) {`);
    }
    const remark = names.remark(index);
    const code = `${'\t'.repeat(open.length + 1)}${statementText(statement, names)};`;
    lines.push(remark === '' ? code : `${code} // ${remark}`);
  }
  close(0);
  return lines;
}

/** A store with smp_mb() right behind it, as set_current_state() is, in one line. */
function joined(statements: readonly PlacedStatement[], { isAtomic }: CNames): readonly PlacedStatement[] {
  const isBarrier = (one: PlacedStatement | undefined, { index }: PlacedStatement) =>
    one?.index === index && one.statement.kind === 'call' && one.statement.name === 'smp_mb';
  return statements.flatMap((one, i) => {
    const { statement } = one;
    const before = statements[i - 1];
    if (before !== undefined && isBarrier(one, before) && canJoin(before.statement, isAtomic)) return [];
    if (!isBarrier(statements[i + 1], one) || !canJoin(statement, isAtomic)) return [one];
    return [{ ...one, statement: { ...statement, isFenced: true } as LitmusStatement }];
  });
}

const canJoin = (statement: LitmusStatement, isAtomic: CNames['isAtomic']): boolean =>
  statement.kind === 'write' && statement.order !== 'release' && !isAtomic(statement.of);

const suffixes: { readonly [order in UpdateOrder]: string } = {
  full: '',
  relaxed: '_relaxed',
  acquire: '_acquire',
  release: '_release',
};

function statementText(statement: LitmusStatement, names: CNames): string {
  if (statement.kind === 'call') return `${statement.name}()`;
  const [x, isAtomic] = [names.nameOf(statement.of), names.isAtomic(statement.of)];
  const value = (of: Expr) => expressionText(of, names);
  switch (statement.kind) {
    case 'lock':
    case 'unlock':
      return `spin_${statement.kind}(${x})`;
    case 'is locked':
      return `r${statement.to} = spin_is_locked(${x})`;
    case 'read': {
      const call = statement.order === 'acquire' ? `smp_load_acquire(${x})` : `READ_ONCE(*${x})`;
      const atomic = `atomic_read${statement.order === 'acquire' ? '_acquire' : ''}(${x})`;
      return `r${statement.to} = ${isAtomic ? atomic : call}`;
    }
    case 'write': {
      const isRelease = statement.order === 'release';
      const of = value(statement.value);
      if (statement.isFenced) return `smp_store_mb(*${x}, ${of})`;
      if (isAtomic) return `atomic_set${isRelease ? '_release' : ''}(${x}, ${of})`;
      return isRelease ? `smp_store_release(${x}, ${of})` : `WRITE_ONCE(*${x}, ${of})`;
    }
    case 'exchange':
      return `r${statement.to} = ${isAtomic ? 'atomic_' : ''}xchg${suffixes[statement.order]}(${x}, ${value(statement.value)})`;
    case 'compare':
      return `r${statement.to} = ${isAtomic ? 'atomic_' : ''}cmpxchg${suffixes[statement.order]}(${x}, ${statement.expected}, ${value(statement.value)})`;
    case 'add':
      return addText(statement, x);
    case 'add unless':
      return `r${statement.to} = atomic_add_unless(${x}, ${statement.amount}, ${statement.unless})`;
  }
}

function addText({ to, amount, order }: LitmusStatement & { readonly kind: 'add' }, x: string): string {
  const what = amount > 0 ? ['inc', 'add'] : ['dec', 'sub'];
  const [word, args] = Math.abs(amount) === 1 ? [what[0], x] : [what[1], `${Math.abs(amount)}, ${x}`];
  return to === undefined
    ? `atomic_${word}(${args})`
    : `r${to} = atomic_fetch_${word}${suffixes[order]}(${args})`;
}

/** Those of herd's C, of which comparisons do not associate. It has no `!`, `&&`, `||` and `%`. */
const operators: { readonly [op: string]: readonly [text: string, binding: number] } = {
  or: ['|', 1],
  and: ['&', 2],
  eq: ['==', 3],
  lt: ['<', 3],
  le: ['<=', 3],
  add: ['+', 4],
  sub: ['-', 4],
  mul: ['*', 5],
  div: ['/', 5],
};
const comparison = 3;
const zero: Expr = { op: 'const', value: 0, type: 'int' };

/** In C, over registers. */
export function expressionText(x: Expr, names: Pick<CNames, 'registerOf'>, outer = 0): string {
  const within = (text: string, binding: number) => (binding < outer ? `(${text})` : text);
  const compared = (of: Expr, text: string, to: Expr) =>
    within(infix(of, text, to, [comparison + 1, comparison + 1], names), comparison);
  switch (x.op) {
    case 'const':
      return String(x.value);
    case 'read':
      return `r${names.registerOf(x.cell.variables[0]!)}`;
    case 'not': {
      const of = x.x;
      if (of.op === 'not') return truthText(of.x, names, outer);
      if (of.op === 'eq') return compared(of.x, '!=', of.y);
      if (of.op === 'lt') return compared(of.y, '<=', of.x);
      if (of.op === 'le') return compared(of.y, '<', of.x);
      return compared(of, '==', zero);
    }
    case 'and':
    case 'or': {
      const [text, binding] = operators[x.op]!;
      const side = (of: Expr) => truthText(of, names, comparison + 1);
      return within(`${side(x.x)} ${text} ${side(x.y)}`, binding);
    }
    case 'eq':
    case 'lt':
    case 'le':
      return compared(x.x, operators[x.op]![0], x.y);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div': {
      const [text, binding] = operators[x.op]!;
      return within(infix(x.x, text, x.y, [binding, binding + 1], names), binding);
    }
    default:
      throw new Error(`C of litmus tests has no '${x.op}'`);
  }
}

const truths: readonly Expr['op'][] = ['not', 'and', 'or', 'eq', 'lt', 'le'];

/** 1 or 0: what `&` and `|` need on both sides. */
const truthText = (x: Expr, names: Pick<CNames, 'registerOf'>, outer: number): string =>
  expressionText(truths.includes(x.op) ? x : { op: 'not', x: { op: 'eq', x, y: zero } }, names, outer);

const infix = (
  x: Expr,
  text: string,
  y: Expr,
  [left, right]: readonly [number, number],
  names: Pick<CNames, 'registerOf'>,
): string => `${expressionText(x, names, left)} ${text} ${expressionText(y, names, right)}`;
