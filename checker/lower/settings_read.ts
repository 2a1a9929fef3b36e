// Records which settings a lowering reads. The Program is a function of these answers: settings that give the same
// answers give the same Program, except for the settings that it lists.
//
//   arch=x86:   is it powerpc? no      arch=s390:   is it powerpc? no        one Program for both

import type { ExprNode, SettingValue } from '../../models/language/index.js';
import { type Settings, settingOf } from './settings.js';

interface SettingRead {
  readonly setting: string;
  readonly value: SettingValue;
  /** Was it this value? */
  readonly was: boolean;
}

/** The settings that one lowering has read. */
export class SettingsRead {
  readonly #questions = new Map<string, SettingRead>();

  /** Records that the value was read. */
  value(setting: string, settings: Settings): void {
    const value = settingOf(settings, setting);
    if (value !== undefined) this.#note({ setting, value, was: true });
  }

  /** Records a comparison of a setting with a constant; false if the two nodes are no such comparison. */
  whether(x: ExprNode, y: ExprNode, settings: Settings): boolean {
    const [of, what] = x.op === 'setting' ? [x, y] : [y, x];
    if (of.op !== 'setting' || what.op !== 'const') return false;
    const value = settingOf(settings, of.name);
    if (typeof value !== typeof what.value) return false;
    this.#note({ setting: of.name, value: what.value, was: value === what.value });
    return true;
  }

  /** Would all reads give the same under these settings? */
  areSameUnder(settings: Settings): boolean {
    for (const { setting, value, was } of this.#questions.values()) {
      if ((settingOf(settings, setting) === value) !== was) return false;
    }
    return true;
  }

  #note(question: SettingRead): void {
    const key = `${question.setting} ${question.value}`;
    if (!this.#questions.has(key)) this.#questions.set(key, question);
  }
}
