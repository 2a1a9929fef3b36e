// Sums over the threads of a class become functions of the module; equal sums share a function.

import { type MurphiExpression, type MurphiFunction, type MurphiStatement, name } from '../syntax.js';
import { conjunction } from './expressions.js';
import { filled, type HoleFilling, type SumOverClass, type TreeHole } from './holes.js';

/** The functions that a module calls, and the replacement of each sum by a call. */
export interface SumFunctions {
  readonly fill: HoleFilling;
  /** A function stands before those that call it. */
  functions(): readonly MurphiFunction[];
}

/** `take` returns a free name. */
export function sumsOf(take: (wish: string) => string): SumFunctions {
  const known = new Map<string, MurphiFunction>();
  const callOf = (sum: SumOverClass): MurphiExpression => {
    const plain = functionOf(sum, fill);
    const key = JSON.stringify(plain);
    const own = known.get(key) ?? { ...plain, name: take('sum') };
    known.set(key, own);
    return { kind: 'call', name: own.name, given: sum.bound.map((one) => name(one.name)) };
  };
  const fill = (hole: TreeHole): MurphiExpression => {
    if (hole.kind === 'unbound') throw new Error(`nothing binds thread ${hole.thread}`);
    return callOf(hole);
  };
  return { fill, functions: () => [...known.values()] };
}

/** Without a name yet. */
function functionOf(
  { over, others, value, min, max, bound }: SumOverClass,
  fill: HoleFilling,
): MurphiFunction {
  const sum = name('total');
  const add: MurphiStatement = {
    kind: 'assign',
    to: sum,
    value: { kind: 'binary', op: '+', x: sum, y: filled(value, fill) },
  };
  const condition = conjunction(others.map((one) => filled(one, fill)));
  const body: MurphiStatement = others.length === 0 ? add : { kind: 'if', condition, yes: [add] };
  const type = { kind: 'range', min, max } as const;
  return {
    kind: 'function',
    name: '',
    parameters: bound,
    returns: type,
    locals: [{ name: sum.name, type }],
    body: [
      { kind: 'assign', to: sum, value: { kind: 'number', value: 0 } },
      { kind: 'for', over, body: [body] },
      { kind: 'return', value: sum },
    ],
  };
}
