// Every check of the project, one after the other; what .ci/run runs. See test.mjs.

import {readFileSync, rmSync} from "node:fs";
import {join} from "node:path";
import {ensureBrowser} from "./browser.js";
import {buildSite} from "./build.js";
import {checkCells} from "./cells.js";
import {prebuild} from "./prebuild.js";
import {node, root} from "./run.js";

const report = join(root, ".cache/vitest.json");
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"];

let passed = 0;
let failed = 0;

/** Runs a check, which throws or returns complaints if it fails, and counts it. */
async function check(name: string, run: () => Promise<string>): Promise<void> {
  const start = performance.now();
  let complaints: string;
  try {
    complaints = await run();
  } catch (error) {
    complaints = error instanceof Error ? error.message : String(error);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (complaints === "") ++passed;
  else ++failed;
  console.log(`${complaints === "" ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (complaints !== "") console.log(complaints.replace(/^/gm, "  "));
}

async function tool(...args: string[]): Promise<string> {
  const {status, output} = await node(args, {quiet: true});
  return status === 0 ? "" : output || `exit status ${status}`;
}

/** Runs Vitest and counts its tests; a file that does not load counts as one that failed. */
async function runVitest(): Promise<void> {
  rmSync(report, {force: true});
  const {status} = await node([...vitest, `--outputFile.json=${report}`, ...process.argv.slice(2)]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      testResults: {status: string; assertionResults: unknown[]}[];
    };
    const broken = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    passed += result.numPassedTests;
    failed += result.numFailedTests + broken.length;
    if (result.numPendingTests > 0) console.log(`${result.numPendingTests} tests were skipped`);
    if (status !== 0 && failed === 0) failed = 1; // an error outside of any test
  } catch {
    ++failed;
    console.log("✗ Vitest ended without a report");
  }
}

const start = performance.now();
const some = process.argv.length > 2;
await check("browser", async () => {
  console.log(`Chromium ${await ensureBrowser()}, Node ${process.versions.node}`);
  return "";
});
if (some) await prebuild();
else {
  await check("kernels and worker", async () => {
    await prebuild();
    return "";
  });
  await check("types", () => tool("node_modules/typescript/bin/tsc", "--noEmit"));
  await check("types in pages", checkCells);
  await check("lint and format", () => tool("node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."));
  await check("site", async () => {
    await buildSite();
    return "";
  });
}
await runVitest();
console.log(`\n${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
