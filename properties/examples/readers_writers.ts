// A writer is alone with the words, and readers do not exclude each other.

import { reader, settings, writer } from '../../models/examples/readers_writers.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_READERS, NR_WRITERS } = settings;

const writing = writer.count((w) => w.at('write.low').or(w.at('write.high')));
const reading = reader.count((r) => r.at('read.compare'));

export const readers_writers: Properties = {
  writers_are_alone: never(
    writing.ge(1).and(writing.plus(reading).ge(2)),
    'a writer shares the words with a reader or another writer',
  ),
  writers_get_in: sometimes(writing.ge(1), undefined, { given: NR_WRITERS.ge(1) }),
  all_read_at_once: sometimes(reading.eq(NR_READERS), undefined, { given: NR_READERS.ge(1) }),
};
