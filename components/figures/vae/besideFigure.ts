// Codes from N(0, I), decoded by an autoencoder and by a VAE, side by side.

import {seedField} from "../../charts/controls/seedField.js";
import {element} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {imageGrid} from "../../charts/imageGrid.js";
import {latentPlane} from "../../charts/latentPlane.js";
import {numberSetting, pageSettings} from "../../notebook/settings.js";
import {placesOf, someOf} from "../autoencoder/emptyFigure.js";
import {type LiveModel, latestOnly} from "../autoencoder/liveModel.js";
import {grouped} from "../autoencoder/parts.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {nearScreen} from "../redraw.js";
import {teller} from "../teller.js";
import {betaSetting, betaSlider} from "./strength.js";

const shown = 8;
const measured = 32;

export function besideFigure(engine: FigureEngine, autoencoder: LiveModel, vae: LiveModel): HTMLElement {
  const settings = pageSettings({
    draw: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
    bbeta: betaSetting(1)
  });
  const {node: told, tell, fail} = teller();
  const seed = seedField(settings.values.draw, "draw");
  const beta = betaSlider(settings.values.bbeta);
  const sides = [
    side("Autoencoder, N(0, I)", autoencoder, {}),
    side("Autoencoder, a normal fitted to its codes", autoencoder, {fitted: 1}),
    side("VAE, N(0, I)", vae, {})
  ];
  const look = latestOnly(async () => {
    settings.set({draw: seed.value, bbeta: beta.beta});
    const found: string[] = [];
    for (const one of sides) found.push(`${one.title}: ${formatNumber(await one.draw())}`);
    tell(`Squared error to the nearest training scene, the middle of ${measured} draws. ${found.join("; ")}.`);
  }, fail);
  function side(title: string, model: LiveModel, args: {fitted?: number}) {
    const plane = latentPlane(null, {label: title, reach: 3, rings: true});
    const images = imageGrid({rows: [{label: "", images: null}]}, {columns: shown / 2});
    const node = element("div", {class: "plane-side"}, element("p", {class: "chart-title"}, title), plane, images);
    async function draw(): Promise<number> {
      const told1 = model === vae ? {strength: beta.strength} : {};
      const {images: made, z} = await model.ask("samples", {count: measured, seed: seed.value, ...args, ...told1});
      const {mu, sigma} = await model.ask("codes", told1);
      const marked = placesOf(z!).slice(0, shown);
      const ellipses = model === vae ? {sigma: sigma!} : {};
      plane.update({places: mu!, ...ellipses, ...grouped("topLeft", "colour"), marked});
      images.update({
        rows: [
          {label: "1–4", images: someOf(made!, 0, shown / 2)},
          {label: "5–8", images: someOf(made!, shown / 2, shown / 2)}
        ]
      });
      const {distances} = await engine.nearest("xs", made!);
      return [...distances].sort((a, b) => a - b)[measured / 2]!;
    }
    return {title, node, draw};
  }
  seed.addEventListener("input", look);
  beta.addEventListener("input", look);
  const node = figure(
    {kind: "beside-figure", label: "Drawn from the prior: autoencoder beside VAE"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "controls"}, seed, beta),
      element("div", {class: "figure-columns"}, ...sides.map((one) => one.node)),
      told
    ),
    element("figcaption", {}, "The same eight draws of ε in all three. β is the VAE’s; the autoencoder has none.")
  );
  autoencoder.onChange(look, node);
  vae.onChange(look, node);
  if (settings.problems.length > 0) tell(settings.problems.join(" "), true);
  void nearScreen(node).then(look);
  return node;
}
