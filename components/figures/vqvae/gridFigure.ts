// The VQ-VAE with a grid of 8 × 8 tokens, in training: errors, usage of the codebook, and the loss's terms as switches.

import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {usageBars} from "../../charts/usageBars.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {symbol} from "../symbol.js";
import type {LiveModel} from "./live.js";
import type {VqFigureOptions} from "./planeFigure.js";
import {vqTraining} from "./training.js";

/** The figure, which is also the model that the figures after it look into. */
export type GridFigure = HTMLElement & LiveModel;

export function gridFigure(engine: FigureEngine, {prepare, stored}: VqFigureOptions): GridFigure {
  const errors = curve([], {title: "squared error on held-back images", log: true, height: 190});
  const distance = curve([], {title: "mean squared distance from zₑ to its code", log: true, height: 190});
  const images = imageGrid({rows: rowsOf(undefined)}, {columns: 6});
  const usage = usageBars([], {height: 190});
  const alive = curve([], {title: "perplexity of the codes, and dead codes", height: 190});
  const training = vqTraining(engine, {
    model: "vqvae",
    prefix: "",
    defaultCodes: 64,
    sizes: [4, 16, 64, 128],
    title: element("span", {}, "8 × 8 tokens, codes of 8 numbers"),
    label: "Train the VQ-VAE",
    body: [images, usage, errors, alive, distance],
    probes: [
      {name: "reconstructions", every: 10, args: {count: 6}},
      {name: "usage", every: 10}
    ],
    prepare,
    stored,
    draw(run, series) {
      images.update({rows: rowsOf(run.probe("reconstructions"))});
      usage.update(run.probe("usage")?.counts?.data ?? []);
      errors.update([
        {name: "codes", ...series("hardError"), kind: "means-codes"},
        {name: "zₑ itself", ...series("smoothError"), dashed: true, kind: "means-encoder"}
      ]);
      alive.update([
        {name: "perplexity", ...series("perplexity"), kind: "means-codes"},
        {name: "dead", ...series("deadCodes"), dashed: true}
      ]);
      distance.update([{name: "distance", ...series("quantisation"), kind: "means-encoder"}]);
    }
  });
  const node = figure(
    {kind: "stack vq-figure vq-grid", label: "A VQ-VAE in training"},
    training.stage.node,
    training.told,
    element(
      "figcaption",
      {},
      "β and the three switches act at the next step, also in the middle of a run. What is chosen about the codebook " +
        "starts anew. ",
      symbol("zE"),
      " decoded without its code shows what the quantisation costs."
    )
  );
  return Object.assign(node, {run: training.run, onStep: training.onStep});
}

function rowsOf(probe: ProbeResult | undefined) {
  return [
    {label: "image", images: probe?.inputs ?? null},
    {label: "from codes", images: probe?.hard ?? null},
    {label: "from zₑ", images: probe?.smooth ?? null}
  ];
}
