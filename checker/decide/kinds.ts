// The kinds of checks: this table, and no other place, says what decides each of them. Searches of both engines,
// replay, shortening, essences, walks, exporters and saved traces read it, and add only how they evaluate.
//
//   always x     is decided by a state in which x is false: that is a violation
//   lemma x      is decided likewise, but the claim is wrong then, and not the model
//   sometimes x  is decided by a state in which x is true: that is an example, and it is wanted

/** What decides a check: when is it a finding? */
export type Question =
  /** In a state in which the check's condition is `where`. */
  | { readonly asks: 'condition'; readonly where: boolean }
  /** At a step that reports the check's name. */
  | { readonly asks: 'report' }
  /** In a state that is not final and in which no actor can go on, or some actors wait for each other's locks. */
  | { readonly asks: 'deadlock' }
  /** At a step that has no value. */
  | { readonly asks: 'fault' }
  /** In a state in which the check's condition has no value. */
  | { readonly asks: 'value' }
  /** In a state from which no run leads to one in which the condition is true. */
  | { readonly asks: 'possibility' }
  /** In a state after which no run contains a step of some actor any more, though other actors go on for ever. */
  | { readonly asks: 'stuck' }
  /** On a whole run, which may never end. */
  | { readonly asks: 'run' };

export interface CheckRule {
  readonly question: Question;
  /** Is a finding an example, and wanted? Otherwise it is a violation. */
  readonly isExample?: true;
  /** Is a finding only a warning of what might happen? Findings of what does happen are reported first. */
  readonly isWarning?: true;
  /** Where the check comes from: a property, or the checker, for every Program. */
  readonly askedBy: 'property' | 'checker';
  /** The words before the condition where a property states one. */
  readonly stated?: string;
  /** The class of failure that it is for those who run the checker: one exit status each. */
  readonly failure: 'safety' | 'liveness' | 'deadlock' | 'assertion';
}

// Kernel developers' name of a kind; the checker's code has no kernel words.
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
  lemma: {
    question: { asks: 'condition', where: false },
    askedBy: 'property',
    stated: 'lemma',
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
  // One for each condition of a property, listed only with a finding: it is a mistake in the formula, not in the model.
  formula: { question: { asks: 'value' }, askedBy: 'checker', failure: 'safety' },
  // One edge of a circle in the lock order, or the whole order if there is no circle.
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
