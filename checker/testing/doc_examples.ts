// The line `Example:` in the doc comments of exported functions, for tests that evaluate it.

import { filesUnder, read } from './source_tree.js';

/** An example, and the exported name that it belongs to. */
export interface DocExample {
  readonly name: string;
  readonly code: string;
}

/** The examples in the files whose paths match, in the order of the files. */
export const examplesIn = (paths: RegExp): readonly DocExample[] =>
  filesUnder()
    .filter((path) => paths.test(path))
    .flatMap((path) =>
      [...read(path).matchAll(documented)].flatMap(([, comment = '', name = '']) => {
        const code = /Example: (`+)(.*?)\1(?: \*\/)?$/m.exec(comment.trimEnd())?.[2];
        return code === undefined ? [] : [{ name, code }];
      }),
    );

/** A doc comment, and the name that is exported below it. */
const documented = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?(?:const|function) (?:\{ )?(\w+)/g;

/** The value of an example over names, or a promise of it; an example that declares something has none. */
export function evaluated(code: string, names: { readonly [name: string]: unknown }): unknown {
  // TypeScript's `!` behind a value.
  const script = code.replace(/(?<=[\])\w])!(?=[.),])/g, '');
  const body = script.startsWith('const ') ? `{ ${script} }` : `return (${script});`;
  const Made = script.includes('await') ? AsyncFunction : Function;
  return new Made(...Object.keys(names), body)(...Object.values(names));
}

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
