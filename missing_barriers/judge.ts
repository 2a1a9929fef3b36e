// Whether a model has its properties under a memory model, and which of them interleavings violate already: no barrier helps
// against those.

import { withGrowingBuffers } from '../checker/growing_buffers.js';
import { type ExploreOptions, explore, type Property } from '../checker/index.js';
import type { Program } from '../checker/ir/program.js';
import { inStoreBuffers, settled } from '../checker/memory/store_buffers.js';
import { askedLines, judgeModel, models, type TranslateOptions, translate } from '../litmus/index.js';
import { modelPlaces, presentBarriers, withBarriers } from './model.js';
import type { BarrierProblem } from './search.js';

export interface ModelProblem extends BarrierProblem {
  /** Properties that were not asked, and why. */
  readonly unjudged: readonly { readonly name: string; readonly why: string }[];
  /** What is violated with interleavings alone. */
  readonly hopeless: readonly string[];
  /** What is violated under the memory model, and not by interleavings. */
  readonly violated: readonly string[];
}

type RunLong = <R>(work: () => R) => R;
type OnProgress = ExploreOptions['onProgress'];

export interface ModelProblemOptions extends TranslateOptions {
  /** Runs what may take long. */
  readonly run?: RunLong;
  readonly onProgress?: OnProgress;
}

/** Checks that barriers do not change. */
const quick = { without: ['lock-order', 'stuck'] } as const;

/** The violated ones, and whether everything was covered. */
interface Judged {
  readonly violated: readonly string[];
  readonly isWhole: boolean;
}

type ProgramJudge = (program: Program) => Promise<Judged>;

export async function modelProblem(
  program: Program,
  properties: readonly Property[],
  memory: 'lkmm' | 'tso',
  { run = (work) => work(), onProgress, ...options }: ModelProblemOptions = {},
): Promise<ModelProblem> {
  const plain = properties.filter(({ expectation }) => expectation === 'always' || expectation === 'never');
  const [judge, bySc] =
    memory === 'lkmm'
      ? [byExecutions('lkmm', plain, options, run), byExecutions('sc', plain, options, run)]
      : [byBuffers(plain, onProgress), byInterleavings(plain, onProgress)];
  const hopeless = (await bySc(program)).violated;
  const unjudged = [
    ...(memory === 'lkmm' ? translate(program, plain, options).unjudged : []),
    ...properties
      .filter(({ expectation }) => expectation === 'liveness' || expectation === 'alwaysPossible')
      .map(({ name }) => ({ name, why: 'it is about whole runs' })),
  ];
  const places = modelPlaces(program, memory);
  const present = presentBarriers(program, memory);
  const asked = (judged: Judged) => judged.violated.filter((name) => !hopeless.includes(name));
  return {
    places,
    present: present.map(({ name }) => name),
    hopeless,
    unjudged,
    violated: asked(await judge(program)),
    holds: async (added, leftOut) => {
      const changed = withBarriers(
        program,
        places,
        added,
        leftOut.map((i) => present[i]!),
      );
      const judged = await judge(changed);
      return asked(judged).length === 0 && judged.isWhole;
    },
  };
}

const byExecutions =
  (
    name: 'lkmm' | 'sc',
    properties: readonly Property[],
    options: TranslateOptions,
    run: RunLong,
  ): ProgramJudge =>
  async (program) => {
    const model = models.find((one) => one.name === name)!;
    const verdict = run(() => judgeModel(translate(program, properties, options), model));
    const violated = askedLines(verdict).flatMap(({ isOk, name: asked }) => (isOk ? [] : [asked]));
    return { violated, isWhole: true };
  };

const byInterleavings =
  (properties: readonly Property[], onProgress: OnProgress): ProgramJudge =>
  async (program) => {
    const report = await explore(program, properties, { ...quick, ...(onProgress && { onProgress }) });
    return { violated: violatedIn(report), isWhole: report.evidence.exhaustive };
  };

const byBuffers =
  (properties: readonly Property[], onProgress: OnProgress): ProgramJudge =>
  async (program) => {
    const { report } = await withGrowingBuffers(async (slots) => {
      const buffered = inStoreBuffers(program, slots);
      const asked = properties.map((one) => ({ ...one, condition: settled(one.condition, buffered) }));
      return {
        lowered: { program: buffered },
        report: await explore(buffered, asked, { ...quick, ...(onProgress && { onProgress }) }),
      };
    });
    return { violated: violatedIn(report), isWhole: report.evidence.exhaustive };
  };

const violatedIn = ({ properties }: Awaited<ReturnType<typeof explore>>): readonly string[] =>
  properties.flatMap(({ check, verdict }) => (verdict === 'violated' ? [check.name] : []));
