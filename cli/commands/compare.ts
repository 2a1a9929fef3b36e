// raceproof compare MODEL: every candidate fix against every scenario, in every environment.

import { join } from 'node:path';
import { counted } from '../../counterexamples/index.js';
import { commandOf } from '../command.js';
import { type Comparison, compare, comparisonStatus } from '../comparison.js';
import { comparisonPages, type Essences } from '../comparison-html.js';
import { comparisonJson, comparisonMarkdown, comparisonText } from '../comparison-text.js';
import { UsageError } from '../errors.js';
import { essencesOf } from '../essence.js';
import type { ExitStatus } from '../exit-status.js';
import { loadModel } from '../model.js';
import { exploration, operand, requireModel, settings, text, width, word } from '../options.js';
import { preparePages, writePages } from '../pages.js';
import type { Values } from '../parameters.js';
import type { Stop } from '../stop.js';
import { type Page, pageOf, print } from '../terminal.js';

const parameters = {
  model: operand,
  set: settings,
  candidates: text,
  format: word(['table', 'json', 'markdown', 'html']),
  out: text,
  ...exploration,
  width,
};
type Arguments = Values<typeof parameters>;

async function run(args: Arguments, stop: Stop): Promise<ExitStatus> {
  const name = requireModel('compare', args.model);
  const { format, out } = args;
  if ((format === 'html') !== (out !== undefined)) {
    throw new UsageError('--format=html and --out=DIR go together: the pages need a folder');
  }
  if (out !== undefined) preparePages(out);
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name));
  const questions = { coverage: format === 'html' };
  const comparison = await compare(loaded, args.candidates, args.set, args, stop, questions);
  if (format !== 'html') await print(render(comparison, format, pageOf(args.width)));
  else {
    const essences = await essencesOf(
      comparison.cells.map(({ run }) => run),
      stop,
    );
    await print(write(comparison, essences, out!));
  }
  return comparisonStatus(comparison, stop.signal);
}

/** Writes the pages of a comparison, and says where. */
function write(comparison: Comparison, essences: Essences, folder: string): string {
  const pages = comparisonPages(comparison, essences);
  writePages(folder, pages);
  return `${join(folder, 'index.html')} and ${counted(pages.size - 1, 'page')} behind it`;
}

function render(comparison: Comparison, format: Exclude<Arguments['format'], 'html'>, page: Page): string {
  switch (format) {
    case 'table':
      return comparisonText(comparison, page);
    case 'json':
      return comparisonJson(comparison);
    case 'markdown':
      return comparisonMarkdown(comparison);
  }
}

export const command = commandOf('compare', parameters, run);
