// The line `Example:` in the comment of an exported word of the model language, of the kernel's primitives or of the
// property language: each is evaluated over the state of this file, and lowered in a model.

import { describe, expect, test } from 'vitest';
import * as kernel from '../../models/kernel/index.js';
import * as language from '../../models/language/index.js';
import * as properties from '../../properties/language/index.js';
import { evaluated, examplesIn } from '../testing/doc_examples.js';
import { lower } from './lower.js';

const { source, actor, bool, config, int, model, oneOf, shared, when } = language;
const c = source('mm/example.c');

const settings = config({ fix: oneOf('none', 'merged') });
const devs = language.pool(2, { refs: int(0, 2) });
const variables = {
  ...{ n: int(0, 3), m: int(0, 3), flag: bool(), pmd: oneOf('none', 'huge') },
  ...{ ptl: kernel.spinlock(), sem: kernel.rwsem(), lock: kernel.mutex() },
  ...{ refs: kernel.refcount(2), done: kernel.completion() },
  marks: language.array(2, bool()),
  page: language.array(2, language.record({ refs: int(0, 2), locked: bool() })),
  dev: language.object({ refs: int(0, 2) }, { starts: 'unused' }),
  batch: kernel.mmu_gather(),
  ...{ hr_timer: kernel.hrtimer(), irq: kernel.irq_line() },
  usage: kernel.percpu_ref(2),
  ...{ devs, first: language.pointer(devs) },
};
const state = shared(variables);
const truncate = language.procedure('truncate', { pgoff: int(0, 1), ret: int(0, 1) }, ({ pgoff, ret }) => ({
  zap: c`zap ${pgoff}`(state.n.set(pgoff), ret.set(pgoff)),
}));
const worker = actor('worker', truncate, { pgoff: 1 });
const stage = {
  ...{ c, settings, fix: settings.fix, state, ...state, Node: devs, truncate, worker },
  ...{ cpu0: language.cpu('cpu0'), stat: language.perCpu('stat', int(0, 3)) },
  tlb: language.perCpu('tlb', bool()),
};
const words: { readonly [name: string]: unknown } = { ...language, ...kernel, ...properties };

/** The examples of all exported words that have one. */
const examples = examplesIn(/^(?:models\/(?:language|kernel)|properties\/language)\/\w+\.ts$/).filter(
  ({ name }) => name in words,
);

/** Lowers a model in which the value is used, if it is something that a model has. */
function lowerWith(value: object): void {
  const call = language.Call(truncate, { pgoff: 1 });
  const block = (stmt: language.Stmt) => ({ retry: c`begin`(), call, example: stmt });
  const step = (...parts: readonly language.Part[]) => block(c`example`(...parts));
  const run = (body: language.Block, more = {}, of = state) => {
    const runs = language.procedure('run', () => body);
    const on = { on: stage.cpu0 };
    const parts = { about: 'x', settings, state: of, actors: [actor('a', runs, {}, on), worker] };
    lower(model('example', parts), {}, more);
  };
  if ('settings' in value && 'state' in value) lower(value as language.Model, {});
  else if ('actors' in value) lower(model('x', { about: 'x', state, actors: [value as never] }), {});
  else if ('body' in value) run({ call: language.Call(value as typeof truncate, {}) });
  else if ('formula' in value)
    run(step(), { example: properties.property(value as properties.Temporal, 'x') });
  else if ('expectation' in value) run(step(), { example: value });
  else if ('stmt' in value) run(block(value as language.Stmt));
  else if (value instanceof language.Bool) run(step(when(value)));
  else if (value instanceof language.Int) run(step(when(value.eq(value))));
  else if ('node' in value && 'initial' in value)
    run(step(), {}, shared({ ...variables, x: value } as never) as never);
}

describe('the example of', () => {
  test.each(examples.map(({ name, code }) => [name, code] as const))(
    '%s is part of a model: %s',
    (name, code) => {
      expect(code).toMatch(new RegExp(`\\b${name}\\b`));
      const value = evaluated(code, { ...words, ...stage });
      expect(value).toBeDefined();
      lowerWith(Object(value));
    },
  );

  test('each function of the model language and of the property language is there', () => {
    // Models do not call the others: the kernel's primitives, lowering and the loader of models do.
    const internal =
      /^(?:fences?|loadedIn|storedIn|modifies|rcuEvent|created|exactly|refuseMore|withoutArguments|superseded|unreached|refusalOf|watchCreations|describe|visible|tested|thrown|isMember|effectsIn|conditionNode|domainText|displayLocation|whereWritten|require[A-Z]\w*|[A-Z]\w*(?:Error|Domain|Var)|Bool|Enum|Expr|Int|AtomicTest|Pointer)$/;
    const given = new Set(examples.map(({ name }) => name));
    const functions = Object.entries({ ...language, ...properties }).flatMap(([name, value]) =>
      typeof value === 'function' && !internal.test(name) ? [name] : [],
    );
    expect(functions.length).toBeGreaterThan(80);
    expect(functions.filter((name) => !given.has(name))).toEqual([]);
  });
});
