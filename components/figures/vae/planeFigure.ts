// The plane again, with a distribution for each scene instead of a point, and the prior that holds them together.

import {select} from "../../charts/controls/select.js";
import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {latentPlane} from "../../charts/latentPlane.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {choiceSetting, numberSetting, pageSettings, switchSetting} from "../../notebook/settings.js";
import type {ArrayPayload} from "../../training/protocol.js";
import {type LiveModel, latestOnly} from "../autoencoder/liveModel.js";
import {type Attribute, grouped} from "../autoencoder/parts.js";
import {short} from "../autoencoder/planeFigure.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {debounced, nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import type {StoredCurve} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {betaSetting, betaSlider} from "./strength.js";
import {termSeries} from "./terms.js";
import {type Unit, unitSelect} from "./unit.js";

const columns = 12;
const count = 7;

export function planeFigure(engine: FigureEngine, model: LiveModel, stored: StoredCurve): HTMLElement {
  const settings = pageSettings({
    beta: betaSetting(1),
    by: choiceSetting<Attribute>("colour", ["colour", "shape", "background"]),
    map: switchSetting(false),
    z1: numberSetting(0, {min: -20, max: 20}),
    z2: numberSetting(0, {min: -20, max: 20}),
    unit: choiceSetting<Unit>("nats", ["nats", "bits"]),
    seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const beta = betaSlider(settings.values.beta);
  const by = select<Attribute>({
    label: "marks show",
    value: settings.values.by,
    choices: [
      {value: "colour", label: "colour"},
      {value: "shape", label: "shape"},
      {value: "background", label: "background"}
    ]
  });
  const unit = unitSelect(settings.values.unit);
  const mapBox = element("input", {type: "checkbox", checked: settings.values.map});
  const plane = latentPlane(null, {
    label: "Plane of the VAE’s two latents, with the prior’s rings",
    reach: 3,
    rings: true,
    start: [settings.values.z1, settings.values.z2]
  });
  const picture = pixelImage({images: null, label: "What the decoder draws at the place that you point at"});
  const words = element("p", {class: "chart-note"}, "Point into the plane, or use the arrow keys.");
  const strips = imageGrid({rows: rowsOf(null, null, null)}, {columns: count});
  const curves = curve([], {title: "both terms over training, β = 1", log: true, height: 200});
  const made = stage(engine, {
    title: element("span", {}, "Every scene a distribution, ", symbol("muPhi"), " and ", symbol("sigmaPhi")),
    label: "Train the VAE with two latents",
    settings: null,
    run: {...model.run, seed: settings.values.seed, probes: [], goesOnHidden: () => false, onMessage: tell},
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}],
    body: [
      element(
        "div",
        {class: "plane-side"},
        beta,
        element("div", {class: "controls"}, by, element("label", {class: "check"}, mapBox, "the decoder’s pictures")),
        element("div", {class: "plane-picture"}, picture, words),
        strips
      ),
      element("div", {class: "plane-side"}, plane, unit, curves)
    ],
    draw(run) {
      curves.update(termSeries(run, stored, unit.value));
      if (run.status.step === 0 && run.status.state === "idle" && run.id !== null) settings.set({seed: run.seed});
      model.reported();
    }
  });
  model.hold(made.run);
  let codes: {mu: ArrayPayload; sigma: ArrayPayload} | null = null;
  let pictures: ArrayPayload | null = null;
  const told1 = () => ({strength: beta.strength});

  function show(): void {
    if (codes === null) return;
    const marks = grouped("topLeft", by.value);
    plane.update({places: codes.mu, sigma: codes.sigma, ...marks, pictures: mapBox.checked ? pictures : null});
  }
  const look = latestOnly(async () => {
    const found = await model.ask("codes", told1());
    codes = {mu: found.mu!, sigma: found.sigma!};
    show();
    const back = await model.ask("reconstructions", {...told1(), count});
    const drawn = await model.ask("samples", {...told1(), count, seed: 1});
    strips.update({rows: rowsOf(back.inputs!, back.outputs!, drawn.images!)});
    if (mapBox.checked) {
      pictures = (await model.ask("decode", {...told1(), z: plane.cells(columns).flat().map(short).join()})).images!;
      show();
    }
    await decodeTried();
  }, fail);
  const point = latestOnly(decodeTried, fail);
  async function decodeTried(): Promise<void> {
    const place = plane.value;
    if (place === null) return;
    const {images} = await model.ask("decode", {...told1(), z: place.map(short).join()});
    const where = place.map(formatNumber).join(", ");
    picture.update({images: images!, label: `The decoder’s picture at ${where}`});
    words.textContent = `z = (${where}), ${formatNumber(Math.hypot(...place))} from the middle of the prior.`;
  }
  beta.addEventListener("input", () => {
    settings.set({beta: beta.beta});
    look();
  });
  // A pointer moves often; the address follows when it rests.
  const keepPlace = debounced(() => {
    const [z1, z2] = (plane.value ?? [0, 0]).map((value) => Math.round(value * 100) / 100);
    settings.set({z1: z1!, z2: z2!});
  }, 400);
  plane.addEventListener("input", () => {
    point();
    keepPlace();
  });
  by.addEventListener("input", () => {
    settings.set({by: by.value});
    show();
  });
  unit.addEventListener("input", () => {
    settings.set({unit: unit.value});
    made.redraw();
  });
  mapBox.addEventListener("change", () => {
    settings.set({map: mapBox.checked});
    show();
    look();
  });

  const node = figure(
    {kind: "plane-figure", label: "The plane of a VAE with two latents"},
    made.node,
    told,
    element(
      "figcaption",
      {},
      "Each ellipse is one scene’s distribution, one standard deviation wide, about its mark. The rings are 1, 2 and 3 standard deviations of the prior N(0, I)."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

function rowsOf(inputs: ArrayPayload | null, back: ArrayPayload | null, drawn: ArrayPayload | null) {
  return [
    {label: "scene", symbol: "x", images: inputs},
    {label: "back", symbol: "xHat", images: back},
    {label: "drawn", images: drawn}
  ];
}
