// The paper's bound on the real pipeline's numbers: one captioned scene, both stages, position by position.

import {example} from "../../../data/scenes/splits.js";
import {button} from "../../charts/controls/button.js";
import {select} from "../../charts/controls/select.js";
import {slider} from "../../charts/controls/slider.js";
import {element} from "../../charts/dom.js";
import {formatCount, formatNumber} from "../../charts/format.js";
import {heatGrid} from "../../charts/heatGrid.js";
import {ladder} from "../../charts/ladder.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {tokenGrid} from "../../charts/tokenGrid.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {BoundTerms, Size} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, type OpenPipeline, pipelines, shippedWeights} from "../pipelines.js";
import {type Predict, predict} from "../predict.js";
import {debounced, nearScreen} from "../redraw.js";
import {exampleImage} from "../scenes.js";
import {symbol, withSymbols} from "../symbol.js";
import {type Account, accountOf} from "./account.js";

const draws = 16;
const scenes = 40;

export function equationFigure(engine: FigureEngine, loadShipped: LoadShipped): HTMLElement {
  const settings = pageSettings({
    esize: choiceSetting<Size>("xs", ["xs", "s"]),
    scene: numberSetting(1, {min: 1, max: scenes, integer: true}),
    eseed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true})
  });
  const opened = pipelines(engine, loadShipped);
  const size = select<Size>({
    label: "model",
    value: settings.values.esize,
    choices: [
      {value: "xs", label: "XS, 16 × 16"},
      {value: "s", label: "S, 32 × 32"}
    ]
  });
  const which = slider({
    label: "scene",
    min: 1,
    max: scenes,
    step: 1,
    value: settings.values.scene,
    format: (i) => `${i} of ${scenes}`
  });
  const again = button("Draw z anew", {hint: "Other draws from the encoder: another estimate of the same bound"});
  const picture = pixelImage({images: null, label: "the scene"});
  const caption = element("p", {class: "panel-label"});
  const tokensPlace = element("div");
  const stage1 = termsTable("Stage 1: the prior is uniform");
  const stage2 = termsTable("Stage 2: the prior is learnt, φ and θ stand still");
  const uniform = heatGrid(null, {title: "uniform prior", unit: "bits", empty: "not computed yet"});
  const learnt = heatGrid(null, {title: "learnt prior", unit: "bits", empty: "not computed yet"});
  const saved = heatGrid(null, {title: "bits saved", unit: "bits", empty: "not computed yet"});
  const steps = ladder([], {label: "The same image in three languages", least: 1});
  const told = element("p", {class: "message", role: "status"}, settings.problems.join(" "));
  const node = figure(
    {kind: "equation-figure", label: "The paper's bound, term by term"},
    element(
      "div",
      {class: "figure-body"},
      element("div", {class: "control-bar"}, size, which, again),
      element(
        "div",
        {class: "equation-scene"},
        element("div", {class: "panel"}, picture, element("p", {class: "panel-label"}, symbol("x"), " the scene")),
        element(
          "div",
          {class: "panel"},
          tokensPlace,
          element("p", {class: "panel-label"}, symbol("z"), " its likeliest codes")
        ),
        caption
      ),
      element("div", {class: "figure-columns"}, stage1.node, stage2.node),
      element("h3", {class: "figure-title"}, "What each token costs"),
      element("div", {class: "equation-grids"}, uniform, learnt, saved),
      element("h3", {class: "figure-title"}, "The same image, three times (logarithmic)"),
      steps,
      told
    ),
    element(
      "figcaption",
      {},
      `Computed when you choose a scene: z is drawn ${draws} times from the encoder, and the prior reads the caption and the codes. The models have not seen these scenes in training.`
    )
  );
  let asked = 0;

  async function look(): Promise<void> {
    const mine = ++asked;
    told.textContent = [...settings.problems, "Computing …"].join(" ");
    try {
      const found = await termsOf(opened, size.value, which.value - 1, settings.values.eseed);
      if (mine !== asked) return;
      show(found.terms, found.model, found.caption);
      told.textContent = settings.problems.join(" ");
      told.classList.remove("problem");
    } catch (error) {
      if (mine !== asked) return;
      told.textContent = sentence(error);
      told.classList.add("problem");
    }
  }
  function show(terms: BoundTerms, model: OpenPipeline, words: string): void {
    const account = accountOf(terms, model.imageSize);
    picture.update({images: exampleImage(size.value, which.value - 1), label: words});
    caption.replaceChildren(symbol("y"), ` “${words}”: ${account.textTokens} text tokens`);
    const grid = tokenGrid(
      {tokens: terms.tokens.data, patches: model.patches},
      {rows: model.grid, columns: model.grid, label: "Likeliest codes"}
    );
    tokensPlace.replaceChildren(grid);
    stage1.update(stage1Rows(account));
    stage2.update(stage2Rows(account));
    const cells = (data: readonly number[]) => ({shape: terms.tokens.shape, data: Float32Array.from(data)});
    uniform.update(cells(account.uniformBits));
    learnt.update(cells(account.learntBits));
    saved.update(cells(account.savedBits));
    steps.update(rungs(account));
  }
  for (const control of [size, which]) {
    control.addEventListener("input", () => settings.set({esize: size.value, scene: which.value}));
    control.addEventListener(
      "input",
      debounced(() => void look(), 120)
    );
  }
  again.addEventListener("click", () => {
    settings.set({eseed: (settings.values.eseed + 1) % 2 ** 32});
    void look();
  });
  void nearScreen(node).then(look);
  return node;
}

interface Row {
  readonly name: string;
  readonly nats: number;
  readonly total?: boolean;
}

function stage1Rows({reconstruction, uniformKl}: Account): Row[] {
  return [
    {name: "E ln p_θ(x | z), over z from q_φ", nats: reconstruction},
    {name: "− D_KL(q_φ(z | x) ‖ uniform)", nats: -uniformKl},
    {name: "bound on ln p(x)", nats: reconstruction - uniformKl, total: true}
  ];
}

function stage2Rows({reconstruction, entropy, crossEntropy, text}: Account): Row[] {
  return [
    {name: "E ln p_θ(x | z), over z from q_φ", nats: reconstruction},
    {name: "+ H(q_φ(z | x))", nats: entropy},
    {name: "+ E ln p_ψ(z | y), token by token", nats: -crossEntropy},
    {name: "+ ln p_ψ(y), the caption", nats: -text},
    {name: "bound on ln p(x, y)", nats: reconstruction + entropy - crossEntropy - text, total: true}
  ];
}

function rungs({pixels, imageSize, tokenCount, codes, tokenBits}: Account) {
  const plain = tokenCount * Math.log2(codes);
  return [
    {
      name: "pixels",
      value: pixels * 8,
      text: `${formatCount(pixels * 8)} bits: ${imageSize} × ${imageSize} × 3 numbers of 8 bits`,
      kind: "means-image"
    },
    {
      name: "tokens",
      value: plain,
      text: `${formatCount(plain)} bits: ${tokenCount} of ${formatNumber(Math.log2(codes))} bits, ${formatCount(pixels / tokenCount)} times fewer positions`,
      kind: "means-codes"
    },
    {
      name: "tokens, prior knows the caption",
      value: tokenBits,
      text: `${formatNumber(tokenBits)} bits`,
      kind: "means-prior"
    }
  ];
}

function termsTable(title: string): {node: HTMLElement; update(rows: readonly Row[]): void} {
  const body = element("tbody");
  const head = element(
    "thead",
    {},
    element(
      "tr",
      {},
      element("th", {scope: "col"}, title),
      element("th", {scope: "col"}, "nats"),
      element("th", {scope: "col"}, "bits")
    )
  );
  return {
    node: element("div", {class: "terms-table"}, element("table", {}, head, body)),
    update(rows) {
      body.replaceChildren(
        ...rows.map(({name, nats, total}) =>
          element(
            "tr",
            {class: total ? "total" : null},
            element("th", {scope: "row"}, ...withSymbols(name)),
            element("td", {}, formatNumber(nats)),
            element("td", {}, formatNumber(nats / Math.LN2))
          )
        )
      );
    }
  };
}

async function termsOf(opened: ReturnType<typeof pipelines>, size: Size, index: number, seed: number) {
  const model = await opened.get(shippedWeights(size));
  const words = example(size, "iid", index).caption;
  const terms = await model.api.bound(exampleImage(size, index), words, draws, seed);
  return {terms, model, caption: words};
}

/** What does the learnt prior save? */
export function predictSavings(engine: FigureEngine, loadShipped: LoadShipped): Predict {
  const opened = pipelines(engine, loadShipped);
  const count = 16;
  return predict({
    question:
      "XS, 16 codes of 64: under the uniform prior an image costs 16 × 6 = 96 bits. The learnt prior reads the caption first, then code after code. What do the codes cost then?",
    answers: ["more than two thirds of that", "from a third to two thirds", "less than a third"],
    async look() {
      let [learnt, uniform] = [0, 0];
      for (let i = 0; i < count; ++i) {
        const {terms, model} = await termsOf(opened, "xs", i, 1);
        const {tokenBits, uniformBits} = accountOf(terms, model.imageSize);
        learnt += tokenBits / count;
        uniform += uniformBits.reduce((a, b) => a + b, 0) / count;
      }
      const share = learnt / uniform;
      return {
        right: share > 2 / 3 ? 0 : share >= 1 / 3 ? 1 : 2,
        found: `Over ${count} scenes, ${formatNumber(learnt)} of ${formatNumber(uniform)} bits on average. What the caption says, and what the codes before make likely, need not be said again.`
      };
    }
  });
}
