// What `raceproof init NAME` writes: a model with a race and its fix, what is expected of both, and what an editor needs.

/** How the new project asks for raceproof: a version, or the folder of a clone. */
export interface NewProject {
  readonly name: string;
  readonly raceproof: string;
}

/** The files of a new project, their texts by their paths. */
export function projectFiles({ name, raceproof }: NewProject): ReadonlyMap<string, string> {
  const model = name.replaceAll('-', '_');
  return new Map([
    [`${model}.ts`, modelText(model)],
    ['package.json', json(packageOf(name, model, raceproof))],
    ['tsconfig.json', json(tsconfig)],
    ['raceproof.config.json', json({ models: [`./${model}.ts`] })],
    ['.vscode/tasks.json', json(tasks)],
    ['.gitignore', 'node_modules\n'],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const packageOf = (name: string, model: string, raceproof: string) => ({
  name,
  private: true,
  type: 'module',
  scripts: { check: `raceproof check ./${model}.ts`, test: 'raceproof test' },
  devDependencies: { raceproof },
});

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  },
};

const tasks = {
  version: '2.0.0',
  tasks: [
    {
      label: 'raceproof: check this file',
      type: 'shell',
      command: 'npx raceproof check ${relativeFile}',
      group: { kind: 'build', isDefault: true },
      problemMatcher: {
        owner: 'raceproof',
        fileLocation: ['relative', '${workspaceFolder}'],
        pattern: {
          regexp: '^(\\S+\\.[mc]?[jt]s):(\\d+):(?:(\\d+):)? (.*)$',
          ...{ file: 1, line: 2, column: 3, message: 4 },
        },
      },
    },
  ],
};

const modelText = (
  name: string,
): string => `// Two owners drop their reference to a widget. Without atomics both may read the same count, and nobody frees it.

import {
  actors, config, If, int, isLive, model as define, not, object, oneOf, procedure, shared, source,
} from 'raceproof/language';
import { atomic_dec_and_test, kfree } from 'raceproof/kernel';
import { never, sometimes } from 'raceproof/properties';

const c = source('drivers/misc/widget.c');

// What --set chooses: the fix, and how many owners there are.
const settings = config({ fix: oneOf('none', 'atomic'), NR: int(1, 3).starts(2) });
const { fix, NR } = settings;

// What all owners share. An access to an object that is freed is a bug in the very step that makes it.
const state = shared({ widget: object({ refs: int(0, 3).starts(NR) }) });
const { widget } = state;

// One label is one atomic step; an atomic test is one step as well.
const widget_put = procedure('widget_put', { left: int(0, 3) }, ({ left }) => ({
  how: If(fix.is('atomic'), {
    put: If(atomic_dec_and_test(widget.refs), { free: kfree(widget) }),
  }).Else({
    load: c\`left = widget->refs\`(left.set(widget.refs)),
    store: c\`widget->refs = --left\`(widget.refs.set(left.minus(1)), left.dec()),
    last: If(left.eq(0), { free: kfree(widget) }),
  }),
}));

const putter = actors('putter', NR, widget_put);

export const model = define('${name}', {
  about: 'a reference count with and without atomics',
  settings,
  state,
  actors: [putter],
  comparison: { candidates: 'fix', scenarios: { 'two owners': { NR: 2 }, 'three owners': { NR: 3 } } },
});

export const properties = {
  no_leak: never(putter.all((p) => p.done).and(isLive(widget)), 'the widget is never freed'),
  frees: sometimes(not(isLive(widget)), 'somebody frees the widget'),
};

// What \`npm test\` expects: the race, with its shortest counterexample, and that the fix closes it.
export const manifest = [
  { settings: { fix: 'none' }, violated: { no_leak: 6 }, states: 31 },
  { settings: { fix: 'atomic' }, violated: {}, states: 6 },
  { settings: { fix: 'atomic', NR: 3 }, violated: {}, states: 11 },
];
`;
