// The same bytes always and everywhere. If these change on purpose, raise dataVersion and update with `vitest -u`.

import {fileURLToPath} from "node:url";
import {expect, test} from "vitest";
import {dataVersion, example} from "../../data/scenes/index.js";
import {bundle} from "../browser/bundle.js";
import {openScript} from "../browser/page.js";
import {allDigests} from "./digest.js";

const digests = allDigests();

test("images and captions of every split are as stored", () => {
  expect({dataVersion, ...digests}).toMatchSnapshot();
});

test("the first captions are as stored", () => {
  const captions = (["train", "colourShape", "relation", "paraphrase"] as const).flatMap((split) =>
    [0, 1, 2, 3].map((i) => `${split}: ${example("s", split, i).caption}`)
  );
  expect(captions).toMatchSnapshot();
});

test("a browser makes the same bytes as Node", async () => {
  const script = await bundle(fileURLToPath(new URL("browserDigest.ts", import.meta.url)));
  const opened = await openScript(script, "none");
  try {
    expect(opened.errors).toEqual([]);
    expect(await opened.page.evaluate(() => (globalThis as {digests?: unknown}).digests)).toEqual(digests);
  } finally {
    await opened.close();
  }
}, 60_000);
