// The plan of a Program as a WebAssembly module: `sweep` checks conditions in states and expands them, in their order,
// until the batch is full; `enter` takes the new ones into the log. Rare events are passed to callbacks.
//
// emit/javascript_program.ts makes the same search in JavaScript, and is what this code is compared with.

import type { ProgramPlan } from '../../plan/program.js';
import type { SleepPlan } from '../../plan/sleep.js';
import type { StubbornPlan } from '../../plan/stubborn.js';
import type { Watched } from '../javascript_program.js';
import { conditionsPerSet } from '../javascript_program.js';
import { type WasmFunction, WasmModule } from './assembler.js';
import { LockNotes } from './lock_notes.js';
import { type MemoryMap, memoryPages } from './memory_map.js';
import { type MoverCode, writeMovers } from './movers.js';
import { SleepSets } from './sleep.js';
import { writeThread } from './steps.js';
import { type ExpansionLocals, type StubbornCode, writeChoose, writeChosen } from './stubborn.js';
import { type TableCode, writeTable } from './table.js';
import { ValueWriter } from './values.js';

/** What the module imports beside its memory. States are given by their numbers. */
export interface WasmCallbacks {
  /** A condition has news in this state. */
  onCondition(number: number): void;
  /** A step has a fault in this state. */
  onFault(number: number, step: number): void;
  /** A step that is open was taken in this state, and reports. */
  onReport(number: number, step: number): void;
  /** The state has no successors. */
  onStuck(number: number): void;
  /** Of these threads, as bits, some may wait for each other's locks. */
  onBlocked(number: number, threads: number): void;
}

/** A variable of a module. */
export interface WasmGlobal {
  value: number;
}

/** What an instance of the module exports. */
export interface WasmExports {
  /** Checks and expands the states from `number` up to `end`, or until the batch is full; returns the next state. */
  sweep(number: number, end: number): number;
  /** Drops records that were found shortly before from the batch up to an address; returns the address behind those that are left. */
  sift(end: number): number;
  /** Drops records of the batch up to an address that are among the first `count` states; returns the address behind the others. */
  filter(end: number, count: number): number;
  /** Reads the cells of the table that the records of the batch up to an address select. */
  touch(end: number): void;
  /** Enters the batch up to an address, until there are so many states; 1 if all records were entered. */
  insert(end: number, countMax: number): number;
  /** Makes the table, with so many cells, for the states of the log. */
  rebuild(cells: number): void;
  /** The batch: its address, the last address at which a state is expanded into it, the hashes of its records. */
  readonly batch: WasmGlobal;
  readonly last: WasmGlobal;
  readonly hashes: WasmGlobal;
  /** The cache of recent states. */
  readonly recent: WasmGlobal;
  /** The address behind the last record of the batch. */
  readonly filled: WasmGlobal;
  /** How many successors the last sweep did not make, since their threads sleep. */
  readonly slept: WasmGlobal;
  /** States in the log. */
  readonly count: WasmGlobal;
  readonly cells: WasmGlobal;
  readonly numberMask: WasmGlobal;
}

/** What a search leaves out. */
export interface LeftOut {
  /** By thread: the locations at which it runs alone. */
  readonly movers?: readonly ReadonlySet<number>[];
  /** Take the steps of a stubborn set of threads. */
  readonly stubborn?: StubbornPlan | undefined;
}

/** Which threads sleep, where a search leaves no state out. */
export interface Sleeping {
  readonly sleep?: SleepPlan | undefined;
}

/** Writes the module. The plan and the conditions have numbers of 32 bits only: see `isInt32`. */
export function writeWasm(
  plan: ProgramPlan,
  watched: readonly Watched[],
  map: MemoryMap,
  { movers = [], stubborn, sleep: sleepPlan }: LeftOut & Sleeping = {},
): Uint8Array<ArrayBuffer> {
  const module = new WasmModule(memoryPages);
  const { onCondition, onFault, onReport, onStuck, onBlocked } = importCallbacks(module);
  const [filled, last] = [module.global(), module.global()];
  const batch = { batch: module.global(), hashes: module.global(), recent: module.global() };
  const notes = new LockNotes(module, plan.locks, plan.layout.threads.length);
  const { words, openSteps, stride } = map;
  const faulted = stubborn && module.global();
  const sleep = sleepPlan && new SleepSets(module, sleepPlan);
  const slept = sleep?.slept ?? module.global();
  const context = { module, words, stride, onFault, onReport, openSteps, notes, faulted, sleep };
  const threads = plan.threads.map((thread) => writeThread(thread, context));
  const moving = plan.threads.flatMap((thread, i) => {
    const locations = movers[thread.thread];
    return locations?.size ? [{ plan: thread, expand: threads[i]!, locations }] : [];
  });
  const moves = moving.length > 0 ? writeMovers(module, moving, words) : undefined;
  const sets = stubborn && { faulted: faulted!, choose: writeChoose(module, plan.threads, stubborn, map) };
  const inspects = writeConditions(module, watched, map);
  const table = writeTable(module, map, batch);

  const sweep = module.function(['i32', 'i32'], ['i32']);
  const [number, end] = [0, 1];
  const [state, to, before] = [sweep.local(), sweep.local(), sweep.local()];
  const sleeping = sweep.local('i64');
  sweep.i32(0).setGlobal(slept);
  sweep.get(number).i32(map.logStride).op('i32.mul').i32(map.states).op('i32.add').set(state);
  sweep.getGlobal(batch.batch).set(to);
  sweep.block((done) => {
    sweep.loop((next) => {
      sweep.get(number).get(end).op('i32.ge_u').brIf(done);
      sweep.get(to).getGlobal(last).op('i32.gt_u').brIf(done);
      for (const inspect of inspects) {
        sweep.get(state).call(inspect);
        sweep.if('none', () => void sweep.get(number).call(onCondition));
      }
      sweep.get(to).set(before);
      if (sleep === undefined) writeExpansion(sweep, threads, moves, sets, { state, number, to, before });
      else writeAwake(sweep, threads, sleep, map, { state, number, to, sleeping });
      sweep.get(to).get(before).op('i32.eq').get(sleeping).op('i64.eqz').op('i32.and');
      sweep.if('none', () => void sweep.get(number).call(onStuck));
      if (!notes.isEmpty) writeBlocked(sweep, notes, number, onBlocked);
      sweep.get(number).i32(1).op('i32.add').set(number);
      sweep.get(state).i32(map.logStride).op('i32.add').set(state);
      sweep.br(next);
    });
  });
  sweep.get(to).setGlobal(filled).get(number);

  module.export('sweep', sweep);
  exportTable(module, table, { ...batch, last, filled, slept });
  return module.bytes;
}

/** Imports what `WasmCallbacks` lists. */
const importCallbacks = (module: WasmModule) => ({
  onCondition: module.importFunction('onCondition', ['i32']),
  onFault: module.importFunction('onFault', ['i32', 'i32']),
  onReport: module.importFunction('onReport', ['i32', 'i32']),
  onStuck: module.importFunction('onStuck', ['i32']),
  onBlocked: module.importFunction('onBlocked', ['i32', 'i32']),
});

/** Exports what `WasmExports` lists, but for the sweep. */
function exportTable(
  module: WasmModule,
  table: TableCode,
  variables: { readonly [name: string]: number },
): void {
  module.export('sift', table.sift);
  module.export('filter', table.filter);
  module.export('touch', table.touch);
  module.export('insert', table.insert);
  module.export('rebuild', table.rebuild);
  for (const [name, global] of Object.entries(variables)) module.exportGlobal(name, global);
  module.exportGlobal('count', table.globals.count);
  module.exportGlobal('cells', table.globals.cells);
  module.exportGlobal('numberMask', table.globals.numberMask);
}

/** Appends the successors of a state: of all threads, of a stubborn set of them, or of one that runs alone. */
function writeExpansion(
  body: WasmFunction,
  threads: readonly WasmFunction[],
  moves: MoverCode | undefined,
  sets: StubbornCode | undefined,
  locals: ExpansionLocals,
): void {
  const { state, number, to, before } = locals;
  const expandAll = () => {
    if (sets !== undefined) writeChosen(body, threads, sets, locals);
    else for (const one of threads) body.get(state).get(number).get(to).call(one).set(to);
  };
  if (moves === undefined) {
    expandAll();
    return;
  }
  body.get(state).get(number).get(to).call(moves.alone).set(to);
  body.get(to).get(before).op('i32.eq');
  body.if('none', expandAll);
  body.get(number).get(before).get(to).call(moves.settle).set(to);
}

/** Appends the successors of a state by the threads that do not sleep in it. */
function writeAwake(
  body: WasmFunction,
  threads: readonly WasmFunction[],
  sleep: SleepSets,
  map: MemoryMap,
  { state, number, to, sleeping }: Omit<ExpansionLocals, 'before'> & { readonly sleeping: number },
): void {
  sleep.enter(body, map, number, sleeping);
  threads.forEach((thread, i) => {
    sleep.ifAwake(body, sleeping, i, () => void body.get(state).get(number).get(to).call(thread).set(to));
  });
}

/** Hands on the state where a thread waits for a lock whose holder waits, and clears the notes. */
function writeBlocked(
  body: WasmFunction,
  { blocked, holders }: LockNotes,
  number: number,
  onBlocked: { readonly number: number },
): void {
  body.getGlobal(blocked);
  body.if('none', () => {
    body.getGlobal(blocked).getGlobal(holders).op('i32.and');
    body.if('none', () => void body.get(number).getGlobal(blocked).call(onBlocked));
    body.i32(0).setGlobal(blocked).i32(0).setGlobal(holders);
  });
}

/** One function for each set of conditions: is any of them new in the state at an address? */
function writeConditions(
  module: WasmModule,
  watched: readonly Watched[],
  map: MemoryMap,
): readonly WasmFunction[] {
  const functions: WasmFunction[] = [];
  for (let first = 0; first < watched.length; first += conditionsPerSet) {
    const body = module.function(['i32'], ['i32']);
    const set = map.conditions + 8 * functions.length;
    const some = watched.slice(first, first + conditionsPerSet);
    const locals = Math.max(...some.map(({ condition }) => condition.locals));
    const values = new ValueWriter(body, map.words, 0, locals);
    const [open, faults, decided] = [body.local(), body.local(), body.local()];
    body.i32(0).memory('i32.load', set).set(open);
    body
      .i32(0)
      .memory('i32.load', set + 4)
      .set(faults);
    some.forEach(({ condition, wanted }, i) => {
      const decide = () => {
        values.test(condition.test);
        if (!wanted) body.op('i32.eqz');
      };
      const has = (flags: number) =>
        body
          .get(flags)
          .i32(1 << i)
          .op('i32.and');
      const yes = () => void body.i32(1).op('return');
      if (!condition.canFault) {
        has(open);
        body.if('none', () => {
          decide();
          body.if('none', yes);
        });
        return;
      }
      body
        .get(open)
        .get(faults)
        .op('i32.or')
        .i32(1 << i)
        .op('i32.and');
      body.if('none', () => {
        body.i32(0).set(values.fault);
        decide();
        body.set(decided);
        body.get(values.fault);
        body.if(
          'i32',
          () => void has(faults),
          () => void has(open).i32(0).op('i32.ne').get(decided).op('i32.and'),
        );
        body.if('none', yes);
      });
    });
    body.i32(0);
    functions.push(body);
  }
  return functions;
}
