// What a lowering asks of its settings. It is a function of the answers: where they are the same, so is the Program,
// but for the settings that it names.
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

/** The questions of one lowering. */
export class SettingsRead {
  readonly #questions = new Map<string, SettingRead>();

  /** What is it? */
  value(setting: string, settings: Settings): void {
    const value = settingOf(settings, setting);
    if (value !== undefined) this.#note({ setting, value, was: true });
  }

  /** Is it this? False if that is not what two compared nodes ask. */
  whether(x: ExprNode, y: ExprNode, settings: Settings): boolean {
    const [of, what] = x.op === 'setting' ? [x, y] : [y, x];
    if (of.op !== 'setting' || what.op !== 'const') return false;
    const value = settingOf(settings, of.name);
    if (typeof value !== typeof what.value) return false;
    this.#note({ setting: of.name, value: what.value, was: value === what.value });
    return true;
  }

  /** Would it have been told the same under these settings? */
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
