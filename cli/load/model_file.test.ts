// Models that are somebody's files: whatever they do beside their model, the answer is right and the command ends; what
// is wrong in them is reported in one line with its place; what is hardly meant is noted.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder, raceproof } from '../testing/command.js';

const head = `import { actor, actors, bool, config, If, ifElse, int, model, not, oneOf, procedure, shared, source, unused, when } from 'raceproof/language';
import { spinlock, spin_lock } from 'raceproof/kernel';
import { always, never, sometimes } from 'raceproof/properties';
const c = source('x.c');
const state = shared({ n: int(0, 3), flag: bool(), pmd: oneOf('huge', 'none'), lock: spinlock() });
const { n, flag, pmd, lock } = state;`;
const properties = `export const properties = { ok: always(n.le(3).or(flag).or(pmd.is('none')).or(lock.isFree())) };`;
/** Lines from 7 on are the model's own. */
const withStep = (step: string, more = '') => `${head}
const P = procedure('P', () => ({ ${step} }));
export { mine as model };
const mine = model('mine', { about: 'x', state, actors: [actor('p', P)] });
${properties}${more}
`;
const beside = (does: string) => withStep('one: c`n = 1`(n.set(1))', `\n${does}`);

const files = folder({
  'exit.ts': beside('process.exit(0);'),
  'kill.ts': beside('process.kill(process.pid);'),
  'status.ts': beside('process.exitCode = 14;'),
  'never.ts': beside('await new Promise(() => {});'),
  'busy.ts': beside('for (;;);'),
  'interval.ts': beside('setInterval(() => {}, 1000);'),
  'onexit.ts': beside("process.on('exit', () => { process.exitCode = 14; });"),
  'late.ts': beside('queueMicrotask(() => { throw new Error("late"); });'),
  'later.ts': `${withStep('one: c`n = 1`(n.set(1))')}await new Promise((done) => { setTimeout(done, 50); setTimeout(() => { throw 'text'; }, 1); });\n`,
  'rejects.ts': beside('Promise.reject(new Error("rejected"));'),
  'logs.ts': beside('console.log("hello"); process.stdout.write("and more\\n");'),
  'throws_text.ts': "const a: number = 1;\nthrow 'a text';\n",
  'throws_nothing.ts': '\n\nthrow undefined;\n',
  'twice.ts': 'const a = 1;\nconst a = 2;\n',
  'decorated.ts': 'const d = (x: unknown) => x;\n@d\nclass K {}\n',
  'json.ts': "\nimport data from './data.json';\n",
  'data.json': '{ "schema": 1 }',
  'json_with.ts': `import data from './data.json' with { type: 'json' };\n${withStep('one: c`n = 1`(n.set(data.schema))')}`,
  'README.md': '# hello\n',
  'model.tsx': '',
  'model.cts': '',
  'plain.js': "const { model } = require('raceproof/language');\nexports.model = model;\n",
  'and.ts': withStep('one: If(flag && n.eq(0), {})'),
  'or.ts': withStep('one: If(n.eq(0) || flag, {})'),
  'not.ts': withStep('one: If(!flag, {})'),
  'ternary.ts': withStep('one: c`x`(flag ? n.set(1) : n.set(2))'),
  'if.ts': withStep('one: c`x`()', '\nif (flag) console.log();'),
  'strict.ts': withStep('one: If(n === 1, {})'),
  'lock.ts': withStep('one: If(lock, {})'),
  'dropped.ts': withStep('one: c`x`(n.set(1)), two: [n.eq(1), c`y`()][1]'),
  'outside.ts': withStep('one: c`x`(n.set(1))', '\nn.set(2);'),
  'not_actor.ts': withStep('one: c`x`(n.set(1))', "\nactor('q', P);"),
  'caption.ts': withStep('one: c`x is ${{}}`(n.set(1))'),
  'bools.ts': withStep('one: c`set ${true}`(flag.set(ifElse(flag, n.eq(1), not(flag))))'),
  'part.ts': withStep('one: c`x`(n.eq(1))'),
  'no_procedure.ts': withStep('one: c`x`(n.set(1))', "\nactors('q', 2, () => ({}));"),
  'kept.ts': withStep(
    'one: c`x`(n.set(1))',
    '\nexport const dirty = n.eq(2);\nunused(n.eq(1), flag.set(true));',
  ),
  'helper.ts': `import { mine as one } from './library.js';\n${withStep('one: c`x`(one)')}`,
  'library.ts': `${head}\nexport const mine = n.set(1);\nexport const other = n.set(2);\nconst late = n.eq(2);\nexport const wait = () => when(late);\n`,
  'bad_helper.ts': `import { mine as one } from './bad_library.js';\n${withStep('one: c`x`(one)')}`,
  'bad_library.ts': `${head}\nexport const mine = n.set(1);\nconst other = n.set(2);\n`,
  'propertys.ts': withStep('one: c`x`(n.set(1))').replace('const properties', 'const propertys'),
  'elsewhere.ts': withStep('one: c`x`(n.set(1))', '\nexport const extra = never(n.eq(3));'),
  'condition.ts': withStep('one: c`x`(n.set(1))').replace(
    'ok: always',
    'sound: always(flag),\n  ok: (x => x)',
  ),
  'list.ts': withStep('one: c`x`(n.set(1))')
    .replace('{ ok: always(', '[always(')
    .replace('isFree())) };', 'isFree()))];'),
  'unused.ts': `${head}
const settings = config({ fix: oneOf('none', 'merged'), N: int(0, 3), valueOf: bool() });
const P = procedure('P', { a: bool(), b: int(0, 3) }, ({ a }) => ({ one: c\`x\`(when(a.eq(settings.valueOf)), n.set(1)) }));
const mine = model('mine', { about: 'x', settings, state, actors: [actor('p', P)] });
export { mine as model };
`,
});
afterAll(files.remove);
const here = { cwd: files.path };

describe('what a file does beside its model', () => {
  const holds = /^mine: holds\n/;

  test.each([
    ['exit.ts', 'exit.ts:11: a model cannot end the process: process.exit()\n'],
    ['kill.ts', 'kill.ts:11: a model cannot end the process: process.kill()\n'],
    ['never.ts', 'never.ts:11: loading this file never ends: a top-level await never resolves\n'],
  ])('is refused with its line: %s', async (file, message) => {
    expect(await raceproof(['check', file], here)).toEqual({ status: 2, stdout: '', stderr: message });
  });

  test('that never returns ends with the time that is given', async () => {
    const { status, stdout, stderr } = await raceproof(['check', 'busy.ts', '--max-seconds=2'], here);
    const said = 'raceproof: stopped at 2 seconds while busy.ts was loaded: nothing was checked\n';
    expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: '', stderr: said });
  });

  test('is printed once, though time is limited', async () => {
    const { status, stderr } = await raceproof(['check', 'logs.ts', '--max-seconds=100'], here);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'hello\nand more\n' });
  });

  test.each([
    ['status.ts', ''],
    ['interval.ts', ''],
    ['onexit.ts', ''],
    ['late.ts', 'late.ts:11: late (thrown asynchronously by the model file; the result is not affected)\n'],
    [
      'rejects.ts',
      'rejects.ts:11: rejected (thrown asynchronously by the model file; the result is not affected)\n',
    ],
    [
      'later.ts',
      "later.ts:11: threw 'text', which is no Error (thrown asynchronously by the model file; the result is not affected)\n",
    ],
    ['logs.ts', 'hello\nand more\n'],
  ])('leaves the answer alone: %s', async (file, said) => {
    const { status, stdout, stderr } = await raceproof(['check', file], here);
    expect({ status, stderr }).toEqual({ status: 0, stderr: said });
    expect(stdout).toMatch(holds);
  });

  test('does not end up in what programs read', async () => {
    const { status, stdout, stderr } = await raceproof(['check', 'logs.ts', '--format=json'], here);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'hello\nand more\n' });
    expect(JSON.parse(stdout)).toMatchObject({ model: 'mine', verdict: 'holds' });
  });
});

describe('one line with its place', () => {
  const operators =
    "JavaScript's &&, ||, ! and ?: drop one, and so does an argument too many; use .and(…), .or(…), not(…) and ifElse(…)";
  const tests = (operator: string, use: string) =>
    `JavaScript's ${operator} cannot test an expression of the model: ${use}`;

  test.each([
    ['throws_text.ts', "throws_text.ts:2: threw 'a text', which is no Error"],
    ['throws_nothing.ts', 'throws_nothing.ts:3: threw undefined, which is no Error'],
    ['twice.ts', "twice.ts:2: Identifier 'a' has already been declared"],
    ['decorated.ts', "decorated.ts:2: Unexpected '@': decorators are not supported"],
    ['json.ts', "json.ts:2: cannot import './data.json': importing JSON needs `with { type: 'json' }`"],
    ['plain.js', 'plain.js:1: require is not defined in ES module scope, you can use import instead'],
    ['and.ts', `and.ts:7: ${tests('&&', 'use .and(…)')}`],
    ['or.ts', `or.ts:7: ${tests('||', 'use .or(…), or ?? for a default')}`],
    ['not.ts', `not.ts:7: ${tests('!', 'use not(…)')}`],
    ['ternary.ts', `ternary.ts:7: ${tests('?:', 'use ifElse(…), or If(…) for steps')}`],
    ['if.ts', `if.ts:11: ${tests('if', 'use If(…)')}`],
    ['strict.ts', `strict.ts:7: ${tests('===', 'use .eq(…) or .is(…)')}`],
    ['lock.ts', 'lock.ts:7: If() needs a condition, not a lock: say .isFree() or .isMine()'],
    ['dropped.ts', `dropped.ts:7: this expression is used nowhere: ${operators}`],
    ['outside.ts', `outside.ts:11: this effect is in no step: ${operators}, or put it into c\`…\`(…)`],
    ['not_actor.ts', "not_actor.ts:11: this actor is not among the 'actors' of the model"],
    ['caption.ts', 'caption.ts:7: a caption has words, places and expressions, not an object'],
    [
      'part.ts',
      'part.ts:7: a step has effects, guards and expectations, not a condition: when(…) waits for it, expects(…) demands it',
    ],
    ['no_procedure.ts', "no_procedure.ts:11: actors('q', …) needs a procedure(name, …), not a function"],
    ['bad_helper.ts', `bad_library.ts:8: this effect is in no step: ${operators}, or put it into c\`…\`(…)`],
    ['list.ts', "list.ts:10: 'properties' is a list, and a property needs a name: { no_leak: never(…) }"],
    ['propertys.ts', "propertys.ts:10: this file exports 'propertys'; did you mean 'properties'?"],
    [
      'elsewhere.ts',
      "elsewhere.ts:11: 'extra' is a property, but not among the exported 'properties': it would not be checked",
    ],
    [
      'condition.ts',
      "condition.ts:11: the property 'ok' must be made by always(…), never(…), sometimes(…) or property(…), but a condition",
    ],
  ])('is what is said of %s', async (file, line) => {
    const { status, stdout, stderr } = await called(['check', file], here);
    expect({ status, stdout, stderr: stderr.trimEnd() }).toEqual({ status: 2, stdout: '', stderr: line });
  });

  test.each([
    ['README.md', "raceproof: './README.md' is not a model: a model is a .ts, .mts, .js or .mjs file"],
    [
      'data.json',
      'raceproof: ./data.json is not a model; for a saved trace use raceproof replay, render or explain ./data.json',
    ],
    [
      'model.tsx',
      "raceproof: './model.tsx' is not a model: a model is a .ts, .mts, .js or .mjs file; rename it to .ts",
    ],
    [
      'model.cts',
      "raceproof: './model.cts' is not a model: a model is a .ts, .mts, .js or .mjs file; rename it to .ts",
    ],
  ])('is what is said of ./%s', async (file, line) => {
    const { status, stderr } = await called(['check', `./${file}`], here);
    expect({ status, stderr: stderr.trimEnd() }).toEqual({ status: 2, stderr: line });
  });
});

describe('what is used, exported or named is no mistake', () => {
  test.each(['kept.ts', 'helper.ts', 'bools.ts', 'json_with.ts'])('%s', async (file) => {
    const { status, stdout, stderr } = await called(['check', file], here);
    expect({ status, stderr, stdout: stdout.split('\n')[0] }).toEqual({
      status: 0,
      stderr: '',
      stdout: 'mine: holds',
    });
  });
});

describe('what is hardly meant is noted', () => {
  const nothing = 'nothing uses the settings fix, N, the variables flag, pmd, lock, the local P.b';
  const none = 'the model has no properties: only the built-in checks are made';

  test('people read of it below the counts', async () => {
    const { status, stdout } = await called(['check', 'unused.ts', '--width=200'], here);
    expect(status).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('note:'))).toEqual([
      `note: ${none}`,
      `note: ${nothing}`,
    ]);
  });

  test('programs read of it too, but of missing properties only where none is typed', async () => {
    const { stdout } = await called(['check', 'unused.ts', '--format=json'], here);
    expect(JSON.parse(stdout).notes).toEqual([none, nothing]);
    const typed = await called(['check', 'unused.ts', '--format=json', '--always=n <= 3'], here);
    expect(JSON.parse(typed.stdout).notes).toEqual([nothing]);
  });

  test('nothing is noted of a model that comes with the package', async () => {
    const { stdout } = await called(['check', 'increment', '--format=json']);
    expect(JSON.parse(stdout)).not.toHaveProperty('notes');
  });
});

test('a model of a clone, by the path of its file, has the language of the checker, with the same interrupts', async () => {
  const file = fileURLToPath(new URL('../../models/races/bluetooth/btusb_rxlock.ts', import.meta.url));
  expect((await called(['check', file, '--set', 'fix=none'])).status).toBe(11);
  expect((await called(['check', file, '--set', 'fix=irqsave'])).status).toBe(0);
});

test('the models and properties of the package create nothing that they do not use', async () => {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  const filesIn = (path: string) =>
    readdirSync(join(dist, path), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => join(dist, path, file));
  const modules = ['models/examples', 'models/kernel', 'models/thp_truncate'].flatMap(filesIn);
  const asking = folder({
    'ask.mjs': `
      import { unreached, watchCreations } from ${JSON.stringify(join(dist, 'models/language/index.js'))};
      const watch = watchCreations();
      const exports = await Promise.all(${JSON.stringify([...modules, join(dist, 'properties/registry.js')])}.map((file) => import(file)));
      const created = watch.end();
      console.log(created.nodes.size > 400, unreached(created, [exports]).map(({ what, at }) => at.file + ':' + at.line + what));
    `,
  });
  const { stdout, stderr } = await raceproof([], { main: join(asking.path, 'ask.mjs') });
  asking.remove();
  expect({ stdout, stderr }).toEqual({ stdout: 'true []\n', stderr: '' });
});
