// Both stages of the pipeline, trained in the page from random weights.

import {button} from "../charts/controls/button.js";
import {element} from "../charts/dom.js";
import {choiceSetting, numberSetting, pageSettings} from "../notebook/settings.js";
import type {Size} from "../training/protocol.js";
import {backendSelect} from "./backendChoice.js";
import type {RunConfig} from "./choices.js";
import {sentence} from "./drawer.js";
import {dvaeStage} from "./dvaeStage.js";
import type {FigureEngine} from "./engine.js";
import {figure} from "./figure.js";
import type {PipelineWeights} from "./pipelines.js";
import {priorStage} from "./priorStage.js";
import {nearScreen} from "./redraw.js";
import type {Stage} from "./stage.js";
import {teller} from "./teller.js";

export interface TrainPipelineOptions {
  /** Captions to draw as the prior trains, about four. */
  readonly captions: readonly string[];
  /** Figures that draw with the reader's weights once these are handed over. */
  readonly feeds?: readonly {useWeights(weights: PipelineWeights): void}[];
}

/** Emitted as "weights" when the reader hands the trained weights over. */
export type WeightsEvent = CustomEvent<PipelineWeights>;

const seedOf = numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true});
const choicesOf = choiceSetting("miniature", ["miniature", "paper"]);
type Choices = "miniature" | "paper";
const configOf = (choices: Choices): RunConfig => (choices === "paper" ? {choices} : {});
const choicesIn = ({choices}: RunConfig): Choices => (choices === "paper" ? "paper" : "miniature");

export function trainPipeline(engine: FigureEngine, size: Size, options: TrainPipelineOptions): HTMLElement {
  const {captions, feeds = []} = options;
  const {node: told, tell} = teller();
  const settings = pageSettings({seed1: seedOf, choices1: choicesOf, seed2: seedOf, choices2: choicesOf});
  const {seed1, choices1, seed2, choices2} = settings.values;
  /** A link to a run is not answered with another of an earlier visit. */
  const named = seed1 !== 1 || seed2 !== 1 || choices1 === "paper" || choices2 === "paper";
  let both = false;

  const hidden = element("input", {type: "checkbox", checked: true});
  const goesOnHidden = () => hidden.checked;

  const first: Stage = dvaeStage(engine, size, {
    seed: seed1,
    config: configOf(choices1),
    goesOnHidden,
    onMessage: tell,
    onFinished() {
      tell("Stage 1 is done: images have become codes. Stage 2 learns which codes go with which caption.", false);
      if (both) void second.start();
    },
    onReset() {
      if (second.run.id === null) return;
      void second.run.close();
      tell("Stage 1 starts anew, so stage 2 does too: the codes that it knew are gone.", false);
    }
  });
  const second: Stage = priorStage(engine, size, {
    seed: seed2,
    config: configOf(choices2),
    captions,
    dvae: () => ({from: "session", id: first.run.id!}),
    async ready() {
      if (first.run.id !== null && first.run.status.step > 0) {
        if (first.run.wanted) first.run.pause(); // the codes must stand still while the prior learns them
        return true;
      }
      tell("Stage 2 learns the codes of stage 1: train that first.", true);
      return false;
    },
    goesOnHidden,
    onMessage: tell,
    onFinished() {
      both = false;
      tell("Both stages are trained. Use these weights above, and type a caption.", false);
    }
  });

  const trainBoth = button("Train both", {kind: "primary", hint: "Stage 1 to its end, then stage 2"});
  const use = button("Use these weights above");
  const save = button("Save to files");
  const open = button("Load files …");
  const file = element("input", {type: "file", accept: ".safetensors", multiple: true, class: "visually-hidden"});
  file.tabIndex = -1;
  file.setAttribute("aria-label", "Checkpoint files");
  const node = figure(
    {kind: "train-pipeline", label: "Train both stages from nothing"},
    element(
      "div",
      {class: "control-bar"},
      trainBoth,
      use,
      save,
      open,
      file,
      element("label", {class: "check"}, hidden, "go on in a hidden tab"),
      backendSelect(engine, tell)
    ),
    told,
    first.node,
    second.node
  );

  node.addEventListener("input", () => {
    settings.set({
      seed1: first.run.seed,
      choices1: choicesIn(first.run.config),
      seed2: second.run.seed,
      choices2: choicesIn(second.run.config)
    });
  });
  trainBoth.addEventListener("click", () => {
    both = true;
    void (first.run.status.state === "finished" ? second.start() : first.start());
  });
  use.addEventListener("click", () => {
    const [dvae, prior] = [first.run.id, second.run.id];
    if (dvae === null || prior === null || second.run.status.step === 0) {
      return tell("There are no weights of both stages yet: train stage 1, then stage 2.", true);
    }
    const detail: PipelineWeights = {size, dvae: {from: "session", id: dvae}, prior: {from: "session", id: prior}};
    node.dispatchEvent(new CustomEvent("weights", {bubbles: true, detail}));
    for (const figure of feeds) figure.useWeights(detail);
    tell("The figure above now draws with your weights.", false);
  });
  save.addEventListener("click", () => void saveAll());
  async function saveAll(): Promise<void> {
    try {
      const runs = [first.run, second.run].filter((run) => run.id !== null && run.status.step > 0);
      if (runs.length === 0) return tell("There is nothing to save yet: train first.", true);
      for (const run of runs) {
        const model = run === first.run ? "dvae" : "prior";
        download(await run.save(), `dalle-${size}-${model}-seed${run.seed}-step${run.status.step}.safetensors`);
      }
      tell(runs.length === 2 ? "Saved two files, one a stage." : "Saved stage 1.", false);
    } catch (error) {
      tell(sentence(error), true);
    }
  }
  open.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const files = [...(file.files ?? [])];
    file.value = "";
    void loadAll(files);
  });
  /** The files' names do not matter; a dVAE is loaded before the prior that knows its codes. */
  async function loadAll(files: readonly File[]): Promise<void> {
    const read = await Promise.all(files.map(async (one) => ({name: one.name, bytes: await one.arrayBuffer()})));
    const ordered = read.map((one) => ({...one, prior: isPrior(one.bytes)})).sort((a, b) => +a.prior - +b.prior);
    for (const {name, bytes, prior} of ordered) {
      try {
        if (prior && first.run.id === null) {
          throw new Error("This is a prior; load or train the dVAE whose codes it knows first");
        }
        await (prior ? second : first).run.load(bytes);
        tell(`Loaded ${name}.`, false);
      } catch (error) {
        return tell(`${name}: ${sentence(error)} Nothing was changed.`, true);
      }
    }
  }
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  if (!named) void nearScreen(node).then(resume);
  async function resume(): Promise<void> {
    try {
      const step = await first.run.resumeStored();
      if (step === null) return;
      const next = await second.run.resumeStored();
      const upTo = next === null ? `step ${step} of stage 1` : `step ${next} of stage 2`;
      tell(`Your run of an earlier visit is here again, at ${upTo}.`, false);
    } catch (error) {
      tell(`The run of an earlier visit could not be taken up: ${sentence(error)}`, true);
    }
  }
  return node;
}

/** Whether a safetensors file says that it holds a prior; any other is offered to stage 1, which tells what is wrong. */
function isPrior(bytes: ArrayBuffer): boolean {
  const head = new TextDecoder().decode(new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 65536)));
  return /\\?"model\\?"\s*:\s*\\?"prior/.test(head);
}

function download(bytes: ArrayBuffer, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], {type: "application/octet-stream"}));
  const link = element("a", {href: url, download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
