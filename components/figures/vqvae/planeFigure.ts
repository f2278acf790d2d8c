// A VQ-VAE whose codes have two dimensions, so that the codebook can be seen while it is learnt.

import {curve} from "../../charts/curve.js";
import {element} from "../../charts/dom.js";
import {formatCount} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {usageBars} from "../../charts/usageBars.js";
import {type Place, voronoi} from "../../charts/voronoi.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ProbeResult} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import {panelLabel} from "../encodePanel.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {debounced} from "../redraw.js";
import type {StoredCurve} from "../storedCurve.js";
import {symbol} from "../symbol.js";
import {vqTraining} from "./training.js";

export interface VqFigureOptions {
  /** Hands the shipped weights to the engine. */
  prepare(engine: FigureEngine): Promise<void>;
  readonly stored: StoredCurve;
}

export function planeFigure(engine: FigureEngine, {prepare, stored}: VqFigureOptions): HTMLElement {
  const settings = pageSettings({pu: numberSetting(0, {min: -50, max: 50}), pv: numberSetting(0, {min: -50, max: 50})});
  const start: Place = [settings.values.pu, settings.values.pv];
  const map = voronoi(null, {label: "The codebook and the encoder's outputs", height: 320, start});
  const usage = usageBars([], {height: 120});
  const errors = curve([], {title: "squared error on held-back images", log: true, height: 150});
  const images = imageGrid({rows: rowsOf(undefined)}, {columns: 5});
  const moved = element("p", {class: "chart-note"});
  const own = pixelImage({images: null, label: "what the decoder makes of this place"});
  const code = pixelImage({images: null, label: "what it makes of the nearest code"});
  const named = element("span", {}, "its nearest code");
  const tried = element(
    "div",
    {class: "vq-tried"},
    element("div", {class: "panel"}, own, panelLabel("the place pointed at")),
    element("div", {class: "panel"}, code, panelLabel(named))
  );
  const training = vqTraining(engine, {
    model: "vqvaePlane",
    prefix: "p",
    defaultCodes: 24,
    sizes: [4, 8, 16, 24, 48],
    title: element("span", {}, "Codes of two numbers: ", symbol("zE"), " and its nearest ", symbol("codebook")),
    label: "Train the flat VQ-VAE",
    body: [
      element("div", {class: "vq-map"}, map, moved, tried),
      element("div", {class: "vq-side"}, usage, images, errors)
    ],
    probes: [
      {name: "plane", every: 5, args: {images: 8}},
      {name: "usage", every: 10},
      {name: "reconstructions", every: 20, args: {count: 5}}
    ],
    prepare,
    stored,
    draw(run, series) {
      const plane = run.probe("plane");
      if (plane !== shown) show(plane);
      usage.update(run.probe("usage")?.counts?.data ?? []);
      images.update({rows: rowsOf(run.probe("reconstructions"))});
      errors.update([
        {name: "code", ...series("hardError"), kind: "means-codes"},
        {name: "zₑ itself", ...series("smoothError"), dashed: true, kind: "means-encoder"}
      ]);
    }
  });
  let shown: ProbeResult | undefined;

  function show(plane: ProbeResult | undefined): void {
    const before = shown?.codes;
    shown = plane;
    if (plane === undefined) {
      map.update(null);
      return;
    }
    const {vectors, patches, outputs, codes, colours} = plane;
    map.update({codebook: vectors!, patches: patches!, outputs: outputs!, codes: codes!, colours: colours!});
    const count = codes!.data.length;
    let changed = 0;
    if (before?.data.length === count) for (let i = 0; i < count; ++i) if (codes!.data[i] !== before.data[i]) ++changed;
    moved.textContent = `${formatCount(count)} encoder outputs; ${formatCount(changed)} have changed their code since the last look.`;
    look();
  }
  const look = debounced(() => void decodePlace(), 60);
  map.addEventListener("input", (event) => {
    event.stopPropagation();
    look();
    keepPlace();
  });
  // A pointer moves often; the address follows when it rests.
  const keepPlace = debounced(() => {
    const [pu, pv] = (map.value ?? start).map((value) => Math.round(value * 100) / 100);
    settings.set({pu: pu!, pv: pv!});
  }, 400);
  async function decodePlace(): Promise<void> {
    const {id} = training.run;
    if (map.value === null || id === null) return;
    try {
      const [u, v] = map.value;
      const found = await engine.probe(id, "place", {u, v});
      own.update({images: found.own!, label: "what the decoder makes of this place"});
      code.update({images: found.nearest!, label: "what it makes of the nearest code"});
      named.textContent = `its nearest code, ${found.code!.data[0]}`;
    } catch (error) {
      training.tell(sentence(error), true);
    }
  }
  const node = figure(
    {kind: "stack vq-figure vq-plane", label: "A codebook that can be seen"},
    training.stage.node,
    training.told,
    settings.problems.length > 0 ? element("p", {class: "message problem"}, settings.problems.join(" ")) : null,
    element(
      "figcaption",
      {},
      "Each cell holds the places that are nearest to one code, and has the colour of what that code decodes to. Small " +
        "dots are encoder outputs, one for each 2 × 2 pixels, in the colour of those pixels. Squares are codes in use, " +
        "crosses are codes that none of these outputs chooses. Point anywhere in the plane, or use the arrow keys."
    )
  );
  return node;
}

function rowsOf(probe: ProbeResult | undefined) {
  return [
    {label: "image", images: probe?.inputs ?? null},
    {label: "from codes", images: probe?.hard ?? null}
  ];
}
