// A calculator: what 12 billion parameters take on one card, and what answers it.

import {select} from "../../charts/controls/select.js";
import {element} from "../../charts/dom.js";
import {formatNumber, formatPercent} from "../../charts/format.js";
import {type LoadRow, loadBars} from "../../charts/loadBars.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {choiceSetting, pageSettings, switchSetting} from "../../notebook/settings.js";
import {paperDistributed} from "../../training/paper.js";
import {figure} from "../figure.js";
import {type MemoryChoices, memoryParts, networkBytes, totalBytes} from "./memory.js";

const gigabytes = (bytes: number) => `${formatNumber(bytes / 1e9)}\u00a0GB`;
const {cardBytes} = paperDistributed;
const limit = {value: cardBytes, label: `${gigabytes(cardBytes)}: the card`};

export function memoryFigure(): HTMLElement {
  const settings = pageSettings({
    sharding: switchSetting(false),
    checkpointing: switchSetting(false),
    powersgd: switchSetting(false),
    mbits: choiceSetting<"16" | "32">("16", ["16", "32"])
  });
  const {values} = settings;
  const told = element("p", {class: "message problem", role: "status"}, settings.problems.join(" "));
  const sharding = check("parameter sharding over 8 cards", values.sharding);
  const checkpointing = check("activation checkpointing", values.checkpointing);
  const powerSgd = check("PowerSGD", values.powersgd);
  const bits = select<"16" | "32">({
    label: "a number takes",
    value: values.mbits,
    choices: [
      {value: "16", label: "16 bits"},
      {value: "32", label: "32 bits"}
    ]
  });
  const bars = loadBars({title: "", rows: [], limit}, gigabytes);
  const network = rankedBars({title: "", rows: []});
  const words = element("p", {class: "message", role: "status"});
  const node = figure(
    {kind: "stack distributed-figure memory-figure", label: "What 12 billion parameters take on one card"},
    told,
    element("div", {class: "control-bar"}, bits, sharding.node, checkpointing.node, powerSgd.node),
    bars,
    network,
    words,
    element(
      "figcaption",
      {},
      "From the paper: 12 billion parameters, 16 bits, cards of 16 GB, 8 to a machine, 128 machines, a batch of 1,024. Derived: the rest. Activations are the tensors of a layer that its gradient needs, counted one by one, for one sequence of 1,280 tokens a card; “in passing” is what is gathered for the layer at work and the next, its gradient, and PowerSGD’s factors. Not counted: the code’s own workspace, and the running average of the parameters."
    )
  );
  function choices(): MemoryChoices {
    return {
      sharding: sharding.input.checked,
      checkpointing: checkpointing.input.checked,
      powerSgd: powerSgd.input.checked,
      bits: bits.value === "16" ? 16 : 32
    };
  }
  function draw(): void {
    const chosen = choices();
    const total = totalBytes(memoryParts(chosen));
    bars.update({title: "Memory of one card", rows: [rowOf("as chosen", chosen)], limit});
    const whole = {...chosen, powerSgd: false};
    network.update({
      title: "What a card sends to other machines each step",
      rows: [
        {name: "whole gradients", value: networkBytes(whole), text: gigabytes(networkBytes(whole))},
        {name: "as chosen", value: networkBytes(chosen), text: gigabytes(networkBytes(chosen)), marked: true}
      ]
    });
    const without = totalBytes(memoryParts(whole));
    const effect = chosen.powerSgd
      ? ` PowerSGD takes ${formatPercent(1 - networkBytes(chosen) / networkBytes(whole))} off what goes to other machines, and nothing off the card: ${gigabytes(without)} without it, ${gigabytes(total)} with it.`
      : "";
    words.textContent = `${total <= cardBytes ? "It fits" : "It does not fit"}: ${gigabytes(total)} of ${gigabytes(cardBytes)}.${effect}`;
  }
  node.addEventListener("input", () => {
    const chosen = choices();
    settings.set({
      sharding: chosen.sharding,
      checkpointing: chosen.checkpointing,
      powersgd: chosen.powerSgd,
      mbits: bits.value
    });
    draw();
  });
  draw();
  return node;
}

function rowOf(name: string, choices: MemoryChoices): LoadRow {
  const parts = memoryParts(choices);
  const total = totalBytes(parts);
  return {
    name,
    parts: parts.map((part, i) => ({name: partName(part.name, choices), value: part.bytes, kind: `part-${i + 1}`})),
    text: `${gigabytes(total)}: ${total <= cardBytes ? "fits" : "too much"}`,
    marked: true
  };
}

/** In the paper gradients are added straight to the error buffers, which then take no room of their own. */
function partName(name: string, {powerSgd}: MemoryChoices): string {
  return name === "gradients" && powerSgd ? "gradients, in the error buffers" : name;
}

function check(label: string, checked: boolean): {node: HTMLElement; input: HTMLInputElement} {
  const input = element("input", {type: "checkbox", checked});
  return {input, node: element("label", {class: "check"}, input, element("span", {}, label))};
}
