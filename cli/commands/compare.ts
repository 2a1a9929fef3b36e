// raceproof compare MODEL: every candidate fix against every scenario, as one table.

import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { type Comparison, compare, comparisonStatus } from '../comparison.js';
import { comparisonJson, comparisonMarkdown, comparisonText } from '../comparison-text.js';
import { loadModel } from '../model.js';
import {
  type ExplorationArguments,
  type GivenSettings,
  requireModel,
  withExploration,
  withModel,
  withSettings,
  withWidth,
  word,
} from '../options.js';
import { type Page, pageOf, print } from '../terminal.js';

type Format = 'table' | 'json' | 'markdown';

interface Arguments extends ExplorationArguments {
  readonly model: string | undefined;
  readonly set: GivenSettings;
  readonly format: Format;
  readonly width: number | undefined;
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withExploration(withSettings(withModel(yargs)))).option(
    'format',
    word('format', ['table', 'json', 'markdown']),
  );

async function handler(args: ArgumentsCamelCase<Arguments>): Promise<void> {
  const loaded = await loadModel(requireModel('compare', args.model));
  const comparison = await compare(loaded, args.set, args);
  await print(render(comparison, args.format, pageOf(args.width)));
  process.exitCode = comparisonStatus(comparison);
}

function render(comparison: Comparison, format: Format, page: Page): string {
  switch (format) {
    case 'table':
      return comparisonText(comparison, page);
    case 'json':
      return comparisonJson(comparison);
    case 'markdown':
      return comparisonMarkdown(comparison);
  }
}

export const command: CommandModule<object, Arguments> = { command: 'compare [model]', builder, handler };
