// Blanks out the types of a TypeScript source. Nothing moves: every line keeps its number.

import { transformSync } from '@swc/wasm-typescript';

/** Throws an error with the line in its message and its stack, as Node's own syntax errors have it. */
export function stripTypes(source: string, url: string): string {
  try {
    return transformSync(source, { mode: 'strip-only' }).code;
  } catch (problem) {
    const { message, startLine } = problem as { readonly message: string; readonly startLine?: number };
    const error = new SyntaxError(message);
    error.stack = `${url}:${startLine ?? 1}\n${error.stack}`;
    throw error;
  }
}
