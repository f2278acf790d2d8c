// The shipped exact mixture, opened once for the page's figures.

import type {ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {type ImageCodes, imageCodes} from "./codesPanel.js";

/** Held-back images that can be asked for. */
export const imageCount = 64;
/** K of the shipped model. */
export const codeCount = 8;

export interface ExactModel {
  /** What the shipped model says of a held-back image. */
  image(index: number): Promise<ImageCodes>;
}

export function exactModel(engine: FigureEngine, load: (engine: FigureEngine) => Promise<void>): ExactModel {
  let opening: Promise<{id: number; pictures: ProbeResult}> | null = null;
  function open(): Promise<{id: number; pictures: ProbeResult}> {
    opening ??= (async () => {
      await load(engine);
      const id = await engine.openSession({model: "elbo", size: "xs", seed: 1, start: "shipped"}, () => {});
      return {id, pictures: await engine.probe(id, "pictures")};
    })();
    opening.catch(() => {
      opening = null; // a later call tries again
    });
    return opening;
  }
  return {
    async image(index) {
      const {id, pictures} = await open();
      return imageCodes(await engine.probe(id, "image", {index}), pictures);
    }
  };
}
