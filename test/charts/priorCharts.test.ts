// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {keyField} from "../../components/charts/keyField.js";
import {maskMatrix} from "../../components/charts/maskMatrix.js";
import {rankedBars} from "../../components/charts/rankedBars.js";
import {vectorRows} from "../../components/charts/vectorRows.js";
import {counted, expectSvg, installCanvas, key, pixelsOf, placed} from "./dom.js";

beforeAll(installCanvas);

test("vectorRows draws above and below nought", async () => {
  const node = vectorRows([{name: "token", values: [0.5, -1, 0]}]);
  await expectSvg(node, "vector-rows");
  expect(node.querySelector(".chart-note")!.textContent).toBe("the tallest stripe is 1");
});

test("rankedBars: shares of the largest, the marked one told apart", () => {
  const node = rankedBars({
    title: "pairs",
    rows: [
      {name: "a + b", value: 8, text: "8", marked: true},
      {name: "c + d", value: 2, text: "2"}
    ]
  });
  const bars = [...node.querySelectorAll<HTMLElement>(".bar")];
  expect(bars.map((bar) => bar.style.getPropertyValue("--share"))).toEqual(["1", "0.25"]);
  expect(node.querySelectorAll(".marked")).toHaveLength(1);
});

describe("maskMatrix(data, options)", () => {
  const kinds = Uint8Array.from([1, 0, 0, 1, 2, 0, 1, 0, 2]);
  const make = () =>
    maskMatrix({length: 3, kinds}, {label: "Mask", colours: ["--text", "--codes"], describe: (p) => `token ${p + 1}`});

  test("paints what may be seen; keys move the row and say what it sees", () => {
    const node = make();
    const events = counted(node);
    expect(pixelsOf(node.querySelector("canvas")).filter((_, i) => i % 4 === 3)).toEqual(
      Array.from(kinds, (kind) => (kind > 0 ? 255 : 0))
    );
    const rows = node.querySelector(".mask-rows")!;
    key(rows, "ArrowDown");
    expect(rows.getAttribute("aria-valuetext")).toBe("token 2 sees 2 keys");
    key(rows, "End");
    expect(node.value).toBe(2);
    key(rows, "ArrowDown");
    expect(node.value).toBe(2);
    expect(events()).toBe(2);
  });
});

describe("keyField(data, label, describe)", () => {
  test("arrow keys move in both directions; a click takes the cell under it", () => {
    const node = keyField({side: 4, strengths: []}, "Token", (n) => `token ${n}`);
    const handle = node.querySelector<HTMLElement>(".field-handle")!;
    node.value = 5;
    key(handle, "ArrowUp");
    expect(node.value).toBe(1);
    key(handle, "ArrowUp");
    expect(node.value).toBe(1);
    key(handle, "ArrowRight");
    expect(node.value).toBe(2);
    placed(handle, 40, 40);
    handle.dispatchEvent(new MouseEvent("click", {clientX: 35, clientY: 15, bubbles: true}));
    expect(node.value).toBe(7);
    expect(handle.getAttribute("aria-valuetext")).toBe("token 7");
  });
});
