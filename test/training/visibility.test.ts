import {afterEach, beforeEach, expect, test, vi} from "vitest";
import {visibilityGate} from "../../components/training/visibility.js";

let observe: (seen: boolean) => void;
let hidden: (is: boolean) => void;
let element: Element;
const disconnect = vi.fn();

beforeEach(() => {
  const page = Object.assign(new EventTarget(), {visibilityState: "visible"});
  element = {ownerDocument: page} as unknown as Element;
  hidden = (is) => {
    page.visibilityState = is ? "hidden" : "visible";
    page.dispatchEvent(new Event("visibilitychange"));
  };
  class Observer {
    constructor(callback: (entries: {isIntersecting: boolean}[]) => void) {
      observe = (isIntersecting) => callback([{isIntersecting}]);
    }
    observe() {}
    disconnect = disconnect;
  }
  vi.stubGlobal("IntersectionObserver", Observer);
});

afterEach(() => vi.unstubAllGlobals());

function gate(goesOn = false) {
  const calls: string[] = [];
  const choice = {goesOn};
  const made = visibilityGate(element, {
    run: () => calls.push("run"),
    rest: () => calls.push("rest"),
    goesOnHidden: () => choice.goesOn
  });
  return {...made, calls, choice};
}

test("a figure trains only when it is wanted and on screen", () => {
  const {calls, want} = gate();
  want(true);
  expect(calls).toEqual([]);
  observe(true);
  observe(true);
  observe(false);
  observe(true);
  want(false);
  observe(false);
  expect(calls).toEqual(["run", "rest", "run", "rest"]);
});

test("a hidden tab rests, and goes on when it is shown again", () => {
  const {calls, want} = gate();
  observe(true);
  want(true);
  hidden(true);
  expect(calls).toEqual(["run", "rest"]);
  hidden(false);
  expect(calls).toEqual(["run", "rest", "run"]);
});

test("a hidden tab goes on if the reader chose so, even when the browser says that nothing is on screen", () => {
  const {calls, want, choice, update} = gate(true);
  observe(true);
  want(true);
  hidden(true);
  observe(false);
  expect(calls).toEqual(["run"]);
  choice.goesOn = false;
  update();
  expect(calls).toEqual(["run", "rest"]);
});

test("dispose() rests and watches no more", () => {
  const {calls, want, dispose} = gate();
  observe(true);
  want(true);
  dispose();
  hidden(true);
  hidden(false);
  expect(calls).toEqual(["run", "rest"]);
  expect(disconnect).toHaveBeenCalled();
});
