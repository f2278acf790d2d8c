// Two numbers in the bottleneck make a plane: every scene a mark, and under the pointer what the decoder draws there.

import {select} from "../../charts/controls/select.js";
import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {latentPlane} from "../../charts/latentPlane.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {choiceSetting, numberSetting, pageSettings, switchSetting} from "../../notebook/settings.js";
import type {ArrayPayload} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {debounced, nearScreen} from "../redraw.js";
import {stage} from "../stage.js";
import {type StoredCurve, storedSeries} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {teller} from "../teller.js";
import {type LiveModel, latestOnly} from "./liveModel.js";
import {type Attribute, grouped, nearestCode} from "./parts.js";

const columns = 12;

export function planeFigure(engine: FigureEngine, model: LiveModel, stored: StoredCurve): HTMLElement {
  const settings = pageSettings({
    by: choiceSetting<Attribute>("colour", ["colour", "shape", "background"]),
    map: switchSetting(false),
    z1: numberSetting(0, {min: -20, max: 20}),
    z2: numberSetting(0, {min: -20, max: 20}),
    seed2: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const by = select<Attribute>({
    label: "marks show",
    value: settings.values.by,
    choices: [
      {value: "colour", label: "colour"},
      {value: "shape", label: "shape"},
      {value: "background", label: "background"}
    ]
  });
  const mapBox = element("input", {type: "checkbox", checked: settings.values.map});
  const plane = latentPlane(null, {label: "Plane of two latents", start: [settings.values.z1, settings.values.z2]});
  const picture = pixelImage({images: null, label: "What the decoder draws at the place that you point at"});
  const words = element("p", {class: "chart-note"}, "Point into the plane, or use the arrow keys.");
  const errors = curve([], {title: "squared error on held-back scenes", log: true, height: 170});
  const made = stage(engine, {
    title: element("span", {}, "Two numbers: the plane of ", symbol("zVector")),
    label: "Train the autoencoder with two latents",
    settings: null,
    run: {...model.run, seed: settings.values.seed2, probes: [], goesOnHidden: () => false, onMessage: tell},
    knobs: [{name: "learningRate", label: "step size", min: 1e-5, max: 3e-2, scale: "log"}],
    body: [
      element(
        "div",
        {class: "plane-side"},
        element("div", {class: "controls"}, by, element("label", {class: "check"}, mapBox, "the decoder’s pictures")),
        element("div", {class: "plane-picture"}, picture, words),
        errors
      ),
      plane
    ],
    draw(run) {
      const {steps, values} = storedSeries(run, stored)("heldError");
      errors.update([{name: "error", steps, values, kind: "means-image"}]);
      if (run.status.step === 0 && run.status.state === "idle" && run.id !== null) settings.set({seed2: run.seed});
      model.reported();
    }
  });
  model.hold(made.run);
  let codes: ArrayPayload | null = null;
  let pictures: ArrayPayload | null = null;

  function show(): void {
    if (codes === null) return;
    plane.update({places: codes, ...grouped("topLeft", by.value), pictures: mapBox.checked ? pictures : null});
  }
  const look = latestOnly(async () => {
    codes = (await model.ask("codes")).mu!;
    show();
    if (mapBox.checked) {
      pictures = (await model.ask("decode", {z: plane.cells(columns).flat().map(short).join()})).images!;
      show();
    }
    await decodeTried();
  }, fail);
  const point = latestOnly(decodeTried, fail);
  async function decodeTried(): Promise<void> {
    const place = plane.value;
    if (place === null || codes === null) return;
    const {images} = await model.ask("decode", {z: place.map(short).join()});
    const far = nearestCode(place, 0, codes);
    const where = place.map(formatNumber).join(", ");
    picture.update({images: images!, label: `The decoder’s picture at ${where}`});
    words.textContent = `z = (${where}). The nearest scene’s mark is ${formatNumber(far)} away.`;
  }
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
  mapBox.addEventListener("change", () => {
    settings.set({map: mapBox.checked});
    show();
    look();
  });

  const node = figure(
    {kind: "plane-figure", label: "The plane of an autoencoder with two latents"},
    made.node,
    told,
    element(
      "figcaption",
      {},
      "Each mark is a held-back scene with its object at the top left. The encoder has put it where it is; nobody told it about colours or shapes."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

/** Short enough for many in one message. */
export function short(value: number): string {
  return value.toFixed(4);
}
