// Blanks out the types of a TypeScript source. Nothing moves: every line keeps its number.

import { transformSync } from '@swc/wasm-typescript';
import { placed } from './placed.js';

/** Throws a SyntaxError that tells the line. JavaScript is left as it is, and refused in the same way. */
export function stripTypes(source: string, url: string): string {
  try {
    return transformSync(source, { mode: 'strip-only' }).code;
  } catch (problem) {
    const { message, startLine } = problem as { readonly message: string; readonly startLine?: number };
    // What would have been right instead is a list of half the language.
    const error = new SyntaxError(message.replace(/\. Expected .*$/s, ''));
    throw placed(error, url, startLine ?? 1);
  }
}
