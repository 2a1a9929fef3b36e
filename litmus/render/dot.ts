// An execution as a graph for Graphviz: a cluster for each thread, po, rf, co and fr, and the cycle in bold.

import type { Edge } from '../relations/explain.js';
import { actionOf, letterOf, picturedEdges, threadName, type VerdictStory } from '../verdict/story.js';
import { colourOf, isOnCycle } from './picture.js';

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The text of a .dot file. */
export function renderDot(title: string, story: VerdictStory): string {
  const { execution, cycle } = story;
  const { events } = execution;
  const threads = [...new Set(events.map(({ thread }) => thread))].filter((thread) => thread !== -1);
  const node = (id: number): string => {
    const event = events[id]!;
    const label = event.thread === -1 ? actionOf(event) : `${letterOf(execution, id)}: ${actionOf(event)}`;
    return `n${id} [label=${quoted(label)}${event.thread === -1 ? ', style=dashed' : ''}];`;
  };
  const clusters = threads.flatMap((thread) => [
    `  subgraph cluster_P${thread} {`,
    `    label=${quoted(threadName(story, thread))};`,
    ...events.filter((event) => event.thread === thread).map(({ id }) => `    ${node(id)}`),
    '  }',
  ]);
  const drawn = picturedEdges(execution).filter((edge) => !isOnCycle(edge, cycle));
  const line = ({ from, to, name }: Edge, more: string) =>
    `  n${from} -> n${to} [label=${quoted(name)}, color=${quoted(colourOf(name))}, fontcolor=${quoted(colourOf(name))}${more}];`;
  return [
    `digraph ${quoted(title)} {`,
    `  label=${quoted(title)}; labelloc=t; node [shape=box, fontname="monospace"]; edge [fontname="monospace"];`,
    ...events.filter(({ thread }) => thread === -1).map(({ id }) => `  ${node(id)}`),
    ...clusters,
    ...drawn.map((edge) => line(edge, edge.name === 'po' ? '' : ', constraint=false')),
    ...cycle.map((edge) => line(edge, ', penwidth=3, constraint=false')),
    '}',
    '',
  ].join('\n');
}
