// What TypeScript finds wrong in a model's file, where it is installed beside the file. The compiler is a process of its
// own, which runs while the file is loaded.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../../models/language/index.js';
import { type TypeProblem, TypesRefused } from '../errors.js';
import { isRunning } from '../is_running.js';
import { packageUrl } from '../package.js';
import type { Stop } from '../stop.js';

/** Of one compilation: the errors in the model's files, or why its types are not known. */
export type TypesFound =
  | { readonly errors: readonly TypeProblem[]; readonly unknown?: undefined }
  | { readonly errors: readonly []; readonly unknown: string };

/**
 * What `work` returns. Throws a TypesRefused if TypeScript finds errors in the file, with what `work` threw of the model.
 * Files of JavaScript have no types, and where no TypeScript is installed nothing is asked. `note` is given the reason
 * where the types are not known.
 */
export async function whileTyped<T>(
  name: string,
  stop: Stop,
  work: () => Promise<T>,
  note: (text: string) => void,
): Promise<T> {
  const compiling = compile(resolve(name));
  if (compiling === undefined) return work();
  try {
    const [done] = await Promise.allSettled([work()]);
    if (done.status === 'rejected' && !(done.reason instanceof ModelError)) throw done.reason;
    const { errors, unknown } = await stop.wait(`the types of ${name} were checked`, () => compiling.found);
    if (errors.length > 0) {
      throw new TypesRefused(errors, done.status === 'rejected' ? done.reason : undefined);
    }
    if (done.status === 'rejected') throw done.reason;
    if (unknown !== undefined) note(`the types of ${name} were not checked: ${unknown}`);
    return done.value;
  } finally {
    compiling.end();
  }
}

interface Compiling {
  readonly found: Promise<TypesFound>;
  /** Ends the compiler, if it still runs, and removes what was written for it. */
  readonly end: () => void;
}

/** Starts the compiler that is installed for this file; undefined if there is none, or nothing to compile. */
function compile(file: string): Compiling | undefined {
  if (!/\.m?ts$/.test(file) || !existsSync(file)) return undefined;
  const modules = foldersAbove(file).map((folder) => join(folder, 'node_modules'));
  const typescript = modules.map((folder) => join(folder, 'typescript')).find(compilerOf);
  if (typescript === undefined) return undefined;
  const folder = aside(dirname(typescript));
  const project = join(folder, 'tsconfig.json');
  writeFileSync(project, JSON.stringify(configOf(file, modules)));
  const args = [compilerOf(typescript)!, '--project', project, '--pretty', 'false'];
  const compiler = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return {
    found: textOf(compiler).then((text) => foundIn(text, compiler.exitCode)),
    end: () => {
      compiler.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const foldersAbove = (file: string): readonly string[] => {
  const folder = dirname(file);
  return folder === file ? [] : [folder, ...foldersAbove(folder)];
};

/** The compiler of an installed TypeScript, a program for Node. */
function compilerOf(typescript: string): string | undefined {
  const about = join(typescript, 'package.json');
  if (!existsSync(about)) return undefined;
  const { bin }: { readonly bin?: { readonly tsc?: string } } = JSON.parse(readFileSync(about, 'utf8'));
  return bin?.tsc === undefined ? undefined : join(typescript, bin.tsc);
}

const asideName = '.raceproof-types-';

/**
 * A new folder for the compiler's options. It looks for the types that a project asks for above them, so they lie in the
 * project, where no editor looks.
 */
function aside(modules: string): string {
  try {
    removeLeft(modules);
    return mkdtempSync(join(modules, `${asideName}${process.pid}-`));
  } catch {
    return mkdtempSync(join(tmpdir(), 'raceproof-types-'));
  }
}

/** Removes what checks that were killed have left. */
function removeLeft(modules: string): void {
  for (const name of readdirSync(modules)) {
    const [, pid] = name.startsWith(asideName) ? (/-(\d+)-\w+$/.exec(name) ?? []) : [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      rmSync(join(modules, name), { recursive: true, force: true });
    }
  }
}

/** Where a project says nothing else: a model's file is a module, wherever it lies. */
const defaults = {
  target: 'es2023',
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  allowJs: true,
  allowImportingTsExtensions: true,
} as const;

/** Whatever a project says: nothing is written, and only the files of the model count. */
const always = {
  noEmit: true,
  skipLibCheck: true,
  ...{ composite: false, incremental: false, declaration: false, emitDeclarationOnly: false },
  ...{ outDir: null, rootDir: null, tsBuildInfoFile: null },
  // What is unused is no error of types, and raceproof says it where it matters.
  ...{ noUnusedLocals: false, noUnusedParameters: false },
} as const;

function configOf(file: string, modules: readonly string[]): object {
  const own = foldersAbove(file)
    .map((folder) => join(folder, 'tsconfig.json'))
    .find(existsSync);
  const isInstalled = modules.some((folder) => existsSync(join(folder, 'raceproof')));
  return {
    ...(own !== undefined && { extends: own }),
    compilerOptions: {
      ...(own === undefined && defaults),
      ...always,
      ...(!isInstalled && { paths: ownTypes() }),
    },
    files: [file],
    include: [],
    references: [],
  };
}

/** The types of this package, for a file that has none installed: it is loaded with this package, too. */
const ownTypes = () =>
  Object.fromEntries(
    [
      ['language', 'models/language'],
      ['kernel', 'models/kernel'],
      ['properties', 'properties/language'],
    ].map(([name, folder]) => [
      `raceproof/${name}`,
      [fileURLToPath(new URL(`${folder}/index.d.ts`, packageUrl))],
    ]),
  );

async function textOf(compiler: ChildProcess): Promise<string> {
  let text = '';
  compiler.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await new Promise<void>((done) => {
    compiler.once('close', () => done()).once('error', () => done());
  });
  return text;
}

/**
 * Errors of what is not there: a package, its types, the types of Node. What depends on it has no type then, and so
 * errors that are none.
 */
const missing: ReadonlySet<number> = new Set([2307, 2580, 2584, 2591, 2688, 2792, 7016]);

/** Reads what the compiler printed. */
export function foundIn(text: string, status: number | null): TypesFound {
  const reports = text
    .split(/\n(?!\s)/)
    .map((report) => /^(?:(.+?)\((\d+),(\d+)\): )?error TS(\d+): (.*)$/s.exec(report.trimEnd()))
    .filter((match) => match !== null)
    .map(([, file, line, column, code, message]) => ({
      ...{ file: file === undefined ? undefined : resolve(file), line: Number(line), column: Number(column) },
      ...{ code: Number(code), message: message! },
    }));
  const first = reports.find(({ code, file }) => missing.has(code) || !isOfModel(file));
  if (first !== undefined) return { errors: [], unknown: first.message };
  if (reports.length === 0 && status !== 0) return { errors: [], unknown: 'the compiler failed' };
  return { errors: reports.map((report) => ({ ...report, file: report.file! })) };
}

const own = fileURLToPath(packageUrl);

/** Is it a file of the model, and not the project's options, a package, or this one? */
const isOfModel = (file: string | undefined): boolean =>
  file !== undefined &&
  /\.m?[jt]s$/.test(file) &&
  !/[\\/]node_modules[\\/]/.test(file) &&
  !(existsSync(file) ? realpathSync(file) : file).startsWith(own);
