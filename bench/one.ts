// One search in a process of its own: node scripts/run.js bench/one.ts '{"model": …, "settings": …, "options": …}'
// prints its figures as JSON. Properties are left out, so that every variant and the C program do the same work.

import { chooseEngine, type SearchOptions } from '../checker/choose.js';
import { lower } from '../checker/index.js';
import { checksOf } from '../checker/search/report.js';
import { models } from '../models/index.js';
import { inBuffers } from './cases.js';

export interface Task {
  readonly model: string;
  readonly settings: { readonly [name: string]: number | string | boolean };
  /** Under x86-TSO, with buffers of so many stores. */
  readonly buffer?: number | undefined;
  readonly options: SearchOptions;
}

export interface Figures {
  readonly states: number;
  readonly transitions: number;
  /** Of the search alone: by the clock, and of all its threads together. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What the engine accounts for, at its last report; 0 if it never came to one. */
  readonly bytesPerState: number;
  /** Of the whole process, at its peak. */
  readonly mebibytes: number;
}

async function measure({ model, settings, buffer, options }: Task): Promise<Figures> {
  const found = models.get(model);
  if (found === undefined) throw new Error(`no model '${model}'`);
  const { program } = lower(found.model, settings, {}, inBuffers(buffer));
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const search = await chooseEngine(program, options).search(checksOf(program, []));
  let bytesPerState = 0;
  let next = search.next();
  for (; !next.done; next = search.next()) {
    if (next.value.again === undefined) bytesPerState = (next.value.bytes ?? 0) / next.value.states;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const { states, transitions } = next.value.counts;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  return { states, transitions, seconds, cpuSeconds: (user + system) / 1e6, bytesPerState, mebibytes };
}

console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '{}') as Task)));
