// The kinds of checks: what decides each of them is written in this table, and nowhere else. Searches of both engines,
// replay, shortening, essences, walks, exporters and saved traces read it, and add only how they evaluate.
//
//   always x     is decided by a state in which x is false: that is a violation
//   sometimes x  is decided by a state in which x is true: that is an example, and it is wanted

/** What decides a check: when is something found? */
export type Question =
  /** In a state in which the check's condition is `where`. */
  | { readonly asks: 'condition'; readonly where: boolean }
  /** At a step that reports the check's name. */
  | { readonly asks: 'report' }
  /** In a state that is not final, in which no actor can go on, or some wait for each other's locks. */
  | { readonly asks: 'deadlock' }
  /** At a step that has no value. */
  | { readonly asks: 'fault' }
  /** In a state in which the check's condition has no value. */
  | { readonly asks: 'value' }
  /** In a state from which no run leads to one in which the condition is true. */
  | { readonly asks: 'possibility' }
  /** In a state from which no run lets some actor take a step again, though others go on for ever. */
  | { readonly asks: 'stuck' }
  /** On a whole run, which may never end. */
  | { readonly asks: 'run' };

export interface CheckRule {
  readonly question: Question;
  /** Is what is found an example, and wanted? Otherwise it is a violation. */
  readonly isExample?: true;
  /** Is what is found only a warning of what might happen? What does happen speaks first. */
  readonly isWarning?: true;
  /** Who asks: a property that is given, or the checker, of every Program. */
  readonly askedBy: 'property' | 'checker';
  /** The words before the condition where a property states one. */
  readonly stated?: string;
  /** The class of failure that it is for those who run the checker: one exit status each. */
  readonly failure: 'safety' | 'liveness' | 'deadlock' | 'assertion';
}

// The name of a kind is a word of kernel developers; code of the checker has none of these.
const lockOrder = 'lockdep' as const;

const kinds = {
  always: {
    question: { asks: 'condition', where: false },
    askedBy: 'property',
    stated: 'always',
    failure: 'safety',
  },
  never: {
    question: { asks: 'condition', where: true },
    askedBy: 'property',
    stated: 'never',
    failure: 'safety',
  },
  sometimes: {
    question: { asks: 'condition', where: true },
    isExample: true,
    askedBy: 'property',
    stated: 'sometimes',
    failure: 'safety',
  },
  alwaysPossible: {
    question: { asks: 'possibility' },
    askedBy: 'property',
    stated: 'always possible',
    failure: 'liveness',
  },
  liveness: { question: { asks: 'run' }, askedBy: 'property', failure: 'liveness' },
  assertion: { question: { asks: 'report' }, askedBy: 'checker', failure: 'assertion' },
  deadlock: { question: { asks: 'deadlock' }, askedBy: 'checker', failure: 'deadlock' },
  stuck: { question: { asks: 'stuck' }, askedBy: 'checker', failure: 'deadlock' },
  domain: { question: { asks: 'fault' }, askedBy: 'checker', failure: 'safety' },
  // Of each condition of a property; listed only where something is found: then the formula is at fault, not the model.
  formula: { question: { asks: 'value' }, askedBy: 'checker', failure: 'safety' },
  // One edge of a circle in the order of locks, or all of it where there is no circle.
  [lockOrder]: {
    question: { asks: 'condition', where: true },
    isWarning: true,
    askedBy: 'checker',
    failure: 'assertion',
  },
} as const satisfies { readonly [kind: string]: CheckRule };

export type CheckKind = keyof typeof kinds;

export const checkKinds: { readonly [kind in CheckKind]: CheckRule } = kinds;

/** All of them, in the order of the table. */
export const checkKindNames = Object.keys(kinds) as readonly CheckKind[];
