// The digest of a Program: 16 hexadecimal digits that change when its meaning or its labels do, and stay when only
// captions, names of expressions and places in the sources change. A saved trace carries that of its Program.

import { hash64 } from './compiled/table/hash64.js';
import type { Program } from './ir/program.js';

/** What only people read, and what guards and assignments say again: it may change without a trace getting out of date. */
const leftOut: ReadonlySet<string> = new Set([
  'caption',
  'source',
  'about',
  'lock',
  'locks',
  'tested',
  'unread',
  'armPath',
]);

/** 64 bits of the hash of everything that engines and labels depend on. */
export async function digestOf(program: Program): Promise<string> {
  const hash = await hash64();
  return hash(new TextEncoder().encode(canonicalText(program)))
    .toString(16)
    .padStart(16, '0');
}

/** JSON with its keys in order. The name of an expression is for people; those of threads and variables are not. */
function canonicalText(program: Program): string {
  return JSON.stringify(program, (key, value: unknown) => {
    if (leftOut.has(key)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).filter(([name]) => !('op' in value && name === 'name'));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
