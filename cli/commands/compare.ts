// raceproof compare MODEL: every candidate fix against every scenario, in every environment.

import type { Argv } from 'yargs';
import type { Command } from '../command.js';
import { type Comparison, compare, comparisonStatus } from '../comparison.js';
import { comparisonJson, comparisonMarkdown, comparisonText } from '../comparison-text.js';
import type { ExitStatus } from '../exit-status.js';
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
  readonly candidates: string | undefined;
  readonly format: Format;
  readonly width: number | undefined;
}

const builder = (yargs: Argv): Argv<Arguments> =>
  withWidth(withExploration(withSettings(withModel(yargs))))
    .option('candidates', { type: 'string', requiresArg: true })
    .option('format', word('format', ['table', 'json', 'markdown']));

async function run(args: Arguments): Promise<ExitStatus> {
  const loaded = await loadModel(requireModel('compare', args.model));
  const comparison = await compare(loaded, args.candidates, args.set, args);
  await print(render(comparison, args.format, pageOf(args.width)));
  return comparisonStatus(comparison);
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

export const command: Command<Arguments> = { command: 'compare [model]', builder, run };
