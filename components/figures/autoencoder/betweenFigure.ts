// Half-way between two scenes: pixels mixed, and codes mixed; and how far either is from any real scene.

import {button} from "../../charts/controls/button.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {lines} from "../../charts/lines.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type Answer, type Predict, predict} from "../predict.js";
import {nearScreen} from "../redraw.js";
import {teller} from "../teller.js";
import {type LiveModel, latestOnly} from "./liveModel.js";
import {attributes, heldCount, nameOfScene, nearestCode, nextPair} from "./parts.js";
import {mostLatents} from "./widthFigure.js";

const steps = 7;
const middle = (steps - 1) / 2;

/** What there is half-way, and how far from what is real. */
interface Between {
  readonly pictures: ProbeResult;
  /** Mean squared difference to the nearest training scene, at each step. */
  readonly pixelFar: readonly number[];
  readonly latentFar: readonly number[];
  readonly nearest: ProbeResult[string];
  /** Distance of each code to the nearest held-back scene's code. */
  readonly codeFar: readonly number[];
}

async function between(engine: FigureEngine, model: LiveModel, a: number, b: number, width: number): Promise<Between> {
  const pictures = await model.ask("interpolation", {a, b, width, steps});
  const all = (await model.ask("codes")).mu!;
  const [n = 0, d = 1] = all.shape;
  // The two ends themselves do not count as neighbours of what lies between, and latents that are cut off count nothing.
  const others = Array.from({length: n}, (_, i) => i).filter((i) => i !== a && i !== b);
  const cut = others.flatMap((i) => Array.from({length: d}, (_, j) => (j < width ? all.data[i * d + j]! : 0)));
  const codes = {shape: [others.length, d], data: Float32Array.from(cut)};
  const pixel = await engine.nearest("xs", pictures.mixed!);
  const latent = await engine.nearest("xs", pictures.decoded!);
  return {
    pictures,
    pixelFar: pixel.distances,
    latentFar: latent.distances,
    nearest: latent.images,
    codeFar: Array.from({length: steps}, (_, i) => nearestCode(pictures.z!.data, i, codes))
  };
}

export function betweenFigure(engine: FigureEngine, model: LiveModel): HTMLElement {
  const settings = pageSettings({
    from: numberSetting(1, {min: 1, max: heldCount, integer: true}),
    to: numberSetting(8, {min: 1, max: heldCount, integer: true}),
    bd: numberSetting(mostLatents, {min: 1, max: mostLatents, integer: true})
  });
  const {node: told, tell, fail} = teller();
  const scene = (label: string, value: number) =>
    slider({label, min: 1, max: heldCount, step: 1, value, format: (i) => nameOfScene("all", i - 1)});
  const from = scene("from", settings.values.from);
  const to = scene("to", settings.values.to);
  const width = slider({
    symbol: "d",
    symbolName: "latents",
    label: "numbers in the bottleneck",
    min: 1,
    max: mostLatents,
    step: 1,
    value: settings.values.bd,
    format: String
  });
  const images = imageGrid({rows: rowsOf(null)}, {columns: steps});
  const shares = Array.from({length: steps}, (_, i) => i / (steps - 1));
  const chart = lines(
    {lines: []},
    {title: "squared error to the nearest training scene", across: "share of the second scene", height: 200}
  );
  const look = latestOnly(async () => {
    settings.set({from: from.value, to: to.value, bd: width.value});
    const found = await between(engine, model, from.value - 1, to.value - 1, width.value);
    images.update({rows: rowsOf(found)});
    chart.update({
      lines: [
        {name: "pixels", x: shares, y: found.pixelFar, kind: "means-image", dashed: true},
        {name: "codes", x: shares, y: found.latentFar, kind: "means-codes"}
      ],
      at: 0.5
    });
    tell(
      `Half-way, the mixed pixels are ${formatNumber(found.pixelFar[middle]!)} from the nearest scene, the mixed codes’ picture ${formatNumber(found.latentFar[middle]!)}. Its code is ${formatNumber(found.codeFar[middle]!)} from the nearest scene’s; the ends are ${formatNumber(found.codeFar[0]!)} and ${formatNumber(found.codeFar[steps - 1]!)} from theirs.`
    );
  }, fail);
  for (const control of [from, to, width]) control.addEventListener("input", look);
  const pairs = attributes.map((attribute) => {
    const press = button(attribute, {hint: `The next pair that differs in ${attribute} alone`});
    press.addEventListener("click", () => {
      const pair = nextPair(attribute, from.value - 1, to.value - 1);
      if (pair === null) return;
      [from.value, to.value] = [pair[0] + 1, pair[1] + 1];
      look();
    });
    return press;
  });
  const node = figure(
    {kind: "between-figure", label: "Between two scenes"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "controls"}, from, to, width),
      element(
        "div",
        {class: "control-bar", role: "group", "aria-label": "A pair that differs only in"},
        element("span", {}, "a pair that differs only in"),
        ...pairs
      ),
      element("div", {class: "figure-columns"}, images, chart),
      told
    ),
    element(
      "figcaption",
      {},
      "The last row is the training scene nearest to the decoder’s picture: what it would have to look like to be real."
    )
  );
  model.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}

function rowsOf(found: Between | null) {
  return [
    {label: "pixels", symbol: "x", images: found?.pictures.mixed ?? null},
    {label: "codes", symbol: "zVector", images: found?.pictures.decoded ?? null},
    {label: "nearest", images: found?.nearest ?? null}
  ];
}

/** Is the half-way picture a scene? Over many pairs, computed. */
export function predictBetween(engine: FigureEngine, model: LiveModel): Predict {
  return predict({
    question:
      "Take 24 pairs of scenes and the codes half-way between them, with all 32 numbers. How many of the decoder’s pictures are closer to a real scene than the half-way pixels are?",
    answers: ["fewer than a third", "a third to two thirds", "more than two thirds"],
    async look(): Promise<Answer> {
      let closer = 0;
      let worse = 0;
      const pairs = 24;
      for (let i = 0; i < pairs; ++i) {
        const {decoded, mixed} = await model.ask("interpolation", {a: 2 * i, b: 2 * i + 1, steps: 3});
        const far = async (images: ProbeResult[string]) => (await engine.nearest("xs", images)).distances;
        const [ends, pixels] = [await far(decoded!), await far(mixed!)];
        if (ends[1]! < pixels[1]!) ++closer;
        if (ends[1]! > 2 * Math.max(ends[0]!, ends[2]!)) ++worse;
      }
      return {
        right: closer < pairs / 3 ? 0 : closer <= (2 * pairs) / 3 ? 1 : 2,
        found: `${closer} of ${pairs}. And ${worse} of the ${pairs} are more than twice as far from any scene as both of their own ends come back: those mid-points have failed.`
      };
    }
  });
}
