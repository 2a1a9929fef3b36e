// Computes the files of the gallery: each counterexample as lanes, as Mermaid and as a saved trace, and a README with
// their explanations. `counterexamples/gallery/gallery.test.ts` compares them with the committed files; `npm run
// gallery` writes them.

import { digestOf, explore, lower } from '../../checker/index.js';
import type { Model } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';
import type { Essence } from '../essence/essence.js';
import { tryEssence } from '../essence/try_essence.js';
import { renderLanes } from '../render/lanes.js';
import { renderMermaid } from '../render/mermaid.js';
import { counted } from '../render/wrap.js';
import { replay } from '../replay/replay.js';
import { saveTrace } from '../trace/saved.js';
import type { Trace } from '../trace/trace.js';
import { type Story, stories } from './stories.js';

export { raceStory } from './race_stories.js';
export { racesMarkdown } from './race_table.js';

/** Where a model and its properties come from. */
export type Library = (
  name: string,
) => { readonly model: Model; readonly properties: Properties } | undefined;

/** The texts by file name, in the order of the stories, those of races behind the others; the README last. */
export async function galleryFiles(
  library: Library,
  races: readonly Story[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const sections: string[] = [];
  for (const story of [...stories, ...races]) {
    const found = await traceOf(story, library);
    const { trace, saved, essence } = found;
    files.set(`${story.name}.txt`, renderLanes(trace, { withSettings: false, ...(essence && { essence }) }));
    files.set(`${story.name}.mmd`, renderMermaid(trace, essence));
    files.set(`${story.name}.json`, saved);
    sections.push(section(story, found));
  }
  files.set('README.md', `${readmeHead}\n${sections.join('\n')}`);
  return files;
}

interface StoryTrace {
  readonly trace: Trace;
  readonly saved: string;
  readonly essence: Essence | undefined;
}

async function traceOf({ name, model, settings, property }: Story, library: Library): Promise<StoryTrace> {
  const entry = library(model);
  if (entry === undefined) throw new Error(`${name}: there is no model '${model}'`);
  const lowered = lower(entry.model, settings, entry.properties);
  const { program, properties } = lowered;
  const report = await explore(program, properties);
  const result = report.properties.find(({ check }) => check.name === property);
  if (result?.finding === undefined) throw new Error(`${name}: '${property}' has no counterexample`);
  const { check, finding } = result;
  // Without line numbers, which every change of a model would change.
  const trace = withoutLines(replay(program, result, ({ file }) => file));
  const saved = saveTrace({ digest: await digestOf(program), path: finding.path, trace });
  const essence = tryEssence({ ...lowered, check, path: finding.path });
  return { trace, saved, essence: 'why' in essence ? undefined : essence };
}

function withoutLines({ property: { source: _, ...property }, steps, ...trace }: Trace): Trace {
  return { ...trace, property, steps: steps.map(({ source: _, ...step }) => step) };
}

const readmeHead = `# Gallery

One counterexample for each distinct race of the models: as lanes for a terminal (\`.txt\`), as a Mermaid sequence diagram (\`.mmd\`), and saved for \`raceproof replay\`, \`render\` and \`explain\` (\`.json\`).
Each is a shortest one. Below each stands its essence: the fewest orderings that make it inevitable ([docs/essence.md](../../docs/essence.md)).

\`npm run gallery\` writes these files anew; a test compares them with what the checker finds.
`;

function section(
  { name, title, model, settings, property, sentences }: Story,
  { trace, essence }: StoryTrace,
): string {
  const chosen = Object.entries(settings).map(([setting, value]) => ` --set ${setting}=${value}`);
  const files = ['txt', 'mmd', 'json'].map((kind) => `[${kind}](${name}.${kind})`).join(', ');
  const orderings = essence?.orderings.map(({ sentence }, i) => `${i + 1}. ${escaped(sentence)}`) ?? [];
  if (essence?.orderings.length === 0)
    orderings.push('The order of steps does not matter: every run of its actors that ends shows it.');
  return [
    `## ${title}`,
    '',
    sentences.join(' '),
    '',
    `\`${property}\` is violated in ${counted(trace.steps.length, 'step')}: \`raceproof check ${model}${chosen.join('')}\` (${files}).`,
    '',
    ...(orderings.length === 0 ? [] : [...orderings, '']),
  ].join('\n');
}

const escaped = (text: string): string => text.replace(/[_*[\]]/g, '\\$&');
