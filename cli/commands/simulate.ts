// raceproof simulate MODEL: walk through a model by chance, from a seed, or step by step by hand.

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Argv } from 'yargs';
import { checksOf, digestOf, type Lowered } from '../../checker/index.js';
import {
  backTo,
  choicesOf,
  choose,
  counted,
  type Ground,
  groundOf,
  met,
  randomWalk,
  renderLanes,
  replay,
  type Stepper,
  saveTrace,
  startAt,
} from '../../counterexamples/index.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { locate } from '../locate.js';
import { loadModel } from '../model.js';
import { type GivenSettings, number, requireModel, withModel, withSettings, withWidth } from '../options.js';
import { type Page, pageOf, print } from '../terminal.js';

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
  if (args.interactive) return interact(lowered, ground, pageOf(args.width));
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

/** A step of a walk on one line. */
function stepText({ ground: { walk } }: Stepper, step: number): string {
  const { program } = walk;
  const { thread, label, caption } = program.steps[step]!;
  return `${program.threads[thread]!.name}  ${label}  ${caption}`;
}

const walkText = (stepper: Stepper, { width }: Page): string =>
  stepper.path.steps.map((step, i) => `${i + 1}  ${stepText(stepper, step)}`.slice(0, width)).join('\n');

const help = `NUMBER take a step   u undo   g NUMBER go back to that step   p print the state
w print the walk   s FILE save as a trace   q quit`;

/** Reads commands, one a line, until there are no more. */
async function interact(lowered: Lowered, ground: Ground, page: Page): Promise<ExitStatus> {
  let stepper = startAt(ground)!;
  await print(`${help}\n\n${situation(stepper)}`);
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    const [word = '', argument = ''] = line.trim().split(/\s+/);
    if (word === 'q') break;
    const done = await obey(stepper, word, argument, lowered, page);
    if (typeof done === 'string') await print(done);
    else {
      stepper = done;
      await print(situation(stepper));
    }
  }
  lines.close();
  return exitStatus.ok;
}

/** The stepper after a command, or what there is to say. */
async function obey(
  stepper: Stepper,
  word: string,
  argument: string,
  lowered: Lowered,
  page: Page,
): Promise<Stepper | string> {
  const length = stepper.path.steps.length;
  const choice = choicesOf(stepper)[Number(word) - 1];
  if (/^\d+$/.test(word))
    return choice === undefined ? `there is no step ${word} to take` : choose(stepper, choice);
  switch (word) {
    case 'u':
      return length === 0 ? 'this is the start' : backTo(stepper, length - 1);
    case 'g':
      return /^\d+$/.test(argument) && Number(argument) <= length
        ? backTo(stepper, Number(argument))
        : `g NUMBER, from 0 to ${length}`;
    case 'p':
      return stateText(stepper, lowered);
    case 'w':
      return walkText(stepper, page) || 'nothing yet';
    case 's':
      return argument === '' ? 's FILE' : save(stepper, argument, lowered);
    default:
      return help;
  }
}

function situation(stepper: Stepper): string {
  const found = met(stepper);
  const said = found === undefined ? [] : [`${found.verdict}: ${found.check.name}`];
  const moves = choicesOf(stepper);
  const offered = moves.map(({ step }, i) => `  ${i + 1}  ${stepText(stepper, step)}`);
  const end = moves.length === 0 ? ['  no step can be taken'] : offered;
  return [`after ${counted(stepper.path.steps.length, 'step')}:`, ...said, ...end].join('\n');
}

function stateText({ states }: Stepper, { program }: Lowered): string {
  const state = states.at(-1)!;
  const values = program.variables
    .filter(({ ghost }) => !ghost)
    .map((variable) => {
      const value = state.value.get(variable.id)!;
      const { domain } = variable;
      const text =
        domain.kind === 'int' ? value : domain.kind === 'bool' ? value !== 0 : domain.values[value];
      return `  ${variable.name} = ${text}`;
    });
  const places = program.threads.map(
    ({ id, name, locations }) => `  ${name} at ${locations[state.at.get(id)!]!.label}`,
  );
  return [...values, ...places].join('\n');
}

async function save(stepper: Stepper, file: string, { program, properties }: Lowered): Promise<string> {
  const found = met(stepper);
  if (found === undefined) return 'a trace shows what is violated or reached: nothing is, here';
  const trace = replay(program, properties, found, locate);
  try {
    writeFileSync(file, saveTrace({ digest: await digestOf(program), path: stepper.path, trace }), {
      flag: 'wx',
    });
    return `saved ${found.check.name} in ${file}`;
  } catch (error) {
    return `cannot write ${file}: ${error instanceof Error ? error.message : error}`;
  }
}

export const command: Command<Arguments> = { command: 'simulate [model]', builder, run };
