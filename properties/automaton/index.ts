// From formulas to monitors and automata: the only door to this folder.

export { type Automaton, automatonOf, type Transition } from './buchi.js';
export { components } from './components.js';
export { accepts, type Lasso, truthOf } from './lasso.js';
export { Atoms, and, False, type Normal, normalise, or, True } from './normal.js';
export { type Specified, type Stated, specify } from './specify.js';
