// From formulas to monitors and automata, over numbered atoms: the only door to this folder.

export { atomsMax } from './alternating.js';
export { type Automaton, automatonOf, type Transition } from './buchi.js';
export { components, edgesOf } from './components.js';
export { accepts, type Lasso, truthOf } from './lasso.js';
export { isViolatedByRepeat, type Monitor, monitorOf, violated } from './monitor.js';
export {
  and,
  False,
  isSyntacticSafety,
  literal,
  type Normal,
  negate,
  normalise,
  or,
  True,
  uses,
} from './normal.js';
