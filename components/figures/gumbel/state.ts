// What the chapter's figures share: logits, a temperature, and one draw of noise. In the address, as far as it differs.

import {stream} from "../../../data/random.js";
import {numberSetting, pageSettings, type Setting} from "../../notebook/settings.js";
import {gumbels} from "../../training/relaxation.js";

export const tauRange = {min: 1 / 16, max: 8} as const;
export const codeRange = {min: 3, max: 32} as const;
export const logitRange = [-4, 4] as const;

export interface GumbelState {
  /** ℓ, K of them. */
  readonly logits: Float64Array;
  readonly tau: number;
  /** Names the noise. */
  readonly seed: number;
  /** g, one for each code. */
  readonly noise: Float64Array;
  /** What the address gave wrongly. */
  readonly problems: readonly string[];
  setCodes(codes: number): void;
  setLogits(logits: Float64Array): void;
  setTau(tau: number): void;
  setSeed(seed: number): void;
  onChange(listener: () => void): void;
}

export function gumbelState(): GumbelState {
  const settings = pageSettings({
    k: numberSetting(8, {...codeRange, integer: true}),
    tau: numberSetting(1, tauRange),
    noise: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    logits: logitsSetting
  });
  const listeners = new Set<() => void>();
  const given = parsed(settings.values.logits);
  let logits = given ?? drawnLogits(settings.values.k);
  let noise = gumbels(logits.length, stream(settings.values.noise, "noise"));
  function changed(): void {
    for (const listener of listeners) listener();
  }
  function redrawn(): void {
    noise = gumbels(logits.length, stream(settings.values.noise, "noise"));
    changed();
  }
  return {
    get logits() {
      return logits;
    },
    get tau() {
      return settings.values.tau;
    },
    get seed() {
      return settings.values.noise;
    },
    get noise() {
      return noise;
    },
    problems: settings.problems,
    setCodes(codes) {
      logits = drawnLogits(codes);
      settings.set({k: codes, logits: ""});
      redrawn();
    },
    setLogits(next) {
      logits = next;
      settings.set({k: next.length, logits: Array.from(next, (v) => Number(v.toFixed(2))).join(" ")});
      redrawn();
    },
    setTau(tau) {
      settings.set({tau});
      changed();
    },
    setSeed(seed) {
      settings.set({noise: seed});
      redrawn();
    },
    onChange: (listener) => void listeners.add(listener)
  };
}

/** The first logits of a K: normal numbers, always the same. */
function drawnLogits(codes: number): Float64Array {
  const from = stream(7, "logits");
  const [low, high] = logitRange;
  return Float64Array.from({length: codes}, () => {
    return Math.max(low, Math.min(high, Math.round(40 * from.normal()) / 20));
  });
}

/** "1 -2.5 0" in the address; "" for those drawn for this K. */
const logitsSetting: Setting<string> = {
  initial: "",
  parse: (text) => (parsed(text) === null ? undefined : text),
  format: String,
  expects: `${codeRange.min} to ${codeRange.max} numbers from ${logitRange[0]} to ${logitRange[1]} with spaces between`
};

function parsed(text: string): Float64Array | null {
  if (text === "") return null;
  const values = text.trim().split(/\s+/).map(Number);
  const [low, high] = logitRange;
  const good = values.length >= codeRange.min && values.length <= codeRange.max;
  return good && values.every((v) => v >= low && v <= high) ? Float64Array.from(values) : null;
}
