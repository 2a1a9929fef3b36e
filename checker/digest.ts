// The digest of a Program: 16 hexadecimal digits that depend on its meaning and its labels, and not on captions, names
// of expressions and places in the sources. A saved trace contains the digest of its Program.

import { hash64 } from './compiled/table/hash64.js';
import { composed } from './ir/monitors.js';
import type { Program } from './ir/program.js';

/**
 * Fields for people and memory models only, and fields that repeat what guards, assignments, steps and names say: a saved trace stays
 * valid when they change.
 */
const leftOut: ReadonlySet<string> = new Set([
  'nonDefault',
  'caption',
  'source',
  'about',
  'lock',
  'ofLock',
  'locks',
  'tested',
  'unread',
  'armPath',
  'place',
  'actors',
  'without',
  'order',
  'memory',
  'cpu',
  'registerOf',
  'isNoMemory',
  'storeBuffers',
  'slot',
]);

/** 64 bits of the hash of everything that engines and labels depend on. Example: `await digestOf(program)` */
export async function digestOf(program: Program): Promise<string> {
  const hash = await hash64();
  return hash(new TextEncoder().encode(canonicalText(digested(program))))
    .toString(16)
    .padStart(16, '0');
}

/** The composed Program, with the mark of monitors' variables that saved traces have always had. */
function digested(program: Program): Program {
  const whole = composed(program);
  const { length } = program.variables;
  return {
    ...whole,
    variables: whole.variables.map((variable) =>
      variable.id < length ? variable : { ...variable, ghost: true },
    ),
  };
}

/** JSON with its keys in order. The name of an expression is for people; those of threads and variables are not. */
function canonicalText(program: Program): string {
  // A setting may have any name.
  let settings: unknown;
  return JSON.stringify(program, function (this: unknown, key, value: unknown) {
    if (leftOut.has(key) && this !== settings) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).filter(([name]) => !('op' in value && name === 'name'));
    const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    if (value === program.settings) settings = sorted;
    return sorted;
  });
}
