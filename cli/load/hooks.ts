// Module hooks, registered when a model file is loaded: `raceproof/language` resolves to this package wherever the file
// lies, types of TypeScript are blanked out, which keeps line numbers, and tests of JavaScript are rewritten
// (conditions.ts).

import { access, readFile } from 'node:fs/promises';
import type { LoadHook, ResolveFnOutput, ResolveHook, ResolveHookContext } from 'node:module';
import { placed } from './placed.js';

const own = /^raceproof(\/|$)/;
const typescript = /\.m?ts$/;

/** The URL of the package's dist/. */
const packageUrl = new URL('../../', import.meta.url).href;
/** In a clone, the folder around it. */
const cloneUrl = new URL('../', packageUrl).href;
/** What a model shares with the checker. */
const shared = /^(models\/(language|kernel)|properties\/language)\//;

type Next = (specifier: string, context: ResolveHookContext) => ResolveFnOutput | Promise<ResolveFnOutput>;

export const resolve: ResolveHook = async (specifier, context, next) => {
  // `next` changes the context.
  const { parentURL } = context;
  try {
    const found = await find(specifier, context, next as Next);
    return { ...found, url: ownCopy(found.url) };
  } catch (error) {
    throw await atImport(error, specifier, parentURL);
  }
};

/**
 * A model of a clone imports the language by its path: that is the checker's own copy, not a second one. Of two copies
 * each has its own `irqs_off`, of which the other knows nothing.
 */
function ownCopy(url: string): string {
  if (!url.startsWith(cloneUrl) || url.startsWith(packageUrl)) return url;
  const path = url.slice(cloneUrl.length);
  return shared.test(path) ? `${packageUrl}${path.replace(typescript, '.js')}` : url;
}

async function find(specifier: string, context: ResolveHookContext, next: Next): Promise<ResolveFnOutput> {
  if (/\.json$/.test(specifier) && context.importAttributes['type'] !== 'json') {
    throw Object.assign(new Error(), { why: "importing JSON needs `with { type: 'json' }`" });
  }
  // A package may import itself by its name: resolve as if this file imported it.
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

/** The error, with the location of the import. */
async function atImport(error: unknown, specifier: string, importer = ''): Promise<unknown> {
  if (!(error instanceof Error) || !importer.startsWith('file:')) return error;
  const why = own.test(specifier)
    ? 'the package has raceproof/language, /kernel and /properties'
    : ((error as { readonly why?: string }).why ?? 'no such file');
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
