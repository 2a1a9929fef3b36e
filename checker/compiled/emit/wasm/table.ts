// The set of seen states in WebAssembly. `sift` drops records of the batch that were found shortly before, `filter` those
// that the table has, which other threads do ahead; `insert` takes those that are new into the log of states, `rebuild` makes the table for all states of the log.
//
// The table has open addressing with linear probing. All cells of a batch are touched before the first is compared, so
// that the processor waits for memory once.
//
//   cell   bits of a hash | number of a state, plus 1       0: free

import type { BranchTarget, WasmFunction, WasmModule } from './assembler.js';
import { chunkRecords, type MemoryMap, recentEntries } from './memory_map.js';
import { advance, type BatchGlobals, named, RecordWriter, type TableGlobals } from './records.js';
import { writeSleepers } from './sleep.js';

export interface TableCode {
  /** sift(end): moves what is left of the batch up to an address to its start; returns the address behind it. */
  readonly sift: WasmFunction;
  /** filter(end, count): drops records of the batch up to an address that are among the first `count` states. */
  readonly filter: WasmFunction;
  /** insert(end, countMax): enters the batch up to an address, until there are so many states; 1 if all were entered. */
  readonly insert: WasmFunction;
  /** touch(end): reads the cells of the batch up to an address, where another thread has sifted it. */
  readonly touch: WasmFunction;
  /** rebuild(cells): empties the table, and fills it from the log. */
  readonly rebuild: WasmFunction;
  readonly globals: TableGlobals;
}

export function writeTable(module: WasmModule, map: MemoryMap, batch: BatchGlobals): TableCode {
  const globals: TableGlobals = {
    count: module.global(),
    cells: module.global(),
    numberMask: module.global(),
    capacity: module.global(),
    sink: module.global(),
  };
  const sift = writeSift(module, map, batch, globals);
  const rebuild = writeRebuild(module, map, globals);
  const insert = writeInsert(module, map, batch, globals, rebuild);
  const touch = writeTouch(module, map, batch, globals);
  const filter = writeFilter(module, map, batch, globals);
  return { sift, filter, touch, insert, rebuild, globals };
}

/** Runs code for each record from the address in `record` to the one in `end`; `slot`: the hash that goes with it. */
function eachRecord(
  body: WasmFunction,
  { stride }: MemoryMap,
  { record, end, slot }: { readonly record: number; readonly end: number; readonly slot?: number },
  write: () => void,
): void {
  body.block((done) => {
    body.loop((next) => {
      body.get(record).get(end).op('i32.ge_u').brIf(done);
      write();
      advance(body, record, stride);
      if (slot !== undefined) advance(body, slot, 8);
      body.br(next);
    });
  });
}

/**
 * Hashes each record, drops it if the cache of recent states has it, and else puts it there, moves it to the front of
 * the batch, keeps its hash and touches its cell.
 */
function writeSift(
  module: WasmModule,
  map: MemoryMap,
  batch: BatchGlobals,
  globals: TableGlobals,
): WasmFunction {
  const body = module.function(['i32'], ['i32']);
  const end = 0;
  const { record, left, slot, cached } = named(body, 'record', 'left', 'slot', 'cached');
  const records = new RecordWriter(body, map, globals);
  const { markAt } = map;
  body.getGlobal(batch.batch).tee(record).set(left);
  body.getGlobal(batch.hashes).set(slot);
  eachRecord(body, map, { record, end }, () => {
    records.load(record);
    records.computeHash();
    records.high();
    body.i32(recentEntries - 1).op('i32.and');
    body.i32(map.stride).op('i32.mul').getGlobal(batch.recent).op('i32.add').set(cached);
    records.same(
      () => void body.get(cached),
      () => void body.get(cached).memory('i32.load', markAt),
    );
    body.op('i32.eqz');
    body.if('none', () => {
      records.store(cached);
      body.get(cached).i32(1).memory('i32.store', markAt);
      records.copyRest(record, left);
      records.store(left);
      advance(body, left, map.stride);
      body.get(slot).get(records.hash).memory('i64.store');
      advance(body, slot, 8);
      records.touch();
    });
  });
  body.get(left);
  return body;
}

/** Touches the cells of all records. */
function writeTouch(
  module: WasmModule,
  map: MemoryMap,
  batch: BatchGlobals,
  globals: TableGlobals,
): WasmFunction {
  const body = module.function(['i32'], []);
  const end = 0;
  const { record, slot } = named(body, 'record', 'slot');
  const records = new RecordWriter(body, map, globals);
  body.getGlobal(batch.batch).set(record);
  body.getGlobal(batch.hashes).set(slot);
  eachRecord(body, map, { record, end, slot }, () => {
    body.get(slot).memory('i64.load').set(records.hash);
    records.touch();
  });
  return body;
}

/** Looks for each record in the table, and appends it to the log if it is new. */
function writeInsert(
  module: WasmModule,
  map: MemoryMap,
  batch: BatchGlobals,
  globals: TableGlobals,
  rebuild: WasmFunction,
): WasmFunction {
  const body = module.function(['i32', 'i32'], ['i32']);
  const [end, countMax] = [0, 1];
  const { record, slot, cell, seen, tag } = named(body, 'record', 'slot', 'cell', 'seen', 'tag');
  const { count, capacity } = globals;
  const records = new RecordWriter(body, map, globals);
  body.getGlobal(batch.batch).set(record);
  body.getGlobal(batch.hashes).set(slot);
  eachRecord(body, map, { record, end, slot }, () => {
    records.load(record);
    body.get(slot).memory('i64.load').set(records.hash);
    body.block((known) => {
      writeProbing(records, map, globals, { cell, seen, tag }, known);
      body.getGlobal(count).get(countMax).op('i32.ge_u');
      body.if('none', () => void body.i32(0).op('return'));
      records.address(() => void body.getGlobal(count));
      body.set(seen);
      records.store(seen);
      records.copyMark(record, seen);
      writeSleepers(body, map, record, count);
      body.getGlobal(count).i32(1).op('i32.add').setGlobal(count);
      body.get(cell).get(tag).getGlobal(count).op('i32.or').memory('i32.store', map.table);
      body.getGlobal(count).getGlobal(capacity).op('i32.gt_u');
      body.if('none', () => {
        writeLarger(body, globals);
        body.call(rebuild);
      });
    });
  });
  body.i32(1);
  return body;
}

/**
 * As the first part of `insert`, by a thread that only reads, while another one enters states: an entry counts if its
 * number is below `count`, for those states do not change any more. So what is dropped has been seen, whatever the
 * table's cells are meanwhile; what is not found is left to `insert`.
 */
function writeFilter(
  module: WasmModule,
  map: MemoryMap,
  batch: BatchGlobals,
  globals: TableGlobals,
): WasmFunction {
  const body = module.function(['i32', 'i32'], ['i32']);
  const [end, count] = [0, 1];
  const { record, slot, left, leftSlot, cell, seen, tag } = named(
    body,
    ...(['record', 'slot', 'left', 'leftSlot', 'cell', 'seen', 'tag'] as const),
  );
  const records = new RecordWriter(body, map, globals);
  body.getGlobal(batch.batch).tee(record).set(left);
  body.getGlobal(batch.hashes).tee(slot).set(leftSlot);
  eachRecord(body, map, { record, end, slot }, () => {
    records.load(record);
    body.get(slot).memory('i64.load').set(records.hash);
    body.block((known) => {
      writeProbing(records, map, globals, { cell, seen, tag, count }, known);
      records.copyRest(record, left);
      records.store(left);
      body.get(leftSlot).get(records.hash).memory('i64.store');
      advance(body, left, map.stride);
      advance(body, leftSlot, 8);
    });
  });
  body.get(left);
  return body;
}

/** Locals of probing; `count`: entries of states from there on are passed over. */
interface ProbeLocals {
  readonly cell: number;
  readonly seen: number;
  readonly tag: number;
  readonly count?: number;
}

/** Sets `cell` to the first free cell from the one of the hash on; jumps to `known` if a cell before it has the state. */
function writeProbing(
  records: RecordWriter,
  map: MemoryMap,
  { numberMask }: TableGlobals,
  { cell, seen, tag, count }: ProbeLocals,
  known: BranchTarget,
): void {
  const { body } = records;
  const entry = body.local();
  records.cell();
  body.set(cell);
  records.tag();
  body.set(tag);
  body.block((free) => {
    body.loop((probe) => {
      body.get(cell).memory('i32.load', map.table).tee(entry).op('i32.eqz').brIf(free);
      body.get(entry).get(tag).op('i32.xor').getGlobal(numberMask).op('i32.le_u');
      body.if('none', () => {
        body.get(entry).getGlobal(numberMask).op('i32.and').i32(1).op('i32.sub').set(seen);
        const compare = () => {
          records.address(() => void body.get(seen));
          body.set(seen);
          records.same(() => void body.get(seen));
          body.brIf(known);
        };
        if (count === undefined) compare();
        else {
          body.get(seen).get(count).op('i32.lt_u');
          body.if('none', compare);
        }
      });
      records.nextCell(cell);
      body.br(probe);
    });
  });
}

/** Leaves the next number of cells: 2^n, 3 * 2^(n-1), 2^(n+1), … */
function writeLarger(body: WasmFunction, { cells }: TableGlobals): void {
  body.getGlobal(cells).getGlobal(cells).i32(1).op('i32.sub').op('i32.and').op('i32.eqz');
  body.if(
    'i32',
    () => void body.getGlobal(cells).i32(1).op('i32.shr_u').getGlobal(cells).op('i32.add'),
    () => void body.getGlobal(cells).i32(3).op('i32.div_u').i32(2).op('i32.shl'),
  );
}

function writeRebuild(module: WasmModule, map: MemoryMap, globals: TableGlobals): WasmFunction {
  const body = module.function(['i32'], []);
  const { number, first, until, record, cell, slot } = named(
    body,
    ...(['number', 'first', 'until', 'record', 'cell', 'slot'] as const),
  );
  const records = new RecordWriter(body, map, globals);
  const { count, cells, numberMask, capacity } = globals;
  body.get(0).setGlobal(cells);
  body.i32(-1).get(0).i32(1).op('i32.sub').op('i32.clz').op('i32.shr_u').setGlobal(numberMask);
  body.get(0).get(0).i32(2).op('i32.shr_u').op('i32.sub').setGlobal(capacity);
  body.i32(map.table).i32(0).get(0).i32(2).op('i32.shl').fill();
  const nextState = () => {
    advance(body, slot, 8);
    advance(body, number, 1);
  };
  body.block((done) => {
    body.loop((chunk) => {
      body.get(number).getGlobal(count).op('i32.ge_u').brIf(done);
      body.get(number).i32(chunkRecords).op('i32.add').tee(until).getGlobal(count);
      body.get(until).getGlobal(count).op('i32.lt_u').op('select').set(until);
      body.get(number).set(first);
      records.address(() => void body.get(number));
      body.set(record);
      body.i32(map.chunkHashes).set(slot);
      body.loop((next) => {
        records.load(record);
        records.computeHash();
        body.get(slot).get(records.hash).memory('i64.store');
        records.touch();
        advance(body, record, map.logStride);
        nextState();
        body.get(number).get(until).op('i32.lt_u').brIf(next);
      });
      body.get(first).set(number);
      body.i32(map.chunkHashes).set(slot);
      body.loop((next) => {
        body.get(slot).memory('i64.load').set(records.hash);
        records.cell();
        body.set(cell);
        body.block((free) => {
          body.loop((probe) => {
            body.get(cell).memory('i32.load', map.table).op('i32.eqz').brIf(free);
            records.nextCell(cell);
            body.br(probe);
          });
        });
        body.get(cell);
        records.tag();
        body.get(number).i32(1).op('i32.add').op('i32.or').memory('i32.store', map.table);
        nextState();
        body.get(number).get(until).op('i32.lt_u').brIf(next);
      });
      body.br(chunk);
    });
  });
  return body;
}
