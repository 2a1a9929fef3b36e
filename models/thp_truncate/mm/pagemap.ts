// include/linux/pagemap.h: the lock of a page. Waiting for it sleeps.

import { mightSleep } from '../../kernel/index.js';
import { source } from '../../language/index.js';
import { page } from '../state.js';

const c = source('include/linux/pagemap.h');

export const lock_page = () => c`lock_page(): set PG_locked`(mightSleep(), page.PG_locked.take());
export const unlock_page = () => c`unlock_page(): clear PG_locked`(page.PG_locked.drop());
