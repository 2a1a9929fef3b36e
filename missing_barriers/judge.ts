// Whether a model has its properties under a memory model, and which of them interleavings violate already: no barrier helps
// against those.

import { withGrowingBuffers } from '../checker/growing_buffers.js';
import { type ExploreOptions, explore, type Property } from '../checker/index.js';
import type { CoarseStep, Program } from '../checker/ir/program.js';
import { accessesIn } from '../checker/memory/accesses.js';
import { inStoreBuffers, settled } from '../checker/memory/store_buffers.js';
import { askedLines, gapsOf, judgeModel, models, type TranslateOptions, translate } from '../litmus/index.js';
import { modelPlaces, presentBarriers, withBarriers } from './model.js';
import type { BarrierProblem } from './search.js';

export interface ModelProblem extends BarrierProblem {
  /** Properties that were not asked, and why. */
  readonly unjudged: readonly { readonly name: string; readonly why: string }[];
  /** What was asked, and is not violated with interleavings alone. */
  readonly judged: readonly string[];
  /** What is violated with interleavings alone. */
  readonly hopeless: readonly string[];
  /** What is violated under the memory model, and not by interleavings. */
  readonly violated: readonly string[];
  /** What was not covered whenever all held so far: clauses. */
  readonly gaps: ReadonlySet<string>;
  /** Statements that the memory model takes for one atomic operation, though they do not say that they are. */
  readonly coarse: readonly CoarseStep[];
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

/** What was asked, the violated ones, and what was not covered. */
interface Judged {
  readonly asked: readonly string[];
  readonly violated: readonly string[];
  readonly gaps: readonly string[];
  /** Were store buffers too small? More barriers may make them large enough. */
  readonly isShort: boolean;
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
  const translated = memory === 'lkmm' ? translate(program, plain, options) : undefined;
  const unjudged = [
    ...(translated?.unjudged ?? []),
    ...properties
      .filter(({ expectation }) => expectation === 'liveness' || expectation === 'alwaysPossible')
      .map(({ name }) => ({ name, why: 'it is about whole runs' })),
  ];
  const places = modelPlaces(program, memory);
  const present = presentBarriers(program, memory);
  const left = (names: readonly string[]) => names.filter((name) => !hopeless.includes(name));
  const today = await judge(program);
  const violated = left(today.violated);
  const gaps = new Set<string>();
  return {
    places,
    present: present.map(({ name }) => name),
    judged: left(today.asked),
    hopeless,
    unjudged,
    violated,
    gaps,
    coarse: translated?.coarse ?? accessesIn(program).coarse,
    holds: async (added, leftOut) => {
      const changed = withBarriers(
        program,
        places,
        added,
        leftOut.map((i) => present[i]!),
      );
      const judged = await judge(changed);
      // That buffers are too small is no reason to add a barrier where nothing is violated.
      if (left(judged.violated).length > 0 || (judged.isShort && violated.length > 0)) return false;
      for (const gap of judged.gaps) gaps.add(gap);
      return true;
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
    const lines = askedLines(verdict);
    const violated = lines.flatMap(({ isOk, name: asked }) => (isOk ? [] : [asked]));
    return { asked: lines.map(({ name: asked }) => asked), violated, gaps: gapsOf(verdict), isShort: false };
  };

const byInterleavings =
  (properties: readonly Property[], onProgress: OnProgress): ProgramJudge =>
  async (program) => {
    const report = await explore(program, properties, { ...quick, ...(onProgress && { onProgress }) });
    return judgedBy(report);
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
    return judgedBy(report);
  };

const judgedBy = ({ properties, evidence }: Awaited<ReturnType<typeof explore>>): Judged => ({
  asked: properties.map(({ check }) => check.name),
  violated: properties.flatMap(({ check, verdict }) => (verdict === 'violated' ? [check.name] : [])),
  gaps: evidence.limit === undefined ? [] : [evidence.limit.text],
  isShort: evidence.limit?.kind === 'buffer',
});
