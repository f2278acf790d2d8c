// The re-ranking figure's settings in the address; on a page with other captions and seeds under names with a prefix.

import {choiceSetting, numberSetting, pageSettings, textSetting} from "../../notebook/settings.js";
import type {Size} from "../../training/protocol.js";

export interface RankAddress {
  readonly size: Size;
  /** "" stands for the figure's own. */
  readonly caption: string;
  readonly n: number;
  readonly t: number;
  readonly seed: number;
}

export interface RankAddressOptions {
  readonly prefix: string;
  readonly size: Size;
  /** Candidates at first, and at most. */
  readonly usual: number;
  readonly most: number;
}

export function rankAddress({prefix, size, usual, most}: RankAddressOptions) {
  const table = {
    size: choiceSetting<Size>(size, ["s", "xs"]),
    caption: textSetting("", {maxLength: 200}),
    n: numberSetting(usual, {min: 1, max: most, integer: true}),
    t: numberSetting(1, {min: 0, max: 2}),
    // 1 is one of the seeds at which the first caption's best-liked candidate is a blind spot: the page comes to those later.
    seed: numberSetting(4, {min: 0, max: 2 ** 32 - 1, integer: true})
  };
  const named = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
  const settings = pageSettings(named(table));
  const names = Object.keys(table) as (keyof RankAddress)[];
  return {
    values: Object.fromEntries(
      names.map((name) => [name, settings.values[`${prefix}${name}`]])
    ) as unknown as RankAddress,
    problems: settings.problems,
    set: (values: RankAddress) => settings.set(named(values))
  };
}
