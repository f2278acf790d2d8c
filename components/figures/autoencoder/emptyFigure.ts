// Codes drawn at random, without a scene: an autoencoder says nothing about where to draw.

import {seedField} from "../../charts/controls/seedField.js";
import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {latentPlane, type Place} from "../../charts/latentPlane.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ArrayPayload} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {teller} from "../teller.js";
import {type LiveModel, latestOnly} from "./liveModel.js";
import {grouped} from "./parts.js";

const count = 8;

export function emptyFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    draw: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    where: choiceSetting<"fitted" | "normal">("fitted", ["fitted", "normal"])
  });
  const {node: told, tell, fail} = teller();
  const seed = seedField(settings.values.draw, "draw");
  const where = select<"fitted" | "normal">({
    label: "draw from",
    value: settings.values.where,
    choices: [
      {value: "fitted", label: "a normal as wide as the marks"},
      {value: "normal", label: "N(0, I)"}
    ]
  });
  const grids = [0, 1].map(() => imageGrid({rows: rowsOf(null, null)}, {columns: count / 2}));
  const pictures = element("div", {class: "plane-side"}, ...grids);
  const plane = latentPlane(null, {label: "Where the codes were drawn"});
  const look = latestOnly(async () => {
    settings.set({draw: seed.value, where: where.value});
    const fitted = where.value === "fitted" ? 1 : 0;
    const {images: made, z} = await model.ask("samples", {count, seed: seed.value, fitted});
    const codes = (await model.ask("codes")).mu!;
    plane.update({places: codes, ...grouped("topLeft", "colour"), marked: placesOf(z!)});
    const {images: nearest, distances} = await engine.nearest("xs", made!);
    grids.forEach((grid, k) => {
      const from = (k * count) / 2;
      const notes = Array.from({length: count / 2}, (_, i) => `${from + i + 1}: ${formatNumber(distances[from + i]!)}`);
      grid.update({rows: rowsOf(someOf(made!, from, count / 2), someOf(nearest, from, count / 2)), notes});
    });
    tell(
      `Below each: its squared error to the nearest training scene. The best is ${formatNumber(Math.min(...distances))}, the worst ${formatNumber(Math.max(...distances))}.`
    );
  }, fail);
  seed.addEventListener("input", look);
  where.addEventListener("input", look);
  const node = figure(
    {kind: "empty-figure", label: "Pictures from codes drawn at random"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "controls"}, where, seed),
      element("div", {class: "figure-columns"}, plane, pictures),
      told
    ),
    element(
      "figcaption",
      {},
      "The numbers in the plane are the codes that were drawn; the pictures follow in their order."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

function rowsOf(made: ArrayPayload | null, nearest: ArrayPayload | null) {
  return [
    {label: "drawn", images: made},
    {label: "nearest", images: nearest}
  ];
}

/** `count` images, from one on. */
export function someOf({shape, data}: ArrayPayload, from: number, count: number): ArrayPayload {
  const size = data.length / (shape[0] ?? 1);
  return {shape: [count, ...shape.slice(1)], data: data.slice(from * size, (from + count) * size)};
}

export function placesOf(z: ArrayPayload): Place[] {
  return Array.from({length: z.shape[0] ?? 0}, (_, i): Place => [z.data[2 * i]!, z.data[2 * i + 1]!]);
}

/** Is N(0, I) where the codes are? */
export function predictWhere(model: LiveModel): Predict {
  return predict({
    question:
      "The training asked only that pictures come back. How wide have the codes of the scenes spread in the plane?",
    answers: ["about as N(0, I): a standard deviation near 1", "much narrower: below 1/2", "much wider: above 2"],
    async look() {
      const {data} = (await model.ask("codes")).mu!;
      const deviation = (j: number) => {
        const values = Array.from(data).filter((_, i) => i % 2 === j);
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
      };
      const [a, b] = [deviation(0), deviation(1)];
      const wide = Math.sqrt(a * b);
      return {
        right: wide < 0.5 ? 1 : wide > 2 ? 2 : 0,
        found: `Standard deviations of ${formatNumber(a)} and ${formatNumber(b)} along the two axes. Another seed gives others: nothing in the loss holds them.`
      };
    }
  });
}

/** How few numbers are enough? */
export function predictWidth(model: LiveModel): Predict {
  return predict({
    question: "With how many of the 32 numbers has the error fallen to within a tenth of where it ends?",
    answers: ["1 to 4", "5 to 12", "13 to 24", "25 to 32"],
    async look() {
      const errors = Array.from((await model.ask("widths")).errors!.data);
      const last = errors[errors.length - 1]!;
      const enough = 1 + errors.findIndex((error) => error <= 1.1 * last);
      return {
        right: [4, 12, 24, 32].findIndex((most) => enough <= most),
        found: `${enough}. One number leaves an error of ${formatNumber(errors[0]!)}, ${enough} leave ${formatNumber(errors[enough - 1]!)}, all 32 ${formatNumber(last)}. A scene has few things that can vary.`
      };
    }
  });
}
