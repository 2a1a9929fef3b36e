// raceproof list: the models that come with the package.

import type { CommandModule } from 'yargs';
import { counted } from '../../counterexamples/index.js';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { table } from '../table.js';
import { pageOf, print } from '../terminal.js';

async function handler(): Promise<void> {
  const rows = [...models.values()].map(({ model }) => {
    const settings = counted(Object.keys(model.settings).length, 'setting');
    const stated = counted(Object.keys(properties.get(model.name) ?? {}).length, 'property', 'properties');
    return [
      { text: model.name, look: 'strong' as const },
      { text: `${model.about} [${settings}, ${stated}]` },
    ];
  });
  await print(table(rows, pageOf(undefined), '').join('\n'));
}

export const command: CommandModule = { command: 'list', handler };
