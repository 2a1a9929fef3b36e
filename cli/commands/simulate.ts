// raceproof simulate MODEL: takes random steps from a seed, or the steps that the user chooses.

import { checksOf, type Lowered } from '../../checker/index.js';
import {
  counted,
  fitted,
  type Ground,
  groundOf,
  hiddenText,
  met,
  numberOf,
  randomWalk,
  renderLanes,
  replay,
  replayWalk,
  type Stepper,
  startAt,
} from '../../counterexamples/index.js';
import { commandOf } from '../arguments/command.js';
import { castOf, filters, requireNames, shown } from '../arguments/filter.js';
import {
  flag,
  memory,
  number,
  operand,
  requireModel,
  settings,
  width,
  without,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus, statusOfCheck } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';
import { pageOf, print } from '../output/terminal.js';
import { lowerBuffered } from './buffered.js';
import { walkByHand } from './interactive.js';

const parameters = {
  model: operand,
  set: settings,
  without,
  ...memory,
  seed: number(0),
  walks: number(1),
  steps: number(1),
  guided: flag,
  interactive: flag,
  ...filters,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function run(args: Arguments): Promise<ExitStatus> {
  const { lower } = await loadModel(requireModel('simulate', args.model));
  const lowered = lowerBuffered(lower, args);
  const { program, properties } = lowered;
  const ground = groundOf(program, checksOf(program, properties));
  if (startAt(ground) === undefined) throw new UsageError(`${program.name} has no initial state`);
  if (args.interactive) {
    if (args.only.length + args.hide.length > 0) {
      throw new UsageError('--only and --hide cannot be combined with --interactive, which lists every step');
    }
    return walkByHand(lowered, ground, { page: pageOf(args.width), seed: args.seed ?? 1 });
  }
  requireNames(args, castOf(program));
  return walkAbout(lowered, ground, args);
}

async function walkAbout({ program }: Lowered, ground: Ground, args: Arguments): Promise<ExitStatus> {
  const { seed = 1, walks = 1, steps: stepsMax = 1000, guided, width } = args;
  const taken = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < walks; i++) {
    const walker = randomWalk(ground, { seed: seed + i, stepsMax, ...(guided && { taken }) });
    total += walker.path.steps.length;
    const found = met(walker, false);
    if (found !== undefined) {
      const how = `seed ${seed + i}, after ${counted(i + 1, 'walk')} and ${counted(total, 'step')}: not a shortest one`;
      const trace = shown(replay(program, found, locate), args);
      await print(`${how}\n\n${renderLanes(trace, pageOf(width))}`);
      return statusOfCheck(found.check);
    }
    if (walks === 1) await print(walkLines(program, walker, args));
  }
  await print(`${counted(walks, 'walk')}, ${counted(total, 'step')}: no violation met; this is not a proof`);
  return exitStatus.ok;
}

/** The steps of a walk, one on each line, and how many are hidden. */
function walkLines(program: Lowered['program'], { path }: Stepper, args: Arguments): string {
  const trace = shown(replayWalk(program, path, 'by chance', locate), args);
  const hidden = hiddenText(trace);
  const steps = trace.steps.map(({ actor, label, caption }, i) =>
    fitted(`${numberOf(trace, i)}  ${actor}  ${label}  ${caption}`, pageOf(args.width).width),
  );
  return [...(hidden === undefined ? [] : [hidden]), ...steps].join('\n');
}

export const command = commandOf('simulate', parameters, run);
