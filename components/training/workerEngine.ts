// The engine at the worker's end of the messages.

import * as Comlink from "comlink";
import {Engine} from "./engine.js";
import type {EngineModels} from "./engineModels.js";
import type {ClipApi, PipelineApi, Size, WeightsSource} from "./protocol.js";
import {browserRunStore, type RunStore} from "./storage.js";
import type {WorkerNotice} from "./workerApi.js";

/** Hands over large results rather than copies, and pipelines by reference. */
export class WorkerEngine extends Engine {
  override connect(listener: (notice: WorkerNotice) => void): Promise<void> {
    return super.connect((notice) =>
      listener(notice.type === "checkpoint" ? Comlink.transfer(notice, [notice.file]) : notice)
    );
  }

  override async save(id: number): Promise<ArrayBuffer> {
    const file = await super.save(id);
    return Comlink.transfer(file, [file]);
  }

  override async openPipeline(size: Size, dvae: WeightsSource, prior: WeightsSource): Promise<PipelineApi> {
    return Comlink.proxy(await super.openPipeline(size, dvae, prior));
  }

  override async openClip(size: Size, clip: WeightsSource): Promise<ClipApi> {
    return Comlink.proxy(await super.openClip(size, clip));
  }
}

/** Answers the page through this port, by default the worker's own. */
export function serveEngine(models: EngineModels, port?: Comlink.Endpoint, store: RunStore = browserRunStore()): void {
  Comlink.expose(new WorkerEngine(models, store), port);
}
