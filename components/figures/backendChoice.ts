// Which backend computes, and the choice of another.

import {type Select, select} from "../charts/controls/select.js";
import type {BackendName} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";

const names: readonly {value: BackendName; label: string}[] = [
  {value: "webgpu", label: "WebGPU"},
  {value: "webgl", label: "WebGL"},
  {value: "wasm", label: "WASM"},
  {value: "cpu", label: "plain JavaScript"}
];

/** Shows the backend in use and changes it. `onMessage` gets a sentence when the change fails. */
export function backendSelect(engine: FigureEngine, onMessage: (text: string, problem: boolean) => void) {
  const choice: Select<BackendName> = select<BackendName>({label: "on", value: "wasm", choices: names});
  choice.classList.add("backend", "push");
  let current: BackendName = "wasm";
  engine.onBackend(({backend, description}) => {
    current = backend;
    choice.value = backend;
    choice.title = description;
  });
  choice.addEventListener("input", async (event) => {
    event.stopPropagation();
    const wanted = choice.value;
    choice.disabled = true;
    try {
      const {description} = await engine.chooseBackend(wanted);
      onMessage(`Now on ${description}.`, false);
    } catch (error) {
      choice.value = current;
      onMessage(error instanceof Error ? error.message : String(error), true);
    } finally {
      choice.disabled = false;
    }
  });
  return choice;
}
