// raceproof list: the models that come with the package; of the races, those of a kind, or that use a primitive.

import { didYouMean } from '../../checker/index.js';
import { counted, type Line, paragraph, table } from '../../counterexamples/text.js';
import type { RegisteredModel } from '../../models/registry.js';
import { commandOf } from '../arguments/command.js';
import { text } from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { pageOf, print } from '../output/terminal.js';

const parameters = { kind: text, uses: text };

async function run({ kind, uses }: ParameterValues<typeof parameters>): Promise<ExitStatus> {
  const [{ models }, { properties }] = await Promise.all([
    import('../../models/index.js'),
    import('../../properties/index.js'),
  ]);
  const all = [...models.values()];
  const races = all.filter(({ race }) => race !== undefined);
  const chosen = races
    .filter(({ race }) =>
      isAsked(
        'kind',
        kind,
        race!.kinds,
        races.flatMap((each) => each.race!.kinds),
      ),
    )
    .filter(({ race }) =>
      isAsked(
        'uses',
        uses,
        race!.uses,
        races.flatMap((each) => each.race!.uses),
      ),
    );
  const page = pageOf(undefined);
  const section = (heading: string, rows: readonly (readonly Line[])[]) =>
    rows.length === 0 ? [] : [...paragraph({ text: heading }, page), ...table(rows, page)];
  const others = kind === undefined && uses === undefined ? all.filter(({ race }) => race === undefined) : [];
  await print(
    [
      ...section(
        'Races of the kernel, before and after',
        chosen.map((each) => raceRow(each)),
      ),
      ...section(
        'Algorithms, and the flagship',
        others.map(({ model }) => modelRow(model, Object.keys(properties.get(model.name) ?? {}).length)),
      ),
    ].join('\n'),
  );
  return exitStatus.ok;
}

/** Does a race have what was asked for? Throws a UsageError if none has it. */
function isAsked(
  option: string,
  asked: string | undefined,
  own: readonly string[],
  all: readonly string[],
): boolean {
  if (asked === undefined) return true;
  if (!all.includes(asked)) {
    const words = [...new Set(all)].sort();
    const hint = didYouMean(asked, words) || `; there are ${words.join(', ')}`;
    throw new UsageError(`--${option}=${asked}: no race has it${hint}`);
  }
  return own.includes(asked);
}

function raceRow({ model, race }: RegisteredModel): readonly Line[] {
  const { subsystem, fix, kinds, uses } = race!;
  return [
    { text: model.name, look: 'strong' },
    {
      text: `${subsystem}: ${model.about} [${kinds.join(', ')}; ${uses.join(', ')}; fixed by ${fix.commit}]`,
    },
  ];
}

function modelRow({ name, about, settings }: RegisteredModel['model'], stated: number): readonly Line[] {
  const has = `${counted(Object.keys(settings).length, 'setting')}, ${counted(stated, 'property', 'properties')}`;
  return [{ text: name, look: 'strong' }, { text: `${about} [${has}]` }];
}

export const command = commandOf('list', parameters, run);
