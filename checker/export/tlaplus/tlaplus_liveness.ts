// Liveness in TLA+: `fairness => formula`. TLA+ has always, eventually and leads-to; a property that needs next, until
// or the past is left out, and a comment names it.
//
//   always (p implies eventually q), weakly fair for a   ->   (WF_vars(a_1 \/ a_2)) => [](p => <>q)

import type { Formula } from '../../../properties/language/temporal.js';
import type { Expr } from '../../ir/program.js';
import type { Fairness } from '../../property/property.js';
import type { Check } from '../../search/report.js';
import { type Identifiers, identifier, plainText } from '../names.js';

/** A definition of the module. */
export interface Definition {
  readonly name: string;
  readonly text: readonly string[];
}

/** The text for a liveness check: its definition, or a comment with the reason why it is left out. */
export type Live = Definition | { readonly name?: undefined; readonly text: readonly string[] };

/** The names and the syntax of a formula's parts in the module. */
export interface TlaLivenessContext {
  readonly names: Identifiers;
  /** The actions, by step. */
  readonly actions: readonly string[];
  /** A condition on states, as an atom. */
  readonly text: (x: Expr) => string;
}

/** The text for a liveness check; nothing for other checks. */
export function livenessText({ name, liveness, about }: Check, context: TlaLivenessContext): readonly Live[] {
  if (liveness === undefined) return [];
  if (liveness.previously !== undefined) {
    return [
      { text: [`\\* ${plainText(name)} is left out: it has 'previously', and TLA+ runs may stutter.`] },
    ];
  }
  const formula = formulaText(liveness.formula, context);
  const assumption = liveness.assumption && formulaText(liveness.assumption, context);
  if (formula === undefined || (liveness.assumption !== undefined && assumption === undefined)) {
    return [{ text: [`\\* ${plainText(name)} is left out: TLA+ has no next and no until.`] }];
  }
  const own = context.names.take(name, `Check_${identifier(name)}`);
  const fairness = liveness.fairness.map((one) => fairnessText(one, context));
  const assumed = [...fairness, ...(assumption === undefined ? [] : [assumption])];
  const before = assumed.length === 0 ? '' : `(${assumed.join(' /\\ ')}) => `;
  return [
    {
      name: own,
      text: [
        ...(about === undefined ? [] : [`\\* ${plainText(about)}`]),
        `${own} ==`,
        `  ${before}${formula}`,
      ],
    },
  ];
}

const fairnessText = ({ strength, steps }: Fairness, { actions }: TlaLivenessContext): string =>
  `${strength === 'weak' ? 'WF' : 'SF'}_vars(${steps.map((step) => actions[step]!).join(' \\/ ')})`;

const binary: { readonly [op: string]: string } = {
  and: '/\\',
  or: '\\/',
  implies: '=>',
  iff: '<=>',
  leadsTo: '~>',
};
const unary: { readonly [op: string]: string } = { not: '~', always: '[]', eventually: '<>' };

/** The formula as an atom; undefined if TLA+ lacks one of its operators. */
function formulaText(formula: Formula<Expr>, context: TlaLivenessContext): string | undefined {
  if (formula.op === 'state') return context.text(formula.x);
  const x = formulaText(formula.x, context);
  if (x === undefined) return undefined;
  if (!('y' in formula)) return formula.op in unary ? `${unary[formula.op]}${x}` : undefined;
  const y = formulaText(formula.y, context);
  return y === undefined || !(formula.op in binary) ? undefined : `(${x} ${binary[formula.op]} ${y})`;
}
