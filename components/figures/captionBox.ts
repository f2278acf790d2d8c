// The box for a caption, suggestions to click, and a word about words that the model has never read.

import {button} from "../charts/controls/button.js";
import {changed, element, extend, uniqueId} from "../charts/dom.js";

export interface Suggestion {
  readonly caption: string;
  /** The combination is in no training scene. */
  readonly unseen?: boolean;
}

/** Words that the model has read, by kind, e.g. {name: "shapes", words: ["circle", …]}. */
export interface WordGroup {
  readonly name: string;
  readonly words: readonly string[];
}

export interface CaptionBoxOptions {
  readonly value: string;
  readonly suggestions: readonly Suggestion[];
  /** The words of the button; none if absent. */
  readonly action?: string;
}

/** Emits "input" as the caption is typed, and "change" when it is to be drawn: Enter, the button, a suggestion. */
export interface CaptionBox extends HTMLElement {
  value: string;
  setSuggestions(suggestions: readonly Suggestion[]): void;
  /** Says that the caption asks for what no training scene holds. */
  markUnseen(unseen: boolean): void;
  /** Says which words are unknown, and which are known. */
  tell(unknown: readonly string[], known: readonly WordGroup[]): void;
}

export function captionBox({value, suggestions, action}: CaptionBoxOptions): CaptionBox {
  const id = uniqueId("caption");
  const input = element("input", {
    id,
    type: "text",
    maxlength: 200,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    enterkeyhint: "go"
  });
  input.value = value;
  const form = element(
    "form",
    {class: "field caption caption-form"},
    element("label", {for: id}, element("i", {class: "symbol means-text", "data-symbol": "y"}, "y"), " caption"),
    input,
    action === undefined ? null : button(action, {kind: "primary", type: "submit"})
  );
  const badge = element("span", {class: "unseen", hidden: true}, "never seen in training");
  input.after(badge);
  const chips = element("div", {class: "chips", role: "group", "aria-label": "Suggestions"});
  const told = element("p", {class: "message told", role: "status"});
  const node = element("div", {class: "caption-box"}, form, chips, told);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed(node, "change");
  });
  // The input's own change event, on leaving it, is no wish to draw.
  input.addEventListener("change", (event) => event.stopPropagation());
  chips.addEventListener("click", (event) => {
    const chip = (event.target as Element).closest("button");
    if (chip === null) return;
    input.value = chip.dataset.caption ?? "";
    mark();
    changed(node);
    changed(node, "change");
  });
  input.addEventListener("input", mark);
  function mark(): void {
    for (const chip of chips.querySelectorAll("button")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.caption === input.value.trim()));
    }
  }
  function setSuggestions(next: readonly Suggestion[]): void {
    chips.replaceChildren(...next.map(chipOf));
    mark();
  }
  function markUnseen(unseen: boolean): void {
    badge.hidden = !unseen;
  }
  function tell(unknown: readonly string[], known: readonly WordGroup[]): void {
    node.classList.toggle("unknown", unknown.length > 0);
    told.replaceChildren();
    if (unknown.length === 0) return;
    const words = unknown.map((word) => `“${word}”`).join(", ");
    told.append(element("strong", {}, `The model has never read ${words}.`));
    if (known.length === 0) return;
    told.append(" It knows ");
    for (const [i, group] of known.entries()) {
      told.append(i === 0 ? "" : "; ", element("b", {}, `${group.name}: `), group.words.join(", "));
    }
    told.append(".");
  }
  setSuggestions(suggestions);
  return extend(node, {
    setSuggestions,
    markUnseen,
    tell,
    get value() {
      return input.value.trim();
    },
    set value(caption: string) {
      input.value = caption;
      mark();
    }
  });
}

function chipOf({caption, unseen}: Suggestion): HTMLButtonElement {
  const note = unseen ? "never seen in training" : null;
  return element("button", {type: "button", class: "chip", "data-note": note, "data-caption": caption}, caption);
}
