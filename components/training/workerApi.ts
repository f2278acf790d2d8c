// What the page's handle and the worker say to each other beside EngineApi. No figure needs to know.

import type {EngineApi, SessionId} from "./protocol.js";

/** What the worker tells the page's handle, beside the events of sessions. */
export type WorkerNotice =
  /** The session's last good state, for a fresh worker if this one is lost. */
  | {readonly type: "checkpoint"; readonly id: SessionId; readonly step: number; readonly file: ArrayBuffer}
  /** The device is gone, with a sentence: only a fresh worker can go on. */
  | {readonly type: "lost"; readonly reason: string}
  /** Answers may take long now, as kernels are compiled. */
  | {readonly type: "busy"; readonly busy: boolean};

/** What the page's handle uses beside EngineApi. */
export interface WorkerApi extends EngineApi {
  connect(listener: (notice: WorkerNotice) => void): Promise<void>;
  ping(): Promise<void>;
}
