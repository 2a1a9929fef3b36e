// raceproof simulate MODEL: walk through a model by chance, from a seed, or step by step by hand.

import type { Argv } from 'yargs';
import { checksOf, type Lowered } from '../../checker/index.js';
import {
  counted,
  type Ground,
  groundOf,
  met,
  randomWalk,
  renderLanes,
  replay,
  startAt,
} from '../../counterexamples/index.js';
import { walkByHand, walkText } from '../by-hand.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { locate } from '../locate.js';
import { loadModel } from '../model.js';
import { type GivenSettings, number, requireModel, withModel, withSettings, withWidth } from '../options.js';
import { pageOf, print } from '../terminal.js';

interface Arguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly seed: number | undefined;
  readonly walks: number | undefined;
  readonly steps: number | undefined;
  readonly guided: boolean;
  readonly interactive: boolean;
  readonly width: number | undefined;
}

const flag = { type: 'boolean', default: false } as const;

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withSettings(withModel(yargs)))
    .option('seed', number('seed', 0))
    .option('walks', number('walks', 1))
    .option('steps', number('steps', 1))
    .option('guided', flag)
    .option('interactive', flag);

async function run(args: Arguments): Promise<ExitStatus> {
  const lowered = (await loadModel(requireModel('simulate', args.model))).lower(args.set);
  const { program, properties } = lowered;
  const ground = groundOf(program, properties, checksOf(program, properties));
  if (startAt(ground) === undefined) throw new UsageError(`${program.name} has no initial state`);
  if (args.interactive) return walkByHand(lowered, ground, pageOf(args.width));
  return walkAbout(lowered, ground, args);
}

async function walkAbout(
  { program, properties }: Lowered,
  ground: Ground,
  args: Arguments,
): Promise<ExitStatus> {
  const { seed = 1, walks = 1, steps: stepsMax = 1000, guided, width } = args;
  const taken = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < walks; i++) {
    const walk = randomWalk(ground, { seed: seed + i, stepsMax, ...(guided && { taken }) });
    total += walk.path.steps.length;
    const found = met(walk, false);
    if (found !== undefined) {
      const how = `seed ${seed + i}, after ${counted(i + 1, 'walk')} and ${counted(total, 'step')}: not a shortest one`;
      await print(`${how}\n\n${renderLanes(replay(program, properties, found, locate), pageOf(width))}`);
      return exitStatus.ok;
    }
    if (walks === 1) await print(walkText(walk, pageOf(width)));
  }
  await print(
    `${counted(walks, 'walk')}, ${counted(total, 'step')}: nothing violated was met, which proves nothing`,
  );
  return exitStatus.ok;
}

export const command: Command<Arguments> = { command: 'simulate [model]', builder, run };
