// The page of the browser test: one session on the real handle, driven from outside.

import {connectEngine} from "../../components/training/client.js";
import type {SessionEvent} from "../../components/training/protocol.js";

const workers: Worker[] = [];
globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
  }
};

const engine = connectEngine();
const notices: string[] = [];
engine.onNotice((sentence) => notices.push(sentence));
const events: SessionEvent[] = [];

const api = {
  engine,
  workers,
  notices,
  events,
  open: (seed: number) => engine.openSession({model: "dvae", size: "xs", seed}, (event) => events.push(event)),
  status: () => events.flatMap((event) => (event.type === "status" ? [event.status] : [])).at(-1),
  losses: () => events.flatMap((event) => (event.type === "metrics" ? [[event.step, event.values.loss!] as const] : []))
};
export type LinePage = typeof api;
Object.assign(globalThis, {line: api});
