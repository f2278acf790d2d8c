import {element} from "../dom.js";

export interface ButtonOptions {
  /** "primary" for the one thing that a reader presses first. */
  readonly kind?: "primary" | "plain";
  readonly hint?: string;
  readonly type?: "button" | "submit";
}

/** A button; listen for "click". */
export function button(label: string, {kind = "plain", hint, type = "button"}: ButtonOptions = {}): HTMLButtonElement {
  return element("button", {type, class: kind === "plain" ? "button" : `button ${kind}`, title: hint ?? null}, label);
}
