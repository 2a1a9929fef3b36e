// Combinations of settings that a model excludes. Checked before anything is lowered: a verdict about a Program that
// the modelled code cannot have is worthless.

import type { ExprNode } from '../../models/language/index.js';
import { lowerExpr } from './expressions.js';
import { requireConstant, rootScope, type World } from './scope.js';
import { SettingError } from './settings.js';

/** Throws a SettingError for the first exclusion of the model that its settings satisfy. */
export function refuseExcluded(world: World): void {
  const { model, settings } = world;
  const scope = { ...rootScope(world), at: model.at };
  for (const { when, because } of model.excludes) {
    if (requireConstant(lowerExpr(when, scope), 'a condition of excludes', model.at) === 0) continue;
    const chosen = [...new Set(settingsIn(when))].map((name) => `${name}=${settings[name]}`);
    throw new SettingError(`${model.name} excludes ${chosen.join(' with ')}: ${because}`);
  }
}

/** The settings that a condition names, in its order. */
function settingsIn(node: ExprNode): readonly string[] {
  if (node.op === 'setting') return [node.name];
  return Object.values(node).flatMap((part) =>
    typeof part === 'object' && part !== null && 'op' in part ? settingsIn(part) : [],
  );
}
