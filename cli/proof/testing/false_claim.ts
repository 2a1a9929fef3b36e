// For tests of the prover: small models whose claims are false, and what comes of trying to prove them.

import { explore, lower } from '../../../checker/index.js';
import { checkNames } from '../../../checker/ir/built_in_checks.js';
import { factObligations, parameterised } from '../../../checker/proof/index.js';
import {
  actors,
  config,
  type Int,
  int,
  type Model,
  ModelError,
  model,
  procedure,
  type Stmt,
} from '../../../models/language/index.js';
import type { Properties } from '../../../properties/language/index.js';
import { unshown } from './proving.js';

const without = checkNames.filter((name) => name !== 'deadlock' && name !== 'stuck');
export const settings = config({ NR: int(1, 8), NR_B: int(1, 8) });
export const index = int(0, 7);

export interface FalseClaim {
  readonly of: Model;
  readonly stated: Properties;
  /** At which sizes it is false. */
  readonly at: { readonly [setting: string]: number };
}

/** A model with a false claim; `at`: the sizes at which it is false. */
export const made = (
  state: Record<string, unknown>,
  families: Parameters<typeof model>[1]['actors'],
  stated: Properties,
  at: FalseClaim['at'],
): FalseClaim => ({
  of: model('false', { about: 'a false claim', settings, state: state as never, actors: families }),
  stated,
  at,
});

type Steps = { readonly [label: string]: Stmt<string> };

/** Any number of members. */
export const family = (name: string, steps: Steps, size = settings.NR) =>
  actors(
    name,
    size,
    procedure(name, () => steps),
  );

/** Any number of members, each with its number. */
export const indexed = (name: string, steps: (k: Int) => Steps, size = settings.NR) =>
  actors(
    name,
    size,
    procedure(name, { k: index }, ({ k }) => steps(k)),
    (k) => ({ k }),
  );

/** What a claim of single states violates at these sizes. */
export async function violatedAt(
  { of, stated }: FalseClaim,
  at: FalseClaim['at'],
): Promise<readonly string[]> {
  const { program, properties } = lower(of, at, stated, { without });
  const { properties: results } = await explore(program, properties, { stuckStatesMax: 0 });
  return results.flatMap(({ check, verdict }) =>
    verdict === 'violated' && check.kind !== 'deadlock' ? [check.name] : [],
  );
}

/** The least number of everything, up to 3, at which prove refutes the claim, and what is violated there. */
export async function refutedText(claim: FalseClaim): Promise<string | undefined> {
  for (const n of [1, 2, 3]) {
    const violated = await violatedAt(
      claim,
      Object.fromEntries(Object.keys(claim.of.settings).map((name) => [name, n])),
    );
    if (violated.length > 0) return `refuted at ${n}: ${violated.join(', ')}`;
  }
  return undefined;
}

/** What solvers do not prove, whatever small numbers refute; or why it is not even tried. */
export async function solversText({ of, stated, at }: FalseClaim): Promise<string> {
  const open = new Map([...Object.keys(at), 'NR'].map((name) => [name, 1] as const));
  try {
    const lowered = lower(of, {}, stated, { without, open });
    const program = parameterised(lowered);
    const left = program.leftOut.find(({ name }) => name === 'bad');
    if (left !== undefined) return `refused: ${left.why}`;
    const asked = await unshown(program, factObligations(lowered.open!));
    return asked.length === 0 ? 'proved' : `unknown: ${asked.join('; ')}`;
  } catch (error) {
    if (error instanceof ModelError) return `refused: ${error.message}`;
    throw error;
  }
}
