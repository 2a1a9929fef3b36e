// raceproof barriers MODEL or FILE: the smallest sets of barriers with which everything holds under a memory model, and which
// of today's are not needed.

import { coarseTexts } from '../../counterexamples/text.js';
import { coarseTexts as litmusTexts, models, parseLitmus } from '../../litmus/index.js';
import { modelProblem } from '../../missing_barriers/judge.js';
import { litmusProblem } from '../../missing_barriers/litmus_problem.js';
import { type BarrierProblem, findBarriers } from '../../missing_barriers/search.js';
import { type BarriersAsked, barrierLines } from '../../missing_barriers/text.js';
import { commandOf } from '../arguments/command.js';
import { number, operand, settings, word } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { locate } from '../locate.js';
import { print } from '../output/terminal.js';
import { type Stop, Stopped } from '../stop.js';
import { isModel, loweredForLitmus, placed, placedError, readTest } from './litmus_input.js';

const parameters = {
  model: operand,
  set: settings,
  memory: word(['lkmm', 'tso']),
  unroll: number(0),
  plain: word(['plain', 'once']),
  'max-seconds': number(0, { whole: false }),
};
type BarrierValues = ParameterValues<typeof parameters>;

/** What is asked, and how it is decided. */
interface Case {
  readonly asked: BarriersAsked;
  readonly problem: BarrierProblem;
}

export const command = commandOf(
  'barriers',
  parameters,
  async (values: BarrierValues, stop): Promise<ExitStatus> => {
    const { model: name } = values;
    if (name === undefined || name === '')
      throw new UsageError("which model? raceproof barriers MODEL ('raceproof list' names them)");
    stop.listen();
    try {
      const { asked, problem } = await (isModel(name) ? ofModel(name, values, stop) : ofTest(name, values));
      const found = await findBarriers(stoppable(problem, stop, name));
      await print(barrierLines(asked, found).join('\n'));
      if (found.need !== 'enough') return exitStatus.safety;
      return asked.gaps.size === 0 ? exitStatus.ok : exitStatus.incomplete;
    } catch (error) {
      throw placedError(name, error);
    }
  },
);

async function ofModel(
  name: string,
  { set, memory, unroll, plain }: BarrierValues,
  stop: Stop,
): Promise<Case> {
  const { program, properties } = await loweredForLitmus(name, set);
  const problem = await modelProblem(program, properties, memory, {
    ...{ rounds: unroll, plain },
    run: (work) => stop.run(`${name} was judged`, work),
    onProgress: () => stop.reason(),
  });
  const { judged, violated, hopeless, unjudged, gaps, coarse } = problem;
  const notes = memory === 'lkmm' ? litmusTexts(coarse) : coarseTexts(coarse, locate);
  return {
    asked: { name, title: titleOf(memory), judged, violated, hopeless, unjudged, gaps, notes },
    problem,
  };
}

async function ofTest(file: string, { memory }: BarrierValues): Promise<Case> {
  const text = readTest(file);
  return placed(file, () => {
    const test = parseLitmus(text);
    const model = models.find((one) => one.name === memory)!;
    const violated = [test.condition.text];
    return {
      asked: {
        name: test.name,
        title: model.title,
        judged: violated,
        violated,
        hopeless: [],
        unjudged: [],
        gaps: new Set(),
        notes: [],
      },
      problem: litmusProblem(test, model),
    };
  });
}

const titleOf = (memory: BarrierValues['memory']): string =>
  models.find(({ name }) => name === memory)!.title;

/** A search that was stopped proves nothing. */
const stoppable = (problem: BarrierProblem, stop: Stop, name: string): BarrierProblem => ({
  ...problem,
  holds: async (...args) => {
    const isSo = await problem.holds(...args);
    const reason = stop.reason();
    if (reason !== undefined) throw new Stopped(reason, stop.signal, `barriers of ${name} were tried`);
    return isSo;
  },
});
