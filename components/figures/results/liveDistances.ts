// Measures the Fréchet distances in the page: draws, encodes, looks up, blurs and embeds as many images as asked.

import {stream} from "../../../data/random.js";
import {marginalImage} from "../../../data/scenes/baselines.js";
import {example} from "../../../data/scenes/splits.js";
import {button} from "../../charts/controls/button.js";
import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {formatPercent} from "../../charts/format.js";
import type {Size} from "../../training/protocol.js";
import {blurRadii, measureSets, packed, type SetCurve, unpacked} from "../../training/setDistance.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import type {OpenPipeline} from "../pipelines.js";
import {teller} from "../teller.js";
import {drawnImage, nearestCaptions, pause} from "./opponents.js";

export interface LiveDistancesOptions {
  open(size: Size): Promise<OpenPipeline>;
  loadClip(engine: FigureEngine, size: Size): Promise<void>;
  /** The size to measure when the button is pressed. */
  size(): Size;
  onMeasured(size: Size, curves: readonly SetCurve[], count: number): void;
}

const counts = ["32", "64", "128", "256", "512"] as const;
/** Scenes from here on: no stored measurement has them. */
const firstPlace = 50_000;

/** A button, a count, a progress bar; a second press of the button ends the measurement. */
export function liveDistances(engine: FigureEngine, options: LiveDistancesOptions): HTMLElement {
  const count = select<(typeof counts)[number]>({
    label: "images in each set",
    value: "64",
    choices: counts.map((value) => ({value, label: value}))
  });
  const start = button("Measure here");
  const progress = element("progress", {class: "progress", max: 1, value: 0, "aria-label": "Measured"});
  progress.hidden = true;
  const {node: message, tell} = teller();
  const node = element(
    "div",
    {class: "control-bar", role: "group", "aria-label": "Measure"},
    start,
    count,
    progress,
    message
  );
  let run = 0;
  let running = false;

  start.addEventListener("click", () => {
    if (running) end("Ended.");
    else void measure();
  });
  function end(words: string, problem = false): void {
    run += 1;
    running = false;
    start.textContent = "Measure here";
    progress.hidden = true;
    tell(words, problem);
  }
  async function measure(): Promise<void> {
    const mine = ++run;
    const goesOn = () => mine === run;
    running = true;
    start.textContent = "End it";
    progress.hidden = false;
    const progressed = (words: string, done: number) => {
      if (!goesOn()) return;
      tell(words);
      progress.value = done;
    };
    const [size, n] = [options.size(), Number(count.value)];
    try {
      progressed("Fetching the models …", 0);
      const [pipeline] = await Promise.all([options.open(size), options.loadClip(engine, size)]);
      const clip = await engine.openClip(size, {from: "shipped"});
      const sets = await gathered(size, n, pipeline, progressed, goesOn);
      if (sets === null) return;
      const {reference, ...others} = sets;
      const curves = await measureSets(clip, reference, others, {
        radii: blurRadii,
        onProgress: async (done) => {
          progressed(`Comparing under the blur: ${formatPercent(done)} …`, 0.6 + 0.4 * done);
          await pause();
          return goesOn();
        }
      });
      await clip.dispose();
      if (curves === null || !goesOn()) return;
      end("");
      options.onMeasured(size, curves, n);
    } catch (error) {
      if (goesOn()) end(sentence(error), true);
    }
  }
  return node;
}

/** All sets of so many images; null if it was ended. */
async function gathered(
  size: Size,
  n: number,
  pipeline: OpenPipeline,
  tell: (words: string, done: number) => void,
  goesOn: () => boolean
) {
  const examples = Array.from({length: n}, (_, i) => example(size, "iid", firstPlace + i));
  const truth = examples.map((one) => one.image());
  const drawn: Uint8Array[] = [];
  for (const [i, {caption}] of examples.entries()) {
    tell(`Drawing ${i + 1} of ${n} …`, (0.4 * i) / n);
    drawn.push(await drawnImage(pipeline, caption, i + 1));
    if (!goesOn()) return null;
  }
  const codes: Uint8Array[] = [];
  for (let i = 0; i < n; i += 32) {
    codes.push(...unpacked((await pipeline.api.encode(packed(truth.slice(i, i + 32)))).hard));
    if (!goesOn()) return null;
  }
  const captions = await nearestCaptions(size, (done) =>
    tell(`Reading the training captions: ${formatPercent(done)} …`, 0.4 + 0.2 * done)
  );
  if (!goesOn()) return null;
  return {
    true: truth,
    drawn,
    codes,
    nearest: examples.map(({caption}) => captions.find(caption).image()),
    marginals: examples.map(({scene}, i) =>
      marginalImage(size, scene.objects.length === 1 ? 1 : 2, stream(1, "distances", "marginals", i))
    ),
    reference: Array.from({length: n}, (_, i) => example(size, "iid", firstPlace + n + i).image())
  };
}
