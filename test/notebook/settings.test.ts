import {expect, test} from "vitest";
import {
  choiceSetting,
  numberSetting,
  readSettings,
  switchSetting,
  textSetting,
  writeSettings
} from "../../components/notebook/settings.js";

const table = {
  tau: numberSetting(1, {min: 0, max: 4}),
  seed: numberSetting(1, {min: 0, max: 2 ** 32 - 1, integer: true}),
  backend: choiceSetting("auto", ["auto", "webgpu", "webgl", "wasm", "cpu"]),
  hard: switchSetting(false),
  caption: textSetting("", {maxLength: 80})
};
const defaults = {tau: 1, seed: 1, backend: "auto", hard: false, caption: ""};

test("readSettings(table, '') gives the defaults without a word", () => {
  expect(readSettings(table, "")).toEqual({values: defaults, problems: []});
});

test("readSettings reads what is written", () => {
  const values = {tau: 0.0625, seed: 7, backend: "wasm", hard: true, caption: "a red star & a circle?"} as const;
  const search = writeSettings(table, values, "");
  expect(readSettings(table, search)).toEqual({values, problems: []});
});

test("writeSettings writes only what differs from its default, with the version", () => {
  expect(writeSettings(table, {...defaults, backend: "auto", tau: 0.5}, "")).toBe("?v=1&tau=0.5");
  expect(writeSettings(table, {...defaults, backend: "auto"}, "?v=1&tau=0.5")).toBe("");
});

test("writeSettings keeps what others wrote", () => {
  expect(writeSettings(table, {...defaults, backend: "auto", seed: 3}, "?v=1&other=x&seed=2")).toBe(
    "?v=1&other=x&seed=3"
  );
});

test.each([
  ["?v=1&tau=nan", "tau=nan"],
  ["?v=1&tau=", "tau="],
  ["?v=1&tau=5", "tau=5"],
  ["?v=1&tau=-0.1", "tau=-0.1"],
  ["?v=1&tau=Infinity", "tau=Infinity"],
  ["?v=1&seed=1.5", "seed=1.5"],
  ["?v=1&seed=4294967296", "seed=4294967296"],
  ["?v=1&backend=toString", "backend=toString"],
  ["?v=1&hard=yes", "hard=yes"],
  [`?v=1&caption=${"a".repeat(81)}`, "caption=aaaaaaaaaaaaaaaaaaaaaaaa…"],
  ["?v=1&caption=a%00b", "caption=a b"]
])("readSettings ignores %s with a word", (search, named) => {
  const {values, problems} = readSettings(table, search);
  expect(values).toEqual(defaults);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(named);
});

test("a bad setting leaves the good ones alone", () => {
  const {values, problems} = readSettings(table, "?v=1&tau=x&seed=9");
  expect(values).toEqual({...defaults, seed: 9});
  expect(problems).toHaveLength(1);
});

test.each(["?tau=0.5", "?v=2&tau=0.5", "?v=__proto__&tau=0.5"])(
  "another version's settings are ignored: %s",
  (search) => {
    const {values, problems} = readSettings(table, search);
    expect(values).toEqual(defaults);
    expect(problems).toHaveLength(1);
  }
);

test("names that the page does not know are nobody's business", () => {
  expect(readSettings(table, "?utm_source=x&__proto__=1")).toEqual({values: defaults, problems: []});
});
