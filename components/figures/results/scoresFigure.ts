// The grader's accuracy by split, with the baselines: stored, and the reader's own draws beside it.

import {button} from "../../charts/controls/button.js";
import {seedField} from "../../charts/controls/seedField.js";
import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {type IntervalRow, intervalRows} from "../../charts/intervalRows.js";
import {choiceSetting, numberSetting, pageSettings} from "../../notebook/settings.js";
import type {Size} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {teller} from "../teller.js";
import {drawnStrip} from "./drawnStrip.js";
import {type Aspect, aspectNames, groups, isRight, type StoredMeasures} from "./groups.js";
import {captionsOf} from "./limits.js";
import {type LiveTally, liveTally, written} from "./liveTally.js";

export interface ScoresOptions {
  readonly stored: Readonly<Record<Size, StoredMeasures>>;
  readonly loadShipped?: LoadShipped;
}

/** Drawn at a press. */
const more = 16;

export function scoresFigure(engine: FigureEngine, {stored, loadShipped}: ScoresOptions): HTMLElement {
  const names = [...new Set([...groups.s, ...groups.xs].map(({group}) => group))];
  const settings = pageSettings({
    world: choiceSetting<Size>("s", ["s", "xs"]),
    group: choiceSetting<string>("colourShape", names),
    must: choiceSetting<Aspect>("shape and colour", Object.keys(aspectNames) as Aspect[]),
    drawSeed: numberSetting(1, {min: 0, max: 100_000, integer: true})
  });
  const opened = pipelines(engine, loadShipped);
  const tallies = new Map<string, LiveTally>();
  let run = 0;

  const size = select<Size>({
    label: "model",
    value: settings.values.world,
    choices: [
      {value: "s", label: "S · 32×32 pixels"},
      {value: "xs", label: "XS · 16×16 pixels"}
    ]
  });
  const which = select<string>({label: "captions", value: settings.values.group, choices: groupChoices("s")});
  const must = select<Aspect>({label: "must be right", value: settings.values.must, choices: []});
  const seed = seedField(settings.values.drawSeed);
  const draw = button(`Draw ${more} more`, {kind: "primary"});
  const chart = intervalRows([], {title: "Right, per cent of the pictures"});
  const strip = drawnStrip(
    "Nothing drawn here yet: press the button, and the pictures come with what the grader says."
  );
  const {node: message, tell} = teller(settings.problems.join(" "));
  const node = figure(
    {kind: "stack result-figure scores-figure", label: "What comes out right, by kind of caption"},
    element("div", {class: "control-bar"}, size, which, must),
    element(
      "div",
      {class: "result-columns"},
      element("div", {}, chart, element("p", {class: "chart-note"})),
      element("div", {class: "result-side"}, element("div", {class: "control-bar"}, draw, seed), strip, message)
    )
  );
  const note = node.querySelector(".chart-note")!;

  function groupChoices(of: Size) {
    return groups[of].map(({group, label}) => ({value: group, label}));
  }
  function current() {
    return groups[size.value].find(({group}) => group === which.value) ?? groups[size.value][0]!;
  }
  function tallyOf(): LiveTally {
    const key = `${size.value} ${which.value} ${seed.value}`;
    const found = tallies.get(key) ?? liveTally(size.value, captionsOf(size.value, current()), seed.value, more);
    tallies.set(key, found);
    return found;
  }
  /** The choices that go together; a value that is no longer there gives way to the first. */
  function settle(): void {
    which.setChoices(groupChoices(size.value));
    if (!groups[size.value].some(({group}) => group === which.value)) which.value = groups[size.value][0]!.group;
    const {aspects} = current();
    const wanted = aspects.includes(must.value) ? must.value : settings.values.must;
    must.setChoices(aspects.map((value) => ({value, label: aspectNames[value]})));
    must.value = aspects.includes(wanted) ? wanted : aspects[0]!;
  }
  function show(): void {
    const measures = stored[size.value];
    const [group, aspect] = [which.value, must.value];
    const own = tallyOf();
    const share = own.share(aspect);
    const row = (label: string, from: Readonly<Record<string, Readonly<Record<string, unknown>>>>, kind?: string) => ({
      label,
      marks: [
        {
          name: "stored",
          share: (from[group]?.[aspect] ?? null) as IntervalRow["marks"][number]["share"],
          ...(kind === undefined ? {} : {kind})
        }
      ]
    });
    const drawn = row("drawn from the caption", measures.samples, "means-prior");
    chart.update([
      row("the true scene through the codes: the ceiling", measures.ceiling, "means-codes"),
      {
        ...drawn,
        marks: [
          ...drawn.marks,
          {
            name: "you",
            share,
            note: share === null ? "nothing yet" : written(share),
            own: true,
            kind: "means-prior"
          }
        ]
      },
      row("the picture of the nearest training caption", measures.nearestCaption),
      row("attributes drawn independently: chance", measures.marginals)
    ]);
    strip.update(own.recent, (one) => isRight(one.grade, aspect) ?? true);
    note.textContent = `Stored: 500 captions, one picture each at t = 1, with 95 % intervals. ${measures.measuredAt.slice(0, 10)}, ${measures.command}.`;
  }
  async function drawMore(): Promise<void> {
    const mine = ++run;
    const tally = tallyOf();
    draw.disabled = true;
    tell("Fetching the model …", false);
    try {
      const pipeline = await opened.get(shippedWeights(size.value));
      for (let i = 0; i < more && mine === run; ++i) {
        tell(`Drawing ${i + 1} of ${more} …`, false);
        await tally.more(pipeline);
        if (mine === run) show();
      }
      if (mine === run) tell("", false);
    } catch (error) {
      if (mine === run) tell(sentence(error), true);
    }
    if (mine === run) draw.disabled = false;
  }
  for (const control of [size, which, must, seed]) {
    control.addEventListener("input", () => {
      if (control !== must) {
        run += 1; // what is being drawn belongs to other captions
        draw.disabled = false;
        tell("", false);
      }
      settle();
      settings.set({world: size.value, group: which.value, must: must.value, drawSeed: seed.value});
      show();
    });
  }
  draw.addEventListener("click", () => void drawMore());
  settle();
  show();
  return node;
}
