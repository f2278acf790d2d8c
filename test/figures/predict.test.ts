// @vitest-environment jsdom
import {afterEach, expect, test} from "vitest";
import {predict} from "../../components/figures/predict.js";
import {until} from "./setUp.js";

afterEach(() => document.body.replaceChildren());

test("predict() tells the computed answer once the reader has chosen", async () => {
  const asked: number[] = [];
  const node = predict({
    question: "Which is larger?",
    answers: ["one", "two"],
    look: async (chosen) => {
      asked.push(chosen);
      return {right: 1, found: "Two is larger by 1."};
    }
  });
  let heard = 0;
  node.addEventListener("input", () => ++heard);
  document.body.append(node);
  const look = node.querySelector("button")!;
  expect(look.disabled).toBe(true);
  node.querySelectorAll<HTMLInputElement>("input")[0]!.click();
  look.click();
  await until(() => node.looked, "the answer");
  expect(asked).toEqual([0]);
  expect([...node.querySelectorAll(".verdict")].map((v) => v.textContent)).toEqual(["✗ your guess", "✓ so it is"]);
  expect(node.querySelector(".found")!.textContent).toBe("Two is larger by 1.");
  expect(heard).toBeGreaterThan(0);
});

test("predict() lets the reader try again when the answer cannot be computed", async () => {
  const node = predict({
    question: "?",
    answers: ["a"],
    look: () => Promise.reject(new Error("The model is not there yet"))
  });
  document.body.append(node);
  node.querySelector<HTMLInputElement>("input")!.click();
  const look = node.querySelector("button")!;
  look.click();
  await until(() => node.querySelector(".found")!.textContent!.startsWith("The model is not there yet"), "the reason");
  expect(look.disabled).toBe(false);
});
