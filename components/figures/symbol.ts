// A symbol of the paper in a figure, coloured and linked like those of the formulas.

import {element} from "../charts/dom.js";
import {meaningClass, type SymbolName, symbols} from "../notebook/symbols.js";

export function symbol(name: SymbolName): HTMLElement {
  const kind = meaningClass(name);
  const [letter, index] = symbols[name].plain.split("_");
  const node = element("i", {class: kind === "" ? "symbol" : `symbol ${kind}`, "data-symbol": name}, letter);
  if (index !== undefined) node.append(element("sub", {}, index));
  return node;
}

/** A text in which q_φ, p_θ, p_ψ and D_KL are symbols. */
export function withSymbols(text: string): (HTMLElement | string)[] {
  const names: Readonly<Record<string, SymbolName>> = {q_φ: "qPhi", p_θ: "pTheta", p_ψ: "pPsi", D_KL: "kl"};
  return text.split(/(q_φ|p_θ|p_ψ|D_KL)/).map((part) => (names[part] === undefined ? part : symbol(names[part])));
}
