// Module hooks for model files, registered only when one is loaded: `raceproof/language` means this very package,
// wherever the file lies, and TypeScript has its types blanked out, which keeps its lines.

import { access, readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

const own = /^raceproof(\/|$)/;
const typescript = /\.m?ts$/;

export const resolve: ResolveHook = async (specifier, context, next) => {
  // A package may import itself by its name: ask on behalf of this file.
  if (own.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
  const { parentURL = '' } = context;
  if (!typescript.test(parentURL) || !/^\.\.?\/.*\.m?js$/.test(specifier)) return next(specifier, context);
  // TypeScript writes './state.js' for './state.ts'.
  const source = specifier.replace(/js$/, 'ts');
  const isThere = await access(new URL(source, parentURL)).then(
    () => true,
    () => false,
  );
  return next(isThere ? source : specifier, context);
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !typescript.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  const { stripTypes } = await import('./strip-types.js');
  return { format: 'module', source: stripTypes(await readFile(file, 'utf8'), url), shortCircuit: true };
};
