// The Fréchet distance against the radius of a blur: the miniature's in the small CLIP's features, stored and measured
// here, beside the paper's.

import {stream} from "../../../data/random.js";
import {marginalImage} from "../../../data/scenes/baselines.js";
import {blurred} from "../../../data/scenes/damage.js";
import {example} from "../../../data/scenes/splits.js";
import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {lines} from "../../charts/lines.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {ArrayPayload, Size} from "../../training/protocol.js";
import {blurRadii, type FrechetFile, packed, type SetCurve, unpacked} from "../../training/setDistance.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {nearScreen, redrawer} from "../redraw.js";
import {liveDistances} from "./liveDistances.js";
import {drawnImage} from "./opponents.js";
import {blurredScores, paperRadii, paperTokenSide} from "./paperNumbers.js";
import {meanCurves, setLines} from "./setCurves.js";

export interface BlurOptions {
  readonly stored: FrechetFile;
  readonly loadShipped?: LoadShipped;
  /** Hands the CLIP's weights of a size to the engine. */
  readonly loadClip: (engine: FigureEngine, size: Size) => Promise<void>;
}

const shownImages = 4;
/** Pixels of a side that one token stands for, in both sizes. */
const tokenSide = 4;

type Measure = "distances" | "scores";

export function blurFigure(engine: FigureEngine, {stored, loadShipped, loadClip}: BlurOptions): HTMLElement {
  const settings = pageSettings({
    images: choiceSetting<Size>("s", ["s", "xs"]),
    radius: numberSetting(0, {min: 0, max: 4}),
    measure: choiceSetting<Measure>("distances", ["distances", "scores"])
  });
  const opened = pipelines(engine, loadShipped);
  const live = new Map<Size, {curves: readonly SetCurve[]; count: number}>();
  const rows = new Map<Size, {codes: ArrayPayload; drawn: ArrayPayload}>();

  const size = select<Size>({
    label: "model",
    value: settings.values.images,
    choices: [
      {value: "s", label: "S · 32×32 pixels"},
      {value: "xs", label: "XS · 16×16 pixels"}
    ]
  });
  const measure = select<Measure>({
    label: "measured",
    value: settings.values.measure,
    choices: [
      {value: "distances", label: "Fréchet distance"},
      {value: "scores", label: "label score"}
    ]
  });
  const source = select<"stored" | "live">({
    label: "results",
    value: "stored",
    choices: [
      {value: "stored", label: "stored"},
      {value: "live", label: "measured here", disabled: true}
    ]
  });
  const radius = slider({
    label: "radius of the blur, in pixels",
    min: 0,
    max: 4,
    step: 0.25,
    value: settings.values.radius,
    ticks: [0, 1, 2, 4]
  });
  const pictures = imageGrid({rows: []}, {columns: shownImages});
  const here = element("div", {});
  const paper = lines(
    {lines: []},
    {title: "The paper: FID on COCO", across: "radius, pixels of 256", height: 260, ticks: paperRadii}
  );
  const note = element("p", {class: "chart-note"});
  const measurement = liveDistances(engine, {
    open: (of) => opened.get(shippedWeights(of)),
    loadClip,
    size: () => size.value,
    onMeasured(of, curves, count) {
      live.set(of, {curves, count});
      measure.value = "distances"; // the label score is only stored
      show("live");
    }
  });
  const node = figure(
    {kind: "stack result-figure blur-figure", label: "The distance of sets of images under a blur"},
    element("div", {class: "control-bar"}, size, measure, source),
    element(
      "div",
      {class: "result-columns"},
      element("div", {}, here, note),
      element(
        "div",
        {},
        paper,
        element(
          "p",
          {class: "chart-note"},
          "A secondary source: the paper has curves without numbers, and these are from a table in CogView (Ding et al. 2021)."
        )
      )
    ),
    element("div", {class: "result-columns"}, element("div", {class: "blur-control"}, radius, measurement), pictures),
    element("p", {class: "message", role: "status"}, settings.problems.join(" "))
  );
  const chart = lines(
    {lines: []},
    {title: "Here", across: "radius, pixels", height: 260, format: formatNumber, ticks: [0, 1, 2, 4]}
  );
  here.append(chart);

  function show(wanted = source.value): void {
    const measured = live.get(size.value);
    source.setChoices([
      {value: "stored", label: "stored"},
      {value: "live", label: "measured here", disabled: measured === undefined}
    ]);
    source.value = measured === undefined ? "stored" : wanted;
    const at = radius.value;
    const runs = stored.runs.filter((run) => run.size === size.value);
    const showsLive = source.value === "live" && measured !== undefined;
    chart.update({
      lines: showsLive ? setLines(measured.curves, blurRadii, "distances") : meanCurves(runs, measure.value),
      at
    });
    const seeds = `${runs.length} set${runs.length === 1 ? "" : "s"} of scenes`;
    note.textContent = showsLive
      ? `Measured here, ${measured.count} images in each set.`
      : runs.length === 0
        ? "Nothing stored yet: npx tsx scripts/frechet.ts xs s measures it."
        : `Stored: ${stored.count} images in each set, ${seeds} (dots) and their mean. ${stored.measuredAt.slice(0, 10)}, ${stored.command}.`;
    // The same share of a token's side.
    const paperAt = (at * paperTokenSide) / tokenSide;
    paper.update({
      lines: blurredScores.map(({model, fid}) => ({
        name: model,
        x: paperRadii,
        y: fid,
        ...(model === "DALL·E" ? {kind: "means-prior"} : {dashed: true})
      })),
      at: paperAt
    });
    drawPictures();
  }
  const drawPictures = redrawer(node, () => {
    const blur = (images: readonly Uint8Array[]) => packed(images.map((image) => blurred(image, radius.value)));
    const examples = Array.from({length: shownImages}, (_, i) => example(size.value, "iid", i));
    const model = rows.get(size.value);
    pictures.update({
      rows: [
        {label: "true", images: blur(examples.map((one) => one.image()))},
        {label: "drawn", images: model === undefined ? null : blur(unpacked(model.drawn))},
        {label: "codes", images: model === undefined ? null : blur(unpacked(model.codes))},
        {
          label: "chance",
          images: blur(
            examples.map(({scene}, i) =>
              marginalImage(size.value, scene.objects.length === 1 ? 1 : 2, stream(1, "blur", "marginals", i))
            )
          )
        }
      ]
    });
  });
  /** The rows that need the model. */
  async function look(): Promise<void> {
    const of = size.value;
    if (rows.has(of)) return;
    try {
      const pipeline = await opened.get(shippedWeights(of));
      const examples = Array.from({length: shownImages}, (_, i) => example(of, "iid", i));
      const {hard} = await pipeline.api.encode(packed(examples.map((one) => one.image())));
      const drawn: Uint8Array[] = [];
      for (const [i, {caption}] of examples.entries()) drawn.push(await drawnImage(pipeline, caption, i + 1));
      rows.set(of, {codes: hard, drawn: packed(drawn)});
      drawPictures();
    } catch {
      // The rows stay empty; the button below says what is wrong when it is pressed.
    }
  }
  for (const control of [size, measure, source]) {
    control.addEventListener("input", () => {
      if (control === measure && measure.value === "scores") source.value = "stored";
      settings.set({images: size.value, measure: measure.value});
      show();
      void look();
    });
  }
  radius.addEventListener("input", () => {
    settings.set({radius: radius.value});
    show();
  });
  show();
  void nearScreen(node).then(look);
  return node;
}
