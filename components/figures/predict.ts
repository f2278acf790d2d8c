// A question that the reader answers before looking. The right answer is computed when it is asked for, never written down.

import {button} from "../charts/controls/button.js";
import {changed, element, extend, uniqueId} from "../charts/dom.js";
import {sentence} from "./drawer.js";

export interface Prediction {
  readonly question: string;
  readonly answers: readonly string[];
  /** Which answer is right, by its place, and what was found, in a sentence. May take its time; it may run a model. */
  look(chosen: number): Promise<Answer> | Answer;
}

export interface Answer {
  readonly right: number;
  readonly found: string;
}

/** Emits "input" when the answer is shown; the figure may then show what the question was about. */
export type Predict = HTMLElement & {readonly looked: boolean};

export function predict({question, answers, look}: Prediction): Predict {
  const name = uniqueId("predict");
  const choices = answers.map((answer, i) => {
    const input = element("input", {type: "radio", name, value: i});
    const verdict = element("span", {class: "verdict"});
    return {input, verdict, node: element("label", {class: "check"}, input, element("span", {}, answer), verdict)};
  });
  const show = button("Look", {kind: "primary", hint: "Shows the answer"});
  show.disabled = true;
  const found = element("p", {class: "found", role: "status"});
  const fields = element("fieldset", {}, element("legend", {}, question), ...choices.map(({node}) => node));
  const node = element("div", {class: "predict"}, fields, show, found);
  let looked = false;

  for (const {input} of choices) {
    input.addEventListener("change", (event) => {
      event.stopPropagation(); // a figure around it listens for its own controls
      show.disabled = false;
    });
  }
  show.addEventListener("click", () => void answer());
  async function answer(): Promise<void> {
    const chosen = choices.findIndex(({input}) => input.checked);
    show.disabled = true;
    found.textContent = "Computing …";
    try {
      const {right, found: words} = await look(chosen);
      choices.forEach(({input, verdict, node: label}, i) => {
        verdict.textContent = i === right ? "✓ so it is" : i === chosen ? "✗ your guess" : "";
        label.classList.toggle("right", i === right);
        input.disabled = true;
      });
      found.textContent = words;
      show.hidden = true;
      looked = true;
      changed(node);
    } catch (error) {
      found.textContent = sentence(error);
      show.disabled = false;
    }
  }
  return extend(node, {
    get looked() {
      return looked;
    }
  });
}
