// From formulas to monitors and automata, over numbered atoms: the only door to this folder.

export { TooLarge } from './alternating.js';
export { readerOf } from './automaton.js';
export { allOf, type Bits, bit, has, isWithin, membersOf } from './bits.js';
export {
  type Automaton,
  type AutomatonTransition,
  automatonOf,
  type Reader,
  readerOfFormula,
} from './buchi.js';
export { components, edgesOf, findComponents } from './components.js';
export { accepts, type Lasso, truthOf } from './lasso.js';
export { isViolatedByRepeat, type MonitorAutomaton, monitorOf, violated } from './monitor.js';
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
