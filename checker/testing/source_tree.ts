// The repository for the tidy tests: its files, their imports, and the tables of ARCHITECTURE.md.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, importsOf } from './source_text.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Top-level folders of generated files and packages. */
const skipped = new Set(['node_modules', 'dist', 'coverage', '.git']);

/** All files of the repository, their paths relative to its root, in order. */
export function filesUnder(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => folder !== '' || !skipped.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path.split(sep).join('/')];
    })
    .sort();
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Without the contents of comments and strings. */
  readonly code: string;
  /** Of files of this repository: their paths. */
  readonly imports: readonly string[];
  /** Of packages and of Node's own modules: their names, without what follows a package's name. */
  readonly packages: readonly string[];
  /** A test, or a helper that only tests import. */
  readonly isTest: boolean;
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What the examples import as users do: the file of this repository that each name stands for. */
const doors: { readonly [name: string]: string } = {
  'raceproof/language': 'models/language/index.ts',
  'raceproof/kernel': 'models/kernel/index.ts',
  'raceproof/properties': 'properties/language/index.ts',
};
const ownFiles = new Set(Object.values(doors));

/** Every TypeScript and JavaScript file. */
export function sourceFiles(): readonly SourceFile[] {
  return filesUnder()
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => {
      const text = read(path);
      const all = importsOf(text).map((name) => doors[name] ?? name);
      return {
        path,
        text,
        code: codeOf(text),
        imports: [
          ...all.filter((name) => /^\..*\.[jt]s$/.test(name)).map((name) => resolve(path, name)),
          ...all.filter((name) => ownFiles.has(name)),
        ],
        packages: all.filter((name) => /^[@\w]/.test(name) && !ownFiles.has(name)).map(packageOf),
        isTest: path.endsWith('.test.ts') || path.includes('/testing/'),
      };
    });
}

/** The file of an import: `./a.js` is `a.ts` where that exists. */
function resolve(from: string, name: string): string {
  const path = normalize(join(dirname(from), name))
    .split(sep)
    .join('/');
  const source = path.replace(/\.js$/, '.ts');
  return existsSync(join(root, source)) ? source : path;
}

const packageOf = (name: string): string =>
  name.startsWith('node:')
    ? name
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');

/** Is the file in the folder, or equal to the file? */
export const isIn = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** The entry of a table that a file belongs to: the longest one that is a prefix of its path. */
export const entryOf = (path: string, entries: readonly string[]): string | undefined =>
  entries.filter((entry) => isIn(path, entry)).sort((a, b) => b.length - a.length)[0];

/** The import table of ARCHITECTURE.md: for each folder the folders that it may import from, without itself. */
export function importTable(): ReadonlyMap<string, readonly string[]> {
  const [, table] = /^## Import table\n[\s\S]*?^```\n([\s\S]*?)^```/m.exec(read('ARCHITECTURE.md')) ?? [];
  const lines = (table ?? '').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [folder = '', allowed = ''] = line.split(':');
      return [
        folder.trim(),
        allowed
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      ];
    }),
  );
}

/** The table of dependencies of ARCHITECTURE.md: for each package the folders or files that may import it. */
export function packageOwners(): ReadonlyMap<string, readonly string[]> {
  const [, table] = /^## Dependencies\n[\s\S]*?\n(\|[\s\S]*?)\n\n/m.exec(read('ARCHITECTURE.md')) ?? [];
  const rows = (table ?? '').split('\n').slice(2);
  return new Map(
    rows.flatMap((row) => {
      const [names = '', owners = ''] = row.split('|').slice(1);
      return quoted(names).map((name) => [name, quoted(owners)] as const);
    }),
  );
}

const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

/** A circle in a graph, as the names on it, or undefined. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
