// include/linux/rwsem.h: many readers or one writer; waiting sleeps. A waiting writer does not hold up new
// readers here: the kernel's fairness between them only removes interleavings.

import {
  type HoldersVar,
  holders,
  type OwnerVar,
  owner,
  type Part,
  record,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/rwsem.h');

export const rwsem = () => record({ writer: owner('rwsem'), readers: holders('rwsem') });
export interface Rwsem {
  readonly writer: OwnerVar<'rwsem'>;
  readonly readers: HoldersVar<'rwsem'>;
}

export const down_read = ({ writer, readers }: Rwsem, ...also: readonly Part[]) =>
  c`down_read(${readers})`(mightSleep(), ...also, when(writer.isFree()), readers.take());
export const up_read = ({ readers }: Rwsem) => c`up_read(${readers})`(readers.drop());

export const down_write = ({ writer, readers }: Rwsem, ...also: readonly Part[]) =>
  c`down_write(${writer})`(mightSleep(), ...also, when(readers.isFree()), writer.take());
export const up_write = ({ writer }: Rwsem) => c`up_write(${writer})`(writer.drop());

/** downgrade_write(): the writer becomes a reader, in one step. */
export const downgrade_write = ({ writer, readers }: Rwsem) =>
  c`downgrade_write(): from ${writer} to ${readers}`(writer.drop(), readers.take());
