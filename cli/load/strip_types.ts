// Blanks out the types of a TypeScript source. Line numbers do not change.

import { transformSync } from '@swc/wasm-typescript';
import { placed } from './placed.js';

/** Throws a SyntaxError with its line. JavaScript is returned unchanged, or refused in the same way. */
export function stripTypes(source: string, url: string): string {
  try {
    return transformSync(source, { mode: 'strip-only' }).code;
  } catch (problem) {
    const { message, startLine } = problem as { readonly message: string; readonly startLine?: number };
    // The list of expected tokens is too long to be useful.
    const error = new SyntaxError(message.replace(/\. Expected .*$/s, ''));
    throw placed(error, url, startLine ?? 1);
  }
}
