// How wide must the bottleneck be? One slider, 1 to 32 numbers, and what comes out.

import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {lines} from "../../charts/lines.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {type LiveModel, latestOnly} from "./liveModel.js";
import {meanSquare} from "./parts.js";

/** d of the model. */
export const mostLatents = 32;
const shown = 8;

export function widthFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    d: numberSetting(4, {min: 1, max: mostLatents, integer: true}),
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const width = slider({
    symbol: "d",
    symbolName: "latents",
    label: "numbers in the bottleneck",
    min: 1,
    max: mostLatents,
    step: 1,
    value: settings.values.d,
    ticks: [1, 8, 16, 24, 32].map((value) => ({value, label: String(value)})),
    format: (d) => `${d} of 768`
  });
  const images = imageGrid({rows: rowsOf(null, null)}, {columns: shown});
  const note = element("p", {class: "chart-note"});
  const curve = lines(
    {lines: []},
    {title: "squared error on held-back scenes", across: "numbers in the bottleneck", ticks: [1, 8, 16, 24, 32]}
  );
  const made = stage(engine, {
    title: element(
      "span",
      {},
      "Encoder ",
      symbol("fPhi"),
      ", bottleneck ",
      symbol("zVector"),
      ", decoder ",
      symbol("gTheta")
    ),
    label: "Train the autoencoder of every width",
    settings: null,
    run: {
      ...model.run,
      seed: settings.values.seed,
      probes: [],
      goesOnHidden: () => false,
      onMessage: tell
    },
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}],
    body: [element("div", {class: "figure-body"}, width, images, note), curve],
    draw(run) {
      if (run.status.step === 0 && run.status.state === "idle" && run.id !== null) settings.set({seed: run.seed});
      model.reported();
    }
  });
  model.hold(made.run);

  const look = latestOnly(async () => {
    const d = width.value;
    const {inputs, outputs} = await model.ask("reconstructions", {count: shown, width: d});
    images.update({rows: rowsOf(inputs!, outputs!)});
    const errors = Array.from({length: shown}, (_, i) => meanSquare(inputs!, i, outputs!, i));
    const mean = errors.reduce((a, b) => a + b, 0) / shown;
    note.textContent = `These eight: squared error ${formatNumber(mean)}. Of 768 numbers, ${d} went through: one in ${Math.round(768 / d)}.`;
    const found = (await model.ask("widths")).errors!;
    const x = Array.from(found.data, (_, i) => i + 1);
    curve.update({lines: [{name: "error", x, y: found.data, kind: "means-image"}], at: d});
  }, fail);
  width.addEventListener("input", () => {
    settings.set({d: width.value});
    look();
  });

  const node = figure(
    {kind: "width-figure", label: "How many numbers a picture needs"},
    made.node,
    told,
    element(
      "figcaption",
      {},
      "Above, scenes that the network has never seen; below, what comes back through the numbers that you allow. The weights come with the page. Press Reset, then Train, and it learns anew."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

type Images = Parameters<ReturnType<typeof imageGrid>["update"]>[0]["rows"][number]["images"];

function rowsOf(inputs: Images, outputs: Images) {
  return [
    {label: "scene", symbol: "x", images: inputs},
    {label: "back", symbol: "xHat", images: outputs}
  ];
}
