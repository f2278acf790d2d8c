// The exact mixture in training: the bound rises, and ln p(x) with it, always above.

import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import type {RunConfig} from "../choices.js";
import {configSelects} from "../configSelects.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, storedSeries} from "../storedCurve.js";
import {codesPanel, imageCodes} from "./codesPanel.js";

export interface ElboStageOptions {
  readonly load: (engine: FigureEngine) => Promise<void>;
  readonly stored: StoredCurve;
}

const choices = [
  {
    label: "between the encoder's layers",
    choices: [
      {label: "2 numbers", config: {}},
      {label: "1 number", config: {hidden: 1}},
      {label: "8 numbers", config: {hidden: 8}}
    ]
  },
  {
    label: "prior p(z)",
    choices: [
      {label: "uniform", config: {}},
      {label: "learnt", config: {prior: "learnt"}}
    ]
  },
  {
    label: "σ of p(x | z)",
    choices: [
      {label: "0.3", config: {}},
      {label: "0.15", config: {sigma: 0.15}},
      {label: "1", config: {sigma: 1}}
    ]
  }
] as const satisfies readonly {label: string; choices: readonly {label: string; config: RunConfig}[]}[];

export function elboStage(engine: FigureEngine, {load, stored}: ElboStageOptions): HTMLElement {
  const told = element("p", {class: "message", role: "status"});
  const curves = curve([], {title: "nats an image, held-back images", height: 220});
  const pictures = imageGrid({rows: [{label: "codes", images: null}]}, {columns: 8});
  const panel = codesPanel();
  const made = stage(engine, {
    title: element("span", {}, "The exact mixture, its codes and its encoder"),
    label: "Train the mixture",
    settings: configSelects("The mixture", choices),
    run: {
      name: "elbo xs",
      spec: (seed) => ({model: "elbo", size: "xs", seed, start: "shipped"}),
      prepare: () => load(engine),
      probes: [
        {name: "pictures", every: 10},
        {name: "image", every: 5, args: {index: 0}}
      ],
      goesOnHidden: () => false,
      onMessage(text, problem) {
        told.textContent = text;
        told.classList.toggle("problem", problem);
      }
    },
    knobs: [
      {name: "beta", symbol: "β", symbolName: "beta", label: "weight of the KL", min: 0, max: 4},
      {name: "learningRate", label: "step size", min: 1e-4, max: 0.3, scale: "log"}
    ],
    body: [curves, pictures],
    draw(run) {
      const of = storedSeries(run, stored);
      curves.update([
        {name: "ln p(x)", ...of("heldLogPx"), kind: "means-image"},
        {name: "ELBO", ...of("heldElbo"), kind: "means-encoder", dashed: true}
      ]);
      const [all, image] = [run.probe("pictures"), run.probe("image")];
      pictures.update({rows: [{label: "codes", images: all?.pictures ?? null}]});
      if (all !== undefined && image !== undefined) panel.update(imageCodes(image, all));
    }
  });
  const node = figure(
    {kind: "elbo-stage", label: "Train the exact mixture"},
    made.node,
    panel,
    told,
    element(
      "figcaption",
      {},
      "Each code's picture is a mean over the scenes that it stands for. The lower half follows one held-back image: the distance from the encoder's bars to the lines is the gap."
    )
  );
  void nearScreen(node).then(() => made.run.open());
  return node;
}
