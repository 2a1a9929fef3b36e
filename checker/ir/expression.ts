// Builds expressions and folds constants. Every `Expr` of a Program is built here, so a condition that the settings
// decide is a constant.

import type { Cell, Domain, Expr, Location, ThreadId, Type } from './program.js';

export const constant = (value: number, type: Type): Expr => ({ op: 'const', value, type });
export const int = (value: number): Expr => constant(value, 'int');
export const truth = (value: boolean): Expr => constant(value ? 1 : 0, 'bool');

/** The value of a constant; undefined for anything that reads the state. */
export const constantOf = (x: Expr): number | undefined => (x.op === 'const' ? x.value : undefined);
export const isTrue = (x: Expr): boolean => x.op === 'const' && x.value !== 0;
export const isFalse = (x: Expr): boolean => x.op === 'const' && x.value === 0;

export const read = (cell: Cell, type: Type): Expr => ({ op: 'read', cell, type });
export const at = (thread: ThreadId, locations: readonly Location[]): Expr =>
  locations.length === 0 ? truth(false) : { op: 'at', thread, locations };

/** Example: `exprText(not(condition), program) === 'counter != 2'` */
export function not(x: Expr): Expr {
  if (x.op === 'const') return truth(x.value === 0);
  return x.op === 'not' ? x.x : { op: 'not', x };
}
/** `x && false` is false only if x cannot fault: C would evaluate it first. */
export function and(x: Expr, y: Expr): Expr {
  if (x.op === 'const') return x.value === 0 ? x : y;
  if (isTrue(y)) return x;
  return isFalse(y) && !mayFault(x) ? y : { op: 'and', x, y };
}
export function or(x: Expr, y: Expr): Expr {
  if (x.op === 'const') return x.value === 0 ? y : x;
  if (isFalse(y)) return x;
  return isTrue(y) && !mayFault(x) ? y : { op: 'or', x, y };
}
/** How deep expressions may nest: each level takes some of the stack wherever they are visited. */
export const nestingMax = 500;

/** How many operands nest to the left, as they would be written; longer chains are split in halves, to stay shallow. */
export const chainMax = 100;

/** Operands of an operator whose value depends only on their order. */
export function joined<T>(all: readonly T[], join: (x: T, y: T) => T): T {
  if (all.length <= chainMax) return all.reduce(join);
  const middle = all.length >> 1;
  return join(joined(all.slice(0, middle), join), joined(all.slice(middle), join));
}

export const allOf = (xs: readonly Expr[]): Expr => joined([truth(true), ...xs], and);
export const anyOf = (xs: readonly Expr[]): Expr => joined([truth(false), ...xs], or);

/** The conditions that must all be true. Example: `conjuncts(condition).length === 1` */
export function conjuncts(x: Expr): readonly Expr[] {
  return x.op === 'and' ? [...conjuncts(x.x), ...conjuncts(x.y)] : [x];
}

export function equal(x: Expr, y: Expr): Expr {
  const [a, b] = [constantOf(x), constantOf(y)];
  if (a !== undefined && b !== undefined) return truth(a === b);
  if (b !== undefined && typeOf(x) === 'bool') return b === 0 ? not(x) : x;
  return { op: 'eq', x, y };
}
export function less(op: 'lt' | 'le', x: Expr, y: Expr): Expr {
  const [a, b] = [constantOf(x), constantOf(y)];
  if (a === undefined || b === undefined) return { op, x, y };
  return truth(op === 'lt' ? a < b : a <= b);
}
export type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod';
export function arithmetic(op: Arithmetic, x: Expr, y: Expr): Expr {
  const [a, b] = [constantOf(x), constantOf(y)];
  if (op === 'add' && a === 0) return y;
  if ((op === 'add' || op === 'sub') && b === 0) return x;
  const folded = a === undefined || b === undefined ? undefined : compute(op, a, b);
  // A result beyond 2^53 would not be exact: the expression stays unfolded, to be refused.
  return folded === undefined || !Number.isSafeInteger(folded) ? { op, x, y } : int(folded);
}
export function ifElse(x: Expr, yes: Expr, no: Expr): Expr {
  if (x.op === 'const') return x.value === 0 ? no : yes;
  return { op: 'if', x, then: yes, else: no };
}

/** C's arithmetic on whole numbers, never -0; undefined for a division by zero. */
export function compute(op: Arithmetic, x: number, y: number): number | undefined {
  switch (op) {
    case 'add':
      return x + y;
    case 'sub':
      return x - y;
    case 'mul':
      return x * y + 0;
    case 'div':
      return y === 0 ? undefined : Math.trunc(x / y) + 0;
    case 'mod':
      return y === 0 ? undefined : (x % y) + 0;
  }
}

/** Example: `typeOf(condition) === 'bool'` */
export function typeOf(x: Expr): Type {
  switch (x.op) {
    case 'const':
    case 'read':
      return x.type;
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return 'int';
    case 'if':
      return typeOf(x.then);
    default:
      return 'bool';
  }
}

export const sameType = (x: Type, y: Type): boolean =>
  x === y ||
  (typeof x !== 'string' &&
    typeof y !== 'string' &&
    x.length === y.length &&
    x.every((word, i) => word === y[i]));

/** Example: `typeOfDomain({ kind: 'int', min: 0, max: 4 }) === 'int'` */
export const typeOfDomain = (domain: Domain): Type =>
  domain.kind === 'bool' || domain.kind === 'int' ? domain.kind : domain.values;

/** The smallest and the largest value of a domain, both included. Example: `boundsOf({ kind: 'bool' }).max === 1` */
export function boundsOf(domain: Domain): { readonly min: number; readonly max: number } {
  switch (domain.kind) {
    case 'bool':
      return { min: 0, max: 1 };
    case 'int':
      return { min: domain.min, max: domain.max };
    default:
      return { min: 0, max: domain.values.length - 1 };
  }
}

/** A value as people write it: `huge`, `true`, `-1`. Example: `valueText(1, ['none', 'huge']) === 'huge'` */
export function valueText(value: number, type: Type): string {
  if (type === 'int') return String(value);
  if (type === 'bool') return value === 0 ? 'false' : 'true';
  return type[value] ?? `word ${value} of ${type.length}`;
}

/** The expressions directly inside an expression, an index included. Example: `parts(condition).length === 2` */
export function parts(x: Expr): readonly Expr[] {
  switch (x.op) {
    case 'const':
    case 'at':
      return [];
    case 'read':
      return x.cell.index === undefined ? [] : [x.cell.index];
    case 'not':
      return [x.x];
    case 'if':
      return [x.x, x.then, x.else];
    default:
      return [x.x, x.y];
  }
}

/** Visits an expression and all inside it. */
export function walk(x: Expr, visit: (x: Expr) => void): void {
  visit(x);
  for (const part of parts(x)) walk(part, visit);
}

/** May it have no value in some state: does it divide, or index an array, by something that varies? */
export function mayFault(x: Expr): boolean {
  if (x.op === 'read' && x.cell.index !== undefined) return true;
  if ((x.op === 'div' || x.op === 'mod') && !(x.y.op === 'const' && x.y.value !== 0)) return true;
  return parts(x).some(mayFault);
}

/**
 * Rebuilds an expression bottom up: `change` may replace any part, and parts that changed are folded again. An
 * unchanged part stays the same object, with its name.
 */
export function rewrite(x: Expr, change: (x: Expr) => Expr): Expr {
  const before = parts(x);
  const after = before.map((part) => rewrite(part, change));
  return change(after.every((part, i) => part === before[i]) ? x : rebuild(x, after));
}

/**
 * Puts other expressions in the place of some: `of` gives what stands for a part, or undefined where it stays and its own
 * parts are looked at. What is put in is not looked at again, though it may read what it stands for.
 * Example: `substitute(condition, () => undefined) === condition`
 */
export function substitute(x: Expr, of: (x: Expr) => Expr | undefined): Expr {
  const other = of(x);
  if (other !== undefined) return other;
  const before = parts(x);
  const after = before.map((part) => substitute(part, of));
  return after.every((part, i) => part === before[i]) ? x : rebuild(x, after);
}

/** The same operation on other parts, in the order of `parts`. */
function rebuild(x: Expr, [a, b, c]: readonly Expr[]): Expr {
  switch (x.op) {
    case 'const':
    case 'at':
      return x;
    case 'read':
      return {
        ...read(indexed(x.cell, a!), x.type),
        ...(x.order !== undefined && { order: x.order }),
        ...(x.member !== undefined && { member: x.member }),
      };
    case 'not':
      return not(a!);
    case 'and':
      return and(a!, b!);
    case 'or':
      return or(a!, b!);
    case 'eq':
      return equal(a!, b!);
    case 'lt':
    case 'le':
      return less(x.op, a!, b!);
    case 'if':
      return ifElse(a!, b!, c!);
    default:
      return arithmetic(x.op, a!, b!);
  }
}

/** The cell with another index; with a constant index, the one variable that it selects. */
export function indexed(cell: Cell, index: Expr): Cell {
  const id = index.op === 'const' ? cell.variables[index.value] : undefined;
  return id === undefined ? { ...cell, index } : { variables: [id] };
}
