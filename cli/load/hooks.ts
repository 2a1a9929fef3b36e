// Module hooks for model files, registered only when one is loaded: `raceproof/language` means this very package,
// wherever the file lies, and TypeScript has its types blanked out, which keeps its lines. Where JavaScript tests a value,
// the source is made to see that it is no expression of the model.

import { access, readFile } from 'node:fs/promises';
import type { LoadHook, ResolveFnOutput, ResolveHook, ResolveHookContext } from 'node:module';
import { placed } from './placed.js';

const own = /^raceproof(\/|$)/;
const typescript = /\.m?ts$/;

/** Where the package lies: the folder of dist/. */
const packageUrl = new URL('../../', import.meta.url).href;

type Next = (specifier: string, context: ResolveHookContext) => ResolveFnOutput | Promise<ResolveFnOutput>;

export const resolve: ResolveHook = async (specifier, context, next) => {
  // Asking on changes the context.
  const { parentURL } = context;
  try {
    return await find(specifier, context, next as Next);
  } catch (error) {
    throw await atImport(error, specifier, parentURL);
  }
};

async function find(specifier: string, context: ResolveHookContext, next: Next): Promise<ResolveFnOutput> {
  if (/\.json$/.test(specifier) && context.importAttributes['type'] !== 'json') {
    throw Object.assign(new Error(), { why: "JSON needs `with { type: 'json' }` behind it" });
  }
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
}

/** The error, placed on the line that imports. */
async function atImport(error: unknown, specifier: string, importer = ''): Promise<unknown> {
  if (!(error instanceof Error) || !importer.startsWith('file:')) return error;
  const why = own.test(specifier)
    ? 'there are raceproof/language, /kernel and /properties'
    : ((error as { readonly why?: string }).why ?? 'nothing is there');
  const problem = new Error(`cannot import '${specifier}': ${why}`, { cause: error });
  const source = await readFile(new URL(importer), 'utf8').catch(() => '');
  const lines = source.split('\n');
  const at = lines.findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`));
  return placed(problem, importer, at + 1);
}

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || url.startsWith(packageUrl) || url.includes('/node_modules/')) {
    return next(url, context);
  }
  const isTypescript = typescript.test(url);
  if (!isTypescript && !/\.m?js$/.test(url)) return next(url, context);
  const source = await readFile(new URL(url), 'utf8');
  const { isModule, watchTests } = await import('./conditions.js');
  if (isTypescript) {
    const { stripTypes } = await import('./strip_types.js');
    return { format: 'module', source: watchTests(stripTypes(source, url), url), shortCircuit: true };
  }
  if (context.format === 'commonjs' && !isModule(source)) return next(url, context);
  return { format: 'module', source: watchTests(source, url), shortCircuit: true };
};
