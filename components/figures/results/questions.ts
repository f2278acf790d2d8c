// What the reader predicts about measuring pictures; the answers are computed when they are asked for.

import {stream} from "../../../data/random.js";
import {marginalImage} from "../../../data/scenes/baselines.js";
import {example} from "../../../data/scenes/splits.js";
import {formatNumber} from "../../charts/format.js";
import type {Size} from "../../training/protocol.js";
import {measureSets, packed, unpacked} from "../../training/setDistance.js";
import type {FigureEngine} from "../engine.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {type Predict, predict} from "../predict.js";
import type {StoredScores} from "./limits.js";

const images = 128;
const size: Size = "xs";

/** Does a distance between sets see whether a picture fits its caption? */
export function predictDistance(
  engine: FigureEngine,
  loadShipped: LoadShipped,
  loadClip: (engine: FigureEngine, size: Size) => Promise<void>
): Predict {
  const opened = pipelines(engine, loadShipped);
  return predict({
    question:
      `Two sets of ${images} pictures are held against ${images} true ones. In the first every attribute is drawn ` +
      "independently, so that hardly a picture fits its caption. The second is true pictures of other scenes, sent through " +
      "the dVAE’s codes. Which set has the smaller Fréchet distance?",
    answers: [
      "the independent ones, which fit no caption",
      "the true ones through the codes",
      "they differ by less than a tenth"
    ],
    async look() {
      const [{api}] = await Promise.all([opened.get(shippedWeights(size)), loadClip(engine, size)]);
      const clip = await engine.openClip(size, {from: "shipped"});
      const scenes = (from: number) => Array.from({length: images}, (_, i) => example(size, "iid", from + i).image());
      const [reference, truth] = [scenes(20_000), scenes(30_000)];
      const codes = unpacked((await api.encode(packed(truth))).hard);
      const marginals = truth.map((_, i) => marginalImage(size, 1, stream(1, "question", "marginals", i)));
      const curves = await measureSets(clip, reference, {codes, marginals}, {radii: [0]});
      await clip.dispose();
      const of = (set: string) => curves!.find((curve) => curve.set === set)!.distances[0]!;
      const [independent, coded] = [of("marginals"), of("codes")];
      const close = Math.abs(independent - coded) < 0.1 * Math.max(independent, coded);
      return {
        right: close ? 2 : independent < coded ? 0 : 1,
        found:
          `${formatNumber(independent)} for the independent ones, ${formatNumber(coded)} for the true ones through the codes ` +
          "(XS, without blur). A distance between sets knows nothing of captions: it asks whether the pictures as a whole look " +
          "like the others as a whole."
      };
    }
  });
}

/** When two objects come out wrong, what went wrong? */
export function predictBinding(stored: StoredScores): Predict {
  return predict({
    question:
      "A caption names two objects with their colours, and the picture is wrong. How often are all the right shapes and " +
      "colours there, only on the wrong objects?",
    answers: ["in most of the wrong pictures", "in about a third of them", "hardly ever"],
    look() {
      const group = stored["iid, 2 objects"];
      const [present, binding] = [group?.["all present"], group?.binding];
      if (present === undefined || binding === undefined) throw new Error("The scores are not stored");
      const wrong = 100 - binding.percent;
      const swapped = present.percent - binding.percent;
      const part = wrong > 0 ? swapped / wrong : 0;
      return {
        right: part > 0.5 ? 0 : part > 0.15 ? 1 : 2,
        found:
          `Of ${binding.count} pictures ${binding.percent.toFixed(1)} % are right. All that is named is there in ` +
          `${present.percent.toFixed(1)} %, so ${swapped.toFixed(1)} points are swapped, of ${wrong.toFixed(1)} that are wrong. ` +
          "The miniature loses attributes rather than mixing them up."
      };
    }
  });
}
