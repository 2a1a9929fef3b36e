// What a small check loads: most of its time goes into that, so what it does not need must wait until somebody asks.

import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folder, packageCopy, raceproof } from './testing/command.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const linked = readdirSync(join(root, 'dist/cli')).filter((name) => name.endsWith('.cjs'));
const read = (file: string): string => readFileSync(join(root, 'dist/cli', file), 'utf8');

const moduleOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** Writes every module that is loaded to stderr. */
const hooks = moduleOf(`
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => {
    if (url.startsWith('file:')) writeSync(2, url + '\\n');
    return next(url, context);
  };
`);
/** And every linked file that is read. */
const withReads = moduleOf(`
  import fs from 'node:fs';
  import { register, syncBuiltinESMExports } from 'node:module';
  register(${JSON.stringify(hooks)});
  const { readFileSync } = fs;
  fs.readFileSync = (file, ...more) => {
    if (String(file).endsWith('.cjs')) fs.writeSync(2, 'file://' + file + '\\n');
    return readFileSync(file, ...more);
  };
  syncBuiltinESMExports();
`);

/** The files that a command loads: those of dist/ by their paths in it, those of packages by theirs. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await raceproof(args, { env: { NODE_OPTIONS: `--import=${withReads}` } });
  return [...stderr.matchAll(/^file:.*?\/(?:dist|node_modules)\/(.*)$/gm)].map(([, path]) => path!).sort();
}

/** What `check increment` needs. */
const needed = [
  'cli/check.cjs',
  'cli/command_line.cjs',
  'cli/common.cjs',
  'cli/linked.js',
  'cli/main.js',
  'cli/rolldown-runtime.cjs',
  'cli/thread.cjs',
  'models/examples/increment.js',
  'models/language/index.js',
  'models/registry.js',
  'properties/language/index.js',
  'properties/language/temporal.js',
  'properties/registry.js',
];

test('a check loads its own model alone, and the parser of options only for options', async () => {
  expect(await loadedBy('check', 'increment')).toEqual(needed);
  const withOption = await loadedBy('check', 'increment', '--stats');
  expect(withOption).toEqual([...needed, 'cli/yargs.cjs'].sort());
});

test('exporters, pages and liveness lie in files of their own, which are loaded for those who ask', async () => {
  for (const name of ['renderHtml', 'livenessOf']) {
    const holding = linked.filter((file) => new RegExp(`^function\\*? ${name}\\(`, 'm').test(read(file)));
    expect(holding).toHaveLength(1);
    expect(needed).not.toContain(`cli/${holding[0]}`);
  }
  expect(needed).not.toContain('cli/export.cjs');
  expect(await loadedBy('export', 'increment', '--to=murphi')).toContain('cli/export.cjs');
});

test('every linked file runs with the code that was compiled of it when it was built', async () => {
  expect(linked).toContain('check.cjs');
  const asking = folder({
    'ask.mjs': `
      import { load, scripts } from ${JSON.stringify(join(root, 'dist/cli/linked.js'))};
      for (const name of ${JSON.stringify(linked)}) load('./' + name);
      console.log([...scripts.values()].map((script) => script.cachedDataRejected).join());
    `,
  });
  const { stdout } = await raceproof([], { main: join(asking.path, 'ask.mjs') });
  asking.remove();
  expect(stdout.trim().split(',')).toEqual(linked.map(() => 'false'));
});

test('compiled code does not contain the path where it was compiled', () => {
  const code = join(root, 'dist/cli/code');
  const naming = readdirSync(code).filter((name) => readFileSync(join(code, name)).includes(root));
  expect(naming).toEqual([]);
});

test('compiled code that is cut off, damaged or not there changes nothing', async () => {
  const copy = packageCopy();
  const code = join(copy.path, 'dist/cli/code');
  const expected = await raceproof(['check', 'increment']);
  const wrong: readonly ((content: Buffer) => Buffer)[] = [
    (content) => content.subarray(0, content.length / 2),
    (content) => content.map((byte, i) => (i % 100 === 99 ? byte ^ 1 : byte)) as Buffer,
    () => Buffer.alloc(0),
  ];
  for (const spoil of wrong) {
    for (const name of readdirSync(code)) {
      writeFileSync(join(code, name), spoil(readFileSync(join(root, 'dist/cli/code', name))));
    }
    expect(await raceproof(['check', 'increment'], { main: copy.main })).toEqual(expected);
  }
  copy.remove();
});

describe('a published package, which has no compiled code', () => {
  /** A package without compiled code, and a cache folder of its own. */
  function published() {
    const copy = packageCopy();
    rmSync(join(copy.path, 'dist/cli/code'), { recursive: true });
    const cache = folder({});
    const code = join(cache.path, 'raceproof/code');
    const check = (env: { readonly [name: string]: string } = {}) =>
      raceproof(['check', 'increment'], { main: copy.main, env: { XDG_CACHE_HOME: cache.path, ...env } });
    const remove = () => {
      copy.remove();
      cache.remove();
    };
    return { ...{ copy, code, cache, check, remove } };
  }

  test('keeps what the first command compiled, and the next runs it', async () => {
    const { copy, code, cache, check, remove } = published();
    const expected = await raceproof(['check', 'increment']);
    expect(await check()).toEqual(expected);
    const kept = readdirSync(code).sort();
    expect(kept).toHaveLength(needed.filter((name) => name.endsWith('.cjs')).length);
    const before = kept.map((name) => statSync(join(code, name)).mtimeMs);
    expect(await check()).toEqual(expected);
    expect(readdirSync(code).sort()).toEqual(kept);
    expect(kept.map((name) => statSync(join(code, name)).mtimeMs)).toEqual(before);
    const asking = join(copy.path, 'dist/cli/ask.mjs');
    writeFileSync(
      asking,
      `import { load, scripts } from './linked.js';
      load('./check.cjs');
      console.log([...scripts.values()].map((script) => script.cachedDataRejected).join());`,
    );
    const { stdout } = await raceproof([], { main: asking, env: { XDG_CACHE_HOME: cache.path } });
    expect(new Set(stdout.trim().split(','))).toEqual(new Set(['false']));
    remove();
  });

  test('compiles again, and keeps it, where kept code is damaged, cut off or from another build of V8', async () => {
    const { code, check, remove } = published();
    const expected = await check();
    const whole = new Map(readdirSync(code).map((name) => [name, readFileSync(join(code, name))]));
    // The flags that V8 was started with are a part of what it compares.
    const spoilt: readonly ((content: Buffer) => Buffer)[] = [
      (content) => content.subarray(0, content.length / 2),
      (content) => content.map((byte, i) => (i % 100 === 99 ? byte ^ 1 : byte)) as Buffer,
      () => Buffer.alloc(0),
    ];
    for (const spoil of spoilt) {
      for (const [name, content] of whole) writeFileSync(join(code, name), spoil(content));
      expect(await check()).toEqual(expected);
      for (const name of whole.keys()) {
        expect(readFileSync(join(code, name)).length).toBeGreaterThan(whole.get(name)!.length / 2);
      }
    }
    expect(await check({ NODE_OPTIONS: '--interpreted-frames-native-stack' })).toEqual(expected);
    remove();
  });

  test('runs where nothing can be kept, and where nothing shall be', async () => {
    const { cache, check, remove } = published();
    const expected = await raceproof(['check', 'increment']);
    expect(await check({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(expected);
    expect(readdirSync(cache.path)).toEqual([]);
    // A file where the folder would be.
    writeFileSync(join(cache.path, 'raceproof'), '');
    expect(await check()).toEqual(expected);
    remove();
  });

  test('removes code that was kept long ago', async () => {
    const { code, check, remove } = published();
    await check();
    writeFileSync(join(code, readdirSync(code)[0]!), '');
    const old = join(code, '0123456789abcdef-v18.0.0');
    writeFileSync(old, '');
    utimesSync(old, 0, 0);
    await check();
    expect(existsSync(old)).toBe(false);
    remove();
  });
});

test('whoever only wants help loads no checker and no model', async () => {
  const loaded = await loadedBy('check', '--help');
  expect(loaded).toContain('cli/command_line.cjs');
  expect(
    loaded.filter((path) => /check\.cjs|^(models|properties)\/(examples|thp)|^yargs/.test(path)),
  ).toEqual([]);
});
