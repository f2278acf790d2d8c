// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {attentionMask} from "../../components/charts/attentionMask.js";
import {captionTokens} from "../../components/charts/captionTokens.js";
import {counted, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

beforeAll(installCanvas);

describe("captionTokens(data)", () => {
  test("pieces with their ids, spaces shown, then pads", () => {
    const node = captionTokens({pieces: ["a", " red"], ids: [97, 300], textLength: 4});
    const items = [...node.querySelectorAll("li")];
    expect(items.map((item) => item.textContent)).toEqual(["a97", "␣red300", "", ""]);
    expect(items.map((item) => item.classList.contains("pad"))).toEqual([false, false, true, true]);
    expect(node.textContent).toContain("2 tokens and 2 pads fill 4 text positions");
  });

  test("a caption that grows replaces pads", () => {
    const node = captionTokens({pieces: ["a"], ids: [97], textLength: 2});
    node.update({pieces: ["a", "b", "c"], ids: [97, 98, 99], textLength: 2});
    expect([...node.querySelectorAll("li.pad")]).toHaveLength(0);
    expect(node.textContent).toContain("3 tokens, of which the model reads the first 2");
  });
});

describe("attentionMask(data, options)", () => {
  const causal = {length: 3, kind: (q: number, k: number) => (k > q ? 0 : k === 0 ? 1 : 2)};
  const make = () =>
    attentionMask(causal, {label: "Mask", colours: ["--text", "--codes"], describe: (p) => `token ${p}`});
  const alpha = (node: Element) => pixelsOf(node.querySelector("canvas")).filter((_, i) => i % 4 === 3);

  test("draws what may be seen and leaves the rest clear", () => {
    expect(alpha(make())).toEqual([255, 0, 0, 255, 255, 0, 255, 255, 255]);
  });

  test("a chosen row stands out", () => {
    const node = make();
    node.value = 1;
    expect(alpha(node)).toEqual([76, 0, 0, 255, 255, 0, 76, 76, 76]);
  });

  test("rows are pointed at, clicked, and stepped through by keys", () => {
    const node = make();
    const events = counted(node);
    const rows = node.querySelector(".mask-rows")!;
    placed(rows, 30, 30);
    pointer(rows, "pointermove", 0, 25);
    expect(node.value).toBe(2);
    pointer(rows, "pointerleave", 0, 0);
    expect(node.value).toBeNull();
    key(rows, "ArrowDown");
    key(rows, "ArrowDown");
    expect(node.value).toBe(1);
    expect(rows.getAttribute("aria-valuetext")).toBe("token 1 sees 2 keys");
    key(rows, "Escape");
    expect(node.value).toBeNull();
    expect(events()).toBe(5);
  });
});
