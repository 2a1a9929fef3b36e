// The classic: a lock taken with interrupts on, and in the interrupt handler of the same CPU.
import { actor, cpu, model as define, interrupt, procedure, shared } from '../../language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../index.js';

const state = shared({ lock: spinlock() });
const locks = procedure('locks', () => ({ l: spin_lock(state.lock), u: spin_unlock(state.lock) }));
const on = cpu('cpu0');
const actors = [actor('task', locks, {}, { on }), interrupt('irq', locks, { on })];
export const model = define('irq', { about: 'a lock shared with an interrupt', state, actors });
