// One image under the exact mixture: a guess q over its codes, dragged or fitted, and the bound that it gives.

import {boundBar} from "../../charts/boundBar.js";
import type {NumberArray} from "../../charts/chart.js";
import {button} from "../../charts/controls/button.js";
import {element, extend} from "../../charts/dom.js";
import {formatNumber} from "../../charts/format.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {probabilityBars} from "../../charts/probabilityBars.js";
import type {ProbeResult} from "../../training/protocol.js";
import {symbol} from "../symbol.js";
import {bestUnderBeta, boundOf, type Codes, gradientStep, normalised, posteriorOf, withEntry} from "./bound.js";
import {termsLine} from "./termsLine.js";

/** What the model says of one image, for every code. */
export interface ImageCodes extends Codes {
  readonly image: NumberArray;
  readonly pictures: NumberArray;
  /** q_φ(z | x). */
  readonly encoder: readonly number[];
}

/** Emits "input" when the reader changes q. */
export interface CodesPanel extends HTMLElement {
  update(codes: ImageCodes): void;
  readonly codes: ImageCodes | null;
  q: readonly number[] | null;
  beta: number;
}

const fittingSteps = 120;

export function imageCodes(image: ProbeResult, pictures: ProbeResult): ImageCodes {
  return {
    image: image.image!,
    pictures: pictures.pictures!,
    likelihood: Array.from(image.likelihood!.data),
    prior: Array.from(image.prior!.data),
    encoder: normalised(Array.from(image.encoder!.data, Math.exp))
  };
}

export function codesPanel(): CodesPanel {
  const picture = pixelImage({images: null, label: "the image"});
  const bars = probabilityBars(
    {probabilities: [], pictures: null},
    {label: "q, the guess at the code", linesName: "true posterior"}
  );
  const total = boundBar({bound: 0, gap: 0, limit: 0}, {unit: "nats", room: 6});
  const terms = element("p", {class: "chart-note terms", role: "status"});
  const step = button("Gradient step", {hint: "One step uphill on the bound"});
  const fit = button("Fit q", {kind: "primary", hint: "Many gradient steps"});
  const own = button("Encoder’s q");
  const exact = button("True posterior");
  const even = button("Even q");
  const node = element(
    "div",
    {class: "codes-panel"},
    element("div", {class: "codes-bound"}, total, terms),
    element("div", {class: "codes-image"}, picture, element("p", {class: "panel-label"}, symbol("x"), " 4 × 4 pixels")),
    element(
      "div",
      {class: "codes-bars"},
      element(
        "p",
        {class: "chart-title"},
        symbol("guess"),
        ", one bar for each code ",
        symbol("z"),
        ": drag. Lines: the true posterior. Below: each code’s picture, the mean of ",
        symbol("pTheta")
      ),
      bars
    ),
    element("div", {class: "control-bar"}, fit, step, own, exact, even)
  );
  let codes: ImageCodes | null = null;
  let q: readonly number[] | null = null;
  let beta = 1;
  let fitting = 0;

  function show(): void {
    if (codes === null) return;
    const guess = q ?? codes.encoder;
    const {logPx, elbo, gap, reconstruction, kl} = boundOf(guess, codes);
    picture.update({images: codes.image, label: "the image, shrunk"});
    bars.update({probabilities: guess, lines: posteriorOf(codes), pictures: codes.pictures});
    const weighted = reconstruction - beta * kl;
    total.update({
      bound: elbo,
      gap,
      limit: logPx,
      mark: beta === 1 ? null : {value: weighted, label: `with β = ${formatNumber(beta)}:`}
    });
    terms.replaceChildren(...termsLine({elbo, reconstruction, kl}));
  }
  function take(next: readonly number[] | null): void {
    q = next;
    show();
    node.dispatchEvent(new Event("input", {bubbles: true}));
  }
  function stop(): void {
    cancelAnimationFrame(fitting);
    fitting = 0;
  }
  bars.addEventListener("input", (event) => {
    event.stopPropagation();
    if (codes === null || bars.moved === null) return;
    stop();
    take(withEntry(q ?? codes.encoder, bars.moved.code, bars.moved.probability));
  });
  const stepOn = () => {
    if (codes !== null) take(gradientStep([...(q ?? codes.encoder)], codes, 0.08));
  };
  step.addEventListener("click", () => {
    stop();
    stepOn();
  });
  fit.addEventListener("click", () => {
    stop();
    let left = fittingSteps;
    const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? true;
    const turn = () => {
      for (let i = 0; i < (still ? fittingSteps : 2) && left > 0; ++i, --left) stepOn();
      if (left > 0) fitting = requestAnimationFrame(turn);
    };
    turn();
  });
  const jump = (to: () => readonly number[] | null) => () => {
    stop();
    if (codes !== null) take(to());
  };
  own.addEventListener(
    "click",
    jump(() => null)
  );
  exact.addEventListener(
    "click",
    jump(() => (beta === 1 ? posteriorOf(codes!) : bestUnderBeta(codes!, beta).q))
  );
  even.addEventListener(
    "click",
    jump(() => codes!.encoder.map(() => 1 / codes!.encoder.length))
  );
  return extend(node, {
    update(next: ImageCodes) {
      codes = next;
      if (q !== null && q.length !== next.encoder.length) q = null;
      show();
    },
    get codes() {
      return codes;
    },
    get q() {
      return q;
    },
    set q(next: readonly number[] | null) {
      stop();
      q = next;
      show();
    },
    get beta() {
      return beta;
    },
    set beta(next: number) {
      beta = next;
      exact.textContent = next === 1 ? "True posterior" : "Best q for this β";
      show();
    }
  }) as CodesPanel;
}
