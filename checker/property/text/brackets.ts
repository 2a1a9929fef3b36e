// A temporal operator binds more tightly than an implication: `always p -> q` is `(always p) -> q`, where the author
// may mean the other.

import { type Token, tokensOf } from './lexer.js';

const everywhere = ['always', 'G', '[]', 'never', 'historically', 'H'];
const arrows = ['->', '=>', 'implies', '~>', 'leadsTo'];

/**
 * How such a formula is read, and how to write the other; undefined if there is no doubt, or no formula at all.
 * Example: `bracketHint('always p -> q')`
 */
export function bracketHint(text: string): string | undefined {
  const tokens = readable(text);
  const [first] = tokens;
  if (first === undefined || !everywhere.includes(first.text)) return undefined;
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth > 0 || !arrows.includes(token.text)) continue;
    // `always p -> always q` and `always eventually p -> …` are not ambiguous.
    const others = [...tokens.slice(1, i), tokens[i + 1]];
    if (others.some((one) => one !== undefined && timed.has(one.text))) return undefined;
    const inner = text.slice(first.start + first.text.length).trim();
    const left = text.slice(0, token.start).trim();
    const right = text.slice(token.start).trim();
    return `'${text}' is read as '(${left}) ${right}'; if it is meant in every state, write '${first.text} (${inner})'`;
  }
  return undefined;
}

const timed: ReadonlySet<string> = new Set([...everywhere, '<>', 'eventually', 'F']);

function readable(text: string): readonly Token[] {
  try {
    return tokensOf(text);
  } catch {
    return [];
  }
}
