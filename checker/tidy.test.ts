// Tidiness as tests: who may import whom, how long things are, what is never written. A rule worth having is a test.
// The tables stand in ARCHITECTURE.md, where people read them.

import { describe, expect, test } from 'vitest';
import { checkKindNames } from './decide/kinds.js';
import { classesOf, functionsOf } from './testing/source_text.js';
import {
  circleIn,
  entryOf,
  filesUnder,
  importTable,
  isIn,
  packageOwners,
  read,
  root,
  type SourceFile,
  sourceFiles,
} from './testing/source_tree.js';

const files = sourceFiles();
const sources = files.filter(({ isTest }) => !isTest);
const table = importTable();
const entries = [...table.keys()];

/** The lines of some files on which a pattern stands, as `path:line`. */
function linesWith(pattern: RegExp, among: readonly SourceFile[], of: 'code' | 'text' = 'code') {
  return among.flatMap((file) => {
    const lines = file[of].split('\n');
    return lines.flatMap((line, i) => (pattern.test(line) ? [`${file.path}:${i + 1}: ${line.trim()}`] : []));
  });
}

const isTestFile = (path: string): boolean => path.endsWith('.test.ts');

/** These files, and all that they import, straight or by way of others. */
function reachedFrom(paths: readonly string[]): ReadonlySet<string> {
  const reached = new Set(paths);
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports] as const));
  for (const path of reached) for (const to of importsOf.get(path) ?? []) reached.add(to);
  return reached;
}

/**
 * Functions that are longer than they should be, with the length that they have. A ratchet: none may be added, and
 * each may only shrink.
 */
const tooLong: { readonly [name: string]: number } = {};

/** Names of types that several files declare, and why. */
const declaredTwice: { readonly [name: string]: string } = {
  Arguments: 'each command has its own, and none leaves its file',
  Domain: 'of a variable of the language, and of the variable of the Program that it becomes',
  Expr: 'of the language, and of the Program that it becomes',
  FenceKind: 'of the language, of the Program, and of litmus tests',
  LoadOrder: 'of the language, and of the Program that it becomes',
  MemoryOperation: 'of the language, and of the Program that it becomes',
  StoreOrder: 'of the language, and of the Program that it becomes',
  Work: 'of a search, and what a workqueue does',
};

/** Module state that stays, and why. Everything else is handed on. */
const moduleState: { readonly [place: string]: string } = {
  'models/language/creation.ts watches':
    'who watches what a model creates: its words are called without a context',
  'checker/compiled/table/word_code.ts shared':
    'code by number of words, at most 16, made by V8 for all Programs at once',
  'cli/load/guard.ts writers': 'what it guards, the process, is one',
  'cli/load/guard.ts release': 'what it guards, the process, is one',
  'cli/linked.ts loaded': 'modules that are loaded, as Node itself keeps them',
  'cli/linked.ts scripts': 'modules that are loaded, as Node itself keeps them',
};

/** Values that are reached by name, not by an import: models by the registry, the gallery by its test. */
const readByName = /^models\/(?:examples|thp_truncate)\/|^properties\/thp_truncate/;

describe('imports', () => {
  test('go only where the import table of ARCHITECTURE.md lets them', () => {
    const wrong = sources.flatMap(({ path, imports }) => {
      const entry = entryOf(path, entries);
      return imports.flatMap((to) => {
        const target = entryOf(to, entries);
        if (entry === undefined || target === undefined || entry === target) return [];
        return table.get(entry)!.includes(target) ? [] : [`${path} imports ${to}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test('have a table with a row for every folder with sources, and for no other folder', () => {
    const unknown = sources.filter(({ path }) => path.includes('/') && entryOf(path, entries) === undefined);
    expect(unknown.map(({ path }) => path)).toEqual([]);
    const empty = entries.filter((entry) => !sources.some(({ path }) => isIn(path, entry)));
    expect(empty).toEqual([]);
    expect([...table.values()].flat().filter((entry) => !table.has(entry))).toEqual([]);
  });

  test('have a table without a circle', () => {
    expect(circleIn(table)).toBeUndefined();
  });

  test('form no circle between top-level folders', () => {
    // A race states its model and its properties in one file, so both folders are one layer.
    const top = (path: string) => path.split('/')[0]!.replace('properties', 'models');
    const between = new Map<string, string[]>();
    for (const { path, imports } of sources) {
      const others = imports.map(top).filter((to) => to !== top(path));
      between.set(top(path), [...(between.get(top(path)) ?? []), ...others]);
    }
    expect(circleIn(between)).toBeUndefined();
  });

  test('form no circle between files', () => {
    expect(circleIn(new Map(sources.map(({ path, imports }) => [path, imports])))).toBeUndefined();
  });

  test('never join the two engines', () => {
    const between = sources.flatMap(({ path, imports }) =>
      imports.filter(
        (to) =>
          (isIn(path, 'checker/reference') && isIn(to, 'checker/compiled')) ||
          (isIn(path, 'checker/compiled') && isIn(to, 'checker/reference')),
      ),
    );
    expect(between).toEqual([]);
  });

  test('of packages stand only where ARCHITECTURE.md names their owners', () => {
    const owners = packageOwners();
    const wrong = sources.flatMap(({ path, packages }) =>
      packages
        .filter(
          (name) => !(owners.get(name) ?? owners.get('node:*') ?? []).some((owner) => isIn(path, owner)),
        )
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('use every package of package.json, and ARCHITECTURE.md says why', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    const used = new Set(sources.flatMap(({ packages }) => packages));
    const owners = packageOwners();
    for (const name of Object.keys(dependencies)) {
      expect([name, used.has(name), owners.has(name)]).toEqual([name, true, true]);
    }
  });
});

describe('files', () => {
  test('are at most 400 lines long', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path)).toEqual([]);
  });

  test('have names in snake case', () => {
    const names = files.map(({ path }) => ({ path, name: path.split('/').at(-1)! }));
    expect(names.filter(({ name }) => !/^[a-z0-9_.]+$/.test(name))).toEqual([]);
  });

  test('open with one to five lines that say what they are', () => {
    const silent = files.filter(({ text }) => {
      const opening = /^(?:#!.*\n)?((?:\/\/.*\n)*)/.exec(text)![1]!;
      // An algorithm's worked example may follow, behind an empty comment line.
      const [about = ''] = opening.split(/^\/\/\n/m);
      const lines = about.split('\n').length - 1;
      return lines < 1 || lines > 5;
    });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('are all reached from an entry point, helpers of tests from tests', () => {
    const { exports, bin, scripts } = JSON.parse(read('package.json'));
    const named = JSON.stringify([exports, bin, scripts, read('.ci/run'), read('vitest.config.ts')]);
    const isNamed = (path: string) =>
      named.includes(path.replace(/\.ts$/, '')) || sources.some(({ text }) => text.includes(`'${path}'`));
    const product = reachedFrom(sources.map(({ path }) => path).filter(isNamed));
    const all = reachedFrom([...product, ...files.map(({ path }) => path).filter(isTestFile)]);
    const unused = files.filter(({ path, isTest }) => !(isTest ? all : product).has(path));
    const known = ['vitest.config.ts'];
    expect(unused.map(({ path }) => path)).toEqual(known);
  });

  test('name no path of the machine that they lie on', () => {
    const named = filesUnder().filter(
      (path) => /\.(?:ts|js|json|md|html)$/.test(path) && read(path).includes(root),
    );
    expect(named).toEqual([]);
  });
});

describe('code', () => {
  test('has functions of at most 60 lines, but for those that are listed', () => {
    const long = sources.flatMap(({ path, text }) =>
      functionsOf(text)
        .filter(({ lines }) => lines > 60)
        .map(({ name, lines }) => [`${path} ${name}`, lines] as const),
    );
    expect(Object.fromEntries(long)).toEqual(tooLong);
  });

  test('declares no type and no class twice, but for those that are listed', () => {
    const declaration = /^(?:export )?(?:default |abstract |declare )?(?:interface|type|class|enum) (\w+)/gm;
    const declared = new Map<string, Set<string>>();
    for (const { path, code } of sources) {
      for (const [, name] of code.matchAll(declaration)) {
        declared.set(name!, new Set([...(declared.get(name!) ?? []), path]));
      }
    }
    const twice = [...declared].filter(([name, { size }]) => size > 1 && !(name in declaredTwice));
    expect(twice.map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)).toEqual([]);
    expect(Object.keys(declaredTwice).filter((name) => (declared.get(name)?.size ?? 0) < 2)).toEqual([]);
    expect(declared.size).toBeGreaterThan(300);
  });

  test('has classes of at most 150 lines, but for those that give a reason', () => {
    const long = sources.flatMap(({ path, text }) =>
      classesOf(text)
        .filter(({ lines, about }) => lines > 150 && !about.includes('Long, since'))
        .map(({ name, lines }) => `${path} ${name}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  test('keeps no state in modules, but for what is listed with its reason', () => {
    const typed = sources.filter(({ path }) => path.endsWith('.ts'));
    const kept = typed.flatMap(({ path, code }) =>
      [
        ...code.matchAll(/^(?:export )?let (\w+)/gm),
        ...code.matchAll(/^(?:export )?const (\w+) = (?:new (?:Weak)?(?:Map|Set)\b|\[\];)/gm),
        ...code.matchAll(/^(?:export )?const (\w+): (?!readonly|ReadonlyMap|ReadonlySet)[^=\n]*\[\] = /gm),
      ].map(([, name]) => `${path} ${name}`),
    );
    expect(kept.sort()).toEqual(Object.keys(moduleState).sort());
  });

  test('exports no value that no other file reads', () => {
    const words = new Map(files.map(({ path, code }) => [path, new Set(code.match(/[\w$]+/g))] as const));
    const unread = sources
      .filter(({ path }) => !readByName.test(path))
      .flatMap(({ path, code }) =>
        [...code.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)]
          .map(([, name]) => name!)
          .filter((name) => ![...words].some(([other, own]) => other !== path && own.has(name)))
          .map((name) => `${path} ${name}`),
      );
    expect(unread).toEqual([]);
  });

  test('leaves nothing to be done later', () => {
    const marks = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    expect(linesWith(marks, files, 'text')).toEqual([]);
  });

  test('compares kinds of checks only in checker/decide', () => {
    const kinds = `'(?:${checkKindNames.join('|')})'`;
    const compared = new RegExp(`\\b(?:kind|expectation)\\)? (?:[!=]==) ${kinds}|\\bcase ${kinds}:`);
    // Formulas have operators of the same names, and what a property states is not a check yet.
    const others = ['checker/decide', 'checker/property', 'properties'];
    const asking = sources.filter(({ path }) => !others.some((folder) => isIn(path, folder)));
    const questions = /\bcase '(?:deadlock|domain)':/;
    expect(linesWith(compared, asking).filter((line) => !questions.test(line))).toEqual([]);
  });

  test('of the checker speaks no kernel word', () => {
    const words = [
      'pmd',
      'mmap',
      'munmap',
      'rmap',
      'mapcount',
      'vma',
      'thp',
      'tlb',
      'folio',
      'rcu',
      'lockdep',
    ];
    const kernel = new RegExp(
      `(?:^|[^a-z])(?:${words.join('|')}|truncate_|spin_?lock|mutex|rwsem)(?:[^a-z]|$)`,
      'i',
    );
    const ofChecker = sources.filter(({ path }) => isIn(path, 'checker'));
    expect(linesWith(kernel, ofChecker)).toEqual([]);
  });

  test('below the command line reads no clock, no chance, no environment and no terminal', () => {
    const outside =
      /\bMath\.random\b|\bDate\b|\bperformance\.|\bprocess\.(?:env|argv|std|exit|cwd|hr)|\bconsole\.|\bset(?:Timeout|Interval)\(/;
    const inside = sources.filter(({ path }) =>
      /^(?:checker|models|properties|counterexamples|comparison|litmus)\//.test(path),
    );
    expect(linesWith(outside, inside)).toEqual([]);
  });

  test('of models and properties joins no conditions with operators of JavaScript', () => {
    const operators = /&&|\|\||[=!]==|\s\?\s|!(?=[\w(])/;
    // Manifests and figures are plain JavaScript, and so is a first value by the index of an array.
    const isPlain = (line: string) => /\bstartsAs\(|^[\w/]+\/(?:manifest|published)\.ts:/.test(line);
    const inModels =
      /^(?:models\/(?!language|kernel)\w+|properties(?!\/language|\/automaton)(?:\/\w+)?)\/\w+\.ts$/;
    const wrong = linesWith(
      operators,
      sources.filter(({ path }) => inModels.test(path)),
    );
    expect(wrong.filter((line) => !isPlain(line))).toEqual([]);
  });
});

describe('prose', () => {
  test('of code, tests and documents prints, reports, explains and distinguishes, and does not tell', () => {
    // In the model of atomic commitment a coordinator does tell the participants.
    const prose = filesUnder().filter(
      (path) =>
        /\.(?:[jt]s|md)$/.test(path) &&
        !/^(?:models|properties)\/examples\/atomic_commitment\.ts$|^checker\/tidy\.test\.ts$/.test(path),
    );
    const wrong = prose.filter((path) => /\b(?:tells?|told|telling)\b/i.test(read(path)));
    expect(wrong).toEqual([]);
  });
});

describe('documents', () => {
  const documents = filesUnder().filter((path) => path.endsWith('.md'));

  test('have one title each, and it comes first', () => {
    const wrong = documents.filter((path) => {
      const prose = read(path).replace(/^```[\s\S]*?^```/gm, '');
      return !prose.startsWith('# ') || prose.match(/^# /gm)!.length > 1;
    });
    expect(wrong).toEqual([]);
  });

  test('link only to files that are there', () => {
    const known = new Set(filesUnder());
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, to]) => new URL(to!, `file:///${path}`).pathname.slice(1))
        .filter((to) => !known.has(to) && ![...known].some((file) => isIn(file, to.replace(/\/$/, ''))))
        .map((to) => `${path}: ${to}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('tests', () => {
  test('have names that say what is so', () => {
    const names = files
      .filter(({ path }) => path.endsWith('.test.ts'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^\s*test\(\s*(['"`])(.*?)\1,/gm)].map(([, , name]) => ({ path, name: name! })),
      );
    const weak = names.filter(({ name }) => /^should\b|\.$/.test(name) || name.split(/\s+/).length < 3);
    expect(names.length).toBeGreaterThan(300);
    expect(weak.filter(({ name }) => !name.includes('${'))).toEqual([]);
  });

  test('skip nothing, and single nothing out', () => {
    expect(linesWith(/\b(?:test|describe|it)\.(?:only|skip|todo|fails)\b/, files)).toEqual([]);
  });
});
