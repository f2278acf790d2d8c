// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {path} from "../../components/figures/path.js";
import {chapterOf, chapters} from "../../components/notebook/chapters.js";
import {modelNames, type StoredRun} from "../../components/training/protocol.js";
import {installBrowser, until} from "./setUp.js";

beforeAll(installBrowser);

const run = (name: string, model: string, step: number) =>
  ({name, model, size: "xs", seed: 1, config: {}, step, savedAt: "", bytes: 1}) as unknown as StoredRun;

describe("path(engine)", () => {
  test("the chapters in order, with what was trained in each", async () => {
    const storedRuns = async () => [
      run("prior-xs", "prior", 500),
      run("pipeline-xs-dvae", "dvae", 12),
      run("x", "dvae", 0)
    ];
    const node = path({storedRuns}, {isThere: ({path: at}) => at !== "/gumbel"});
    document.body.append(node);
    await until(() => node.querySelectorAll(".has-run").length === 2, "two chapters with runs");
    const items = [...node.querySelectorAll("li")];
    expect(items).toHaveLength(chapters.length);
    expect(items.map((item) => item.querySelector("a")?.getAttribute("href") ?? null)).toEqual(
      chapters.map(({path: at}) => (at === "/gumbel" ? null : `.${at}`))
    );
    const trained = items.map((item) => item.querySelector(".trained")!.textContent);
    expect(trained[6]).toBe("trained here: prior, XS, 500 updates");
    expect(trained[7]).toBe("trained here: dvae, XS, 12 updates");
    expect(trained[5]).toBe(""); // its run is still at step 0
  });

  test("without storage it tells nothing and does not fail", async () => {
    const node = path({storedRuns: () => Promise.reject(new Error("no storage"))}, {isThere: () => true});
    document.body.append(node);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(node.querySelectorAll(".has-run")).toHaveLength(0);
  });
});

describe("chapters", () => {
  test("every model belongs to the chapter that trains it", () => {
    const lost = modelNames.filter((model) => chapterOf({name: "", model}) === null);
    expect(lost).toEqual([]);
  });
});
