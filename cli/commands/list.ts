// raceproof list: the models that come with the package.

import { counted, table } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import { type ExitStatus, exitStatus } from '../exit_status.js';
import { pageOf, print } from '../output/terminal.js';

async function run(): Promise<ExitStatus> {
  const [{ models }, { properties }] = await Promise.all([
    import('../../models/index.js'),
    import('../../properties/index.js'),
  ]);
  const rows = [...models.values()].map(({ model }) => {
    const settings = counted(Object.keys(model.settings).length, 'setting');
    const stated = counted(Object.keys(properties.get(model.name) ?? {}).length, 'property', 'properties');
    return [
      { text: model.name, look: 'strong' as const },
      { text: `${model.about} [${settings}, ${stated}]` },
    ];
  });
  await print(table(rows, pageOf(undefined), '').join('\n'));
  return exitStatus.ok;
}

export const command = commandOf('list', {}, run);
