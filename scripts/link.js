// Links the modules of the checker and the command line into few files, which cli/linked.ts runs, and what models import
// into one file a folder; and the explorer's engine into one script for browsers. Models and their properties stay a file each: their file and line come out of stacks.

import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** What models import; in its own folder, since stacks are read past these folders. */
const doors = ['models/language/index', 'properties/language/index', 'properties/language/temporal'];
/** The rest begins here. */
const entries = { 'cli/command_line': 'cli/command_line', 'cli/api': 'api/main' };
/** Beside the models: what loads linked files, and what Node's threads for module hooks load. */
const alone = [
  'cli/main.ts',
  'cli/linked.ts',
  'cli/load/hooks.ts',
  'cli/load/conditions.ts',
  'cli/load/placed.ts',
  'cli/load/strip_types.ts',
  'cli/load/trial_thread.ts',
  'cli/parallel/orphan_thread.ts',
];

/** The linked file that others load not when they begin, but where they first use an export of it. */
const late = 'width';

/** What checker/compiled/workers/wasm_thread.ts hands to the threads of a search. */
const threadCode = /checker\/compiled\/(?:workers\/(?:wasm_thread|chunk_mailbox)|search\/orbit_sorter)\.ts$/;

/** Does the module with this path have a file to itself in dist/? */
export const staysAlone = (path) =>
  alone.includes(path) || /^(models|properties)\/(?!language\/|automaton\/)/.test(path);

/** All linked files, their texts by their paths in dist/. */
export async function link(root) {
  const language = await bundle(root, Object.fromEntries(doors.map((name) => [name, name])), {
    isApart: (name, importer) => dirname(name) !== dirname(importer),
    output: { format: 'esm' },
  });
  const checker = await bundle(root, entries, {
    isApart: (name) => doors.includes(name) || staysAlone(`${name}.ts`),
    output: {
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'cli/[name].cjs',
      codeSplitting: {
        groups: [
          // Threads start from the text of this code, whose names stay as they are in a file of their own.
          { name: 'thread', test: threadCode, priority: 2 },
          { name: 'common', test: /cli\/command_line\.ts$/, priority: 1 },
          { name: 'check', test: /cli\/commands\/check\.ts$/ },
          { name: 'yargs', test: /node_modules\/yargs/ },
          // Its expressions over all of Unicode take V8 longer than a small check: see `late`.
          { name: 'width', test: /node_modules\/string-width/, priority: 3 },
        ],
      },
    },
  });
  const texts = [...language, ...checker].map(({ fileName, code }) => [fileName, code]);
  const scripts = texts.map(([path, code]) => [path, path.endsWith('.cjs') ? scriptOf(path, code) : code]);
  const [explorer] = await bundle(
    root,
    { 'explorer/engine': 'explorer/engine' },
    {
      isApart: () => false,
      platform: 'browser',
      output: { format: 'iife', name: 'raceproofEngine', minify: true },
    },
  );
  return new Map([...scripts, ['api/main.js', packageExports(checker)], [explorer.fileName, explorer.code]]);
}

async function bundle(root, entries, { isApart, output, platform = 'node' }) {
  const nameOf = (file) => file.slice(root.length).replace(/\.[jt]s$/, '');
  const resolveId = (specifier, importer) => {
    if (!importer?.endsWith('.ts') || !specifier.startsWith('.')) return null;
    const name = nameOf(resolve(dirname(importer), specifier));
    return isApart(name, nameOf(importer))
      ? { id: join(root, `${name}.js`), external: 'relative' }
      : join(root, `${name}.ts`);
  };
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([to, name]) => [to, join(root, `${name}.ts`)])),
    platform,
    resolve: { mainFields: ['module', 'main'] },
    external: [/^node:/],
    // Of packages only what is used: of yargs, its parser.
    treeshake: { moduleSideEffects: [{ test: /node_modules/, sideEffects: false }] },
    // What a command line imports late lies in chunks of its own by codeSplitting, whoever else imports it.
    checks: { ineffectiveDynamicImport: false },
    plugins: [{ name: 'sources', resolveId }],
  });
  const { output: files } = await build.generate(output);
  await build.close();
  return files;
}

/** A script for cli/linked.ts. Its first line stands for it, so that compiled code is never taken for another's. */
function scriptOf(path, code) {
  const body = code
    .replace(/[\u0080-\uffff]/g, escaped)
    .replace(/\bimport\(/g, 'importModule(')
    .replace(new RegExp(`^const require_${late} = .*$`, 'm'), '')
    .replaceAll(`require_${late}.`, `require("./${late}.cjs").`);
  const digest = createHash('sha256').update(path).update(body).digest('hex').slice(0, 16);
  return `// ${digest}\n(function (exports, require, __filename, importModule) {${body}\n})\n`;
}

/** A character as an escape: V8 reads and keeps a text of ASCII alone in half the time and space. */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The package's main export: the same code that the command uses. */
function packageExports(files) {
  const { exports } = files.find(({ fileName }) => fileName === 'cli/api.cjs');
  return `import { load } from '../cli/linked.js';\nexport const { ${exports.join(', ')} } = load('./api.cjs');\n`;
}
