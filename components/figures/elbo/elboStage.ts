// The exact mixture in training: the bound rises, and ln p(x) with it, always above.

import {curve, type Series} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {pageSettings} from "../../notebook/settings.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, shippedWords, storedSeries} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {codesPanel, imageCodes} from "./codesPanel.js";
import {betaSlider, mixtureAddress, mixtureChoice, mixtureConfig, mixtureSwitches} from "./mixtureSettings.js";

export interface ElboStageOptions {
  readonly load: (engine: FigureEngine) => Promise<void>;
  readonly stored: StoredCurve;
}

export function elboStage(engine: FigureEngine, {load, stored}: ElboStageOptions): HTMLElement {
  const settings = pageSettings(mixtureAddress);
  const {tbeta, seed} = settings.values;
  const config = mixtureConfig(settings.values);
  // The site's weights belong to the default settings; others start from nothing.
  const shipped = (at: number) => Object.keys(config).length === 0 && tbeta === 1 && at === 1;
  const {node: told, tell} = teller(settings.problems.join(" "));
  const curves = curve([], {title: "nats an image, held-back images", height: 200});
  const gap = curve([], {title: "the gap between them, nats", log: true, height: 200});
  const pictures = imageGrid({rows: [{label: "codes", images: null}]}, {columns: 8});
  const beta = betaSlider(tbeta);
  const panel = codesPanel();
  const made = stage(engine, {
    title: element("span", {}, "The exact mixture, its codes and its encoder"),
    label: "Train the mixture",
    settings: mixtureSwitches(),
    run: {
      name: "elbo xs",
      config,
      seed,
      spec: (at) => ({model: "elbo", size: "xs", seed: at, ...(shipped(at) ? {start: "shipped" as const} : {})}),
      async prepare() {
        if (shipped(seed)) await load(engine);
      },
      probes: [
        {name: "pictures", every: 10},
        {name: "image", every: 5, args: {index: 0}}
      ],
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [{name: "learningRate", label: "step size", min: 1e-4, max: 0.3, scale: "log", height: 60}],
    body: [curves, gap, element("div", {class: "elbo-model"}, beta, pictures)],
    draw(run) {
      settings.set({...mixtureChoice(run.config), seed: run.seed});
      const of = storedSeries(run, stored);
      const [logPx, elbo] = [of("heldLogPx"), of("heldElbo")];
      curves.update([
        {name: "ln p(x)", ...logPx, kind: "means-image"},
        {name: "ELBO", ...elbo, kind: "means-encoder", dashed: true}
      ]);
      gap.update([{name: "gap", ...difference(logPx, elbo), kind: "means-encoder"}]);
      const [all, image] = [run.probe("pictures"), run.probe("image")];
      pictures.update({rows: [{label: "codes", images: all?.pictures ?? null}]});
      if (all !== undefined && image !== undefined) panel.update(imageCodes(image, all));
    },
    onReset() {
      told.textContent = "";
    }
  });
  const {run} = made;
  beta.addEventListener("input", () => {
    settings.set({tbeta: beta.value});
    run.setHyper({beta: beta.value});
  });
  const node = figure(
    {kind: "elbo-stage", label: "Train the exact mixture"},
    told,
    made.node,
    panel,
    element(
      "figcaption",
      {},
      "Each code’s picture is a mean over the scenes that it stands for. ",
      symbol("beta"),
      " acts at the next step; the other choices start anew. The lower half follows one held-back image: the distance " +
        "from the encoder’s bars, ",
      symbol("qPhi"),
      ", to the lines is the gap."
    )
  );
  void nearScreen(node).then(async () => {
    await run.open();
    if (beta.value !== 1) run.setHyper({beta: beta.value});
    if (run.shipped) tell(shippedWords(settings.problems));
  });
  return node;
}

type Column = Pick<Series, "steps" | "values">;

/** a − b where both were measured. */
function difference(a: Column, b: Column): Column {
  const count = Math.min(a.values.length, b.values.length);
  return {
    steps: Array.from({length: count}, (_, i) => a.steps[i]!),
    values: Array.from({length: count}, (_, i) => a.values[i]! - b.values[i]!)
  };
}
