// raceproof list: the models that come with the package; of the races and barrier bugs, those of a kind, or that use a
// primitive.

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
  const bugs = all.flatMap((entry) => {
    const about = entry.race ?? entry.barrier;
    return about === undefined ? [] : [{ ...entry, about }];
  });
  const kinds = bugs.flatMap(({ about }) => about.kinds);
  const primitives = bugs.flatMap(({ about }) => about.uses);
  const chosen = bugs.filter(
    ({ about }) => isAsked('kind', kind, about.kinds, kinds) && isAsked('uses', uses, about.uses, primitives),
  );
  const page = pageOf(undefined);
  const section = (heading: string, rows: readonly (readonly Line[])[]) =>
    rows.length === 0 ? [] : [...paragraph({ text: heading }, page), ...table(rows, page)];
  const others =
    kind === undefined && uses === undefined
      ? all.filter(({ race, barrier }) => race === undefined && barrier === undefined)
      : [];
  await print(
    [
      ...section(
        'Races of the kernel, before and after',
        chosen.filter(({ race }) => race !== undefined).map(bugRow),
      ),
      ...section(
        'Missing barriers of the kernel, before and after',
        chosen.filter(({ barrier }) => barrier !== undefined).map(bugRow),
      ),
      ...section(
        'Algorithms, and the flagship',
        others.map(({ model }) => modelRow(model, Object.keys(properties.get(model.name) ?? {}).length)),
      ),
    ].join('\n'),
  );
  return exitStatus.ok;
}

/** Does a bug have what was asked for? Throws a UsageError if none has it. */
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
    throw new UsageError(`--${option}=${asked}: no race or barrier bug has it${hint}`);
  }
  return own.includes(asked);
}

type BugAbout = Pick<NonNullable<RegisteredModel['race']>, 'subsystem' | 'fix' | 'kinds' | 'uses'>;

function bugRow({ model, about }: RegisteredModel & { readonly about: BugAbout }): readonly Line[] {
  const { subsystem, fix, kinds, uses } = about;
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
