// An access to an object that is freed after its user has completed: checked in the step of the access.
import { actor, bool, model as define, object, procedure, shared, source } from '../../language/index.js';
import { complete, completion, kfree, wait_for_completion } from '../index.js';

const c = source('x.c');
const state = shared({ go: completion(), d: object({ x: bool() }) });
const use = procedure('use', () => ({ go: complete(state.go), load: c`d->x = 1`(state.d.x.set(true)) }));
const free = procedure('free', () => ({ wait: wait_for_completion(state.go), free: kfree(state.d) }));
const actors = [actor('user', use), actor('freer', free)];
export const model = define('check_then_access', { about: 'complete, then use', state, actors });
