// Mutants of models that views prove: a guard dropped, an assignment dropped or changed, a step that stays where it is.
// None that the engines refute with up to three members is proved by views alone.

import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { closedViews, schemaFor, type ViewsTask } from '../by_views.js';
import { explore, type Lowered, lowering, resolveSettings, type Step } from '../index.js';
import { conjuncts, constant, allOf as everyOne, truth } from '../ir/expression.js';
import { random } from '../testing/random.js';
import { NotUniform } from './schema.js';

type Mutation = (step: Step) => Step;

const mutations: { readonly [name: string]: Mutation } = {
  'the guard is dropped': (step) => ({ ...step, guard: truth(true) }),
  'the last part of the guard is dropped': (step) => ({
    ...step,
    guard: everyOne(conjuncts(step.guard).slice(0, -1)),
  }),
  'the first assignment is dropped': (step) => ({ ...step, assignments: step.assignments.slice(1) }),
  'the last assignment is dropped': (step) => ({ ...step, assignments: step.assignments.slice(0, -1) }),
  'all assignments are dropped': (step) => ({ ...step, assignments: [] }),
  'the first truth that is stored is the other one': (step) => {
    const i = step.assignments.findIndex(({ value }) => value.op === 'const' && value.type === 'bool');
    return {
      ...step,
      assignments: step.assignments.map((one, j) =>
        i === j && one.value.op === 'const' ? { ...one, value: constant(1 - one.value.value, 'bool') } : one,
      ),
    };
  },
  'it stays where it is': (step) => ({ ...step, to: step.from }),
};

const subjects = [
  ['test_and_set', ['NR_LOCKERS'], {}],
  ['two_phase_commit', ['NR_RMS'], {}],
  ['readers_writers', ['NR_READERS', 'NR_WRITERS'], {}],
  ['readers_writers', ['NR_READERS', 'NR_WRITERS'], { DOWNGRADE: true }],
  ['barrier', ['NR_WORKERS'], {}],
  ['fischer', ['NR_PROCESSES'], {}],
] as const;

interface Mutant {
  readonly name: string;
  readonly task: ViewsTask;
  readonly top: { readonly [setting: string]: number };
}

/** Every mutation of every label that changes something. */
function mutantsOf([name, sizes, given]: (typeof subjects)[number]): readonly Mutant[] {
  const { model } = models.get(name)!;
  const own = properties.get(name)!;
  const settings = resolveSettings(model, given);
  const lower = lowering(model, own);
  const top = Object.fromEntries(sizes.map((size) => [size, 3]));
  const { steps } = lower({ ...settings, ...top }).program;
  const labels = [...new Set(steps.filter(({ reports }) => reports === undefined).map(({ label }) => label))];
  return labels.flatMap((label) =>
    Object.entries(mutations).flatMap(([what, mutate]): readonly Mutant[] => {
      const isOf = (step: Step) => step.label === label && step.reports === undefined;
      if (!steps.some((step) => isOf(step) && JSON.stringify(mutate(step)) !== JSON.stringify(step)))
        return [];
      const mutated = ({ program, properties: all }: Lowered): Lowered => ({
        properties: all,
        program: { ...program, steps: program.steps.map((step) => (isOf(step) ? mutate(step) : step)) },
      });
      const task = {
        model,
        properties: own,
        settings,
        sizes,
        lower: (some: object) => mutated(lower({ ...some })),
      };
      return [{ name: `${name} ${label}: ${what}`, task, top }];
    }),
  );
}

/** Do the engines find a violation of what views are about, with three of each? */
async function isRefuted({ task, top }: Mutant): Promise<boolean> {
  const { program, properties: own } = task.lower({ ...task.settings, ...top });
  const { properties: results } = await explore(program, own);
  const kinds = ['always', 'never', 'assertion', 'domain'];
  return results.some(({ check, verdict }) => verdict === 'violated' && kinds.includes(check.kind));
}

function answerOf({ task }: Mutant): string {
  try {
    const { schema, checks } = schemaFor(task);
    return closedViews(schema, checks, { configurationsMax: 20_000 }).is;
  } catch (error) {
    if (error instanceof NotUniform) return 'refused';
    throw error;
  }
}

test('50 random mutants that the engines refute: none is proved', async () => {
  const dice = random(18);
  const all = subjects.flatMap(mutantsOf).map((mutant) => ({ mutant, order: dice.below(1 << 20) }));
  const answers: string[] = [];
  for (const { mutant } of all.sort((a, b) => a.order - b.order)) {
    if (answers.length === 50) break;
    if (!(await isRefuted(mutant))) continue;
    const answer = answerOf(mutant);
    expect({ mutant: mutant.name, answer }).toEqual({
      mutant: mutant.name,
      answer: expect.not.stringMatching('proved'),
    });
    answers.push(answer);
  }
  expect(answers.length).toBe(50);
  expect(answers.filter((answer) => answer === 'unknown').length).toBeGreaterThan(25);
}, 600_000);
