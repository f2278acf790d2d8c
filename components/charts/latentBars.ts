// How much each latent says: bars of nats, the largest first, with those that have collapsed marked.

import type {Chart} from "./chart.js";
import {element} from "./dom.js";
import {formatNumber} from "./format.js";

/** Less than this many nats, and a latent counts as collapsed. */
export const collapsedBelow = 0.02;

export interface LatentBarsData {
  /** Nats of each latent. */
  readonly kl: ArrayLike<number>;
  /** 1 for nats, 1 / ln 2 for bits. */
  readonly scale?: number;
  readonly unit?: string;
}

export type LatentBars = Chart<LatentBarsData>;

/** `most` nats fill the width. */
export function latentBars(data: LatentBarsData, {most = 4}: {most?: number} = {}): LatentBars {
  const title = element("p", {class: "chart-title"});
  const list = element("ol", {class: "latent-bars"});
  const node = element("div", {class: "chart"}, title, list);
  function update({kl, scale = 1, unit = "nats"}: LatentBarsData): void {
    const order = Array.from({length: kl.length}, (_, j) => j).sort((a, b) => kl[b]! - kl[a]!);
    const alive = order.filter((j) => kl[j]! >= collapsedBelow).length;
    title.textContent = `${alive} of ${kl.length} latents say anything`;
    list.replaceChildren(
      ...order.map((j) => {
        const dead = kl[j]! < collapsedBelow;
        const bar = element("span", {class: "bar"});
        bar.style.setProperty("--share", String(Math.min(1, Math.max(0, kl[j]! / most))));
        const words = dead ? "collapsed" : `${formatNumber(kl[j]! * scale)} ${unit}`;
        return element(
          "li",
          {class: dead ? "dead" : null},
          element("span", {class: "name"}, `z${subscript(j + 1)}`),
          element("span", {class: "track"}, bar),
          element("span", {class: "number"}, words)
        );
      })
    );
  }
  update(data);
  return Object.assign(node, {update});
}

function subscript(n: number): string {
  return String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉".charAt(Number(d)));
}
