// One worker's life: started with a backend, watched, and at last given up.

import * as Comlink from "comlink";
import type {BackendName, BackendReport, SessionId} from "./protocol.js";
import type {WorkerApi, WorkerNotice} from "./workerApi.js";

/** A worker, or what stands for it in tests. */
export interface WorkerPort extends Comlink.Endpoint {
  terminate(): void;
}

export class WorkerLostError extends Error {
  override name = "WorkerLostError";
}

export interface Generation {
  readonly remote: Comlink.Remote<WorkerApi>;
  readonly report: BackendReport;
  /** The page's session ids → this worker's. */
  readonly ids: Map<SessionId, SessionId>;
  /** Rejects with WorkerLostError when the worker is dead, hangs, or has lost its device. */
  readonly lost: Promise<never>;
  readonly ended: boolean;
  /** Counts the worker as lost. */
  fail(reason: string): void;
  /** Terminates the worker. */
  end(): void;
}

/** How often the worker is asked whether it lives, in ms. */
const beat = 1000;
const defaultPatience = {usual: 8000, busy: 45_000};

/** Starts the worker and its backend. Rejects, and terminates the worker, if either fails. */
export async function startGeneration(
  worker: WorkerPort,
  backend: BackendName | undefined,
  patience = defaultPatience,
  onCheckpoint: (id: SessionId, step: number, file: ArrayBuffer) => void
): Promise<Generation> {
  const remote = Comlink.wrap<WorkerApi>(worker);
  const ids = new Map<SessionId, SessionId>();
  let fail: (reason: string) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    fail = (reason) => reject(new WorkerLostError(reason));
  });
  lost.catch(() => undefined);
  let busy = true; // loading and starting may take long
  let ended = false;
  const onNotice = (notice: WorkerNotice): void => {
    if (notice.type === "busy") busy = notice.busy;
    else if (notice.type === "lost") fail(notice.reason);
    else for (const [page, inside] of ids) if (inside === notice.id) onCheckpoint(page, notice.step, notice.file);
  };
  const watchdog = watch(
    () => remote.ping(),
    () => (busy ? patience.busy : patience.usual),
    () => fail("The worker stopped answering")
  );
  const end = (): void => {
    ended = true;
    clearInterval(watchdog);
    worker.terminate();
    fail("The worker was ended"); // what is still asked of it will not be answered
  };
  worker.addEventListener("error", (event) => {
    fail(`The worker failed: ${(event as ErrorEvent).message || "its script could not be loaded"}`);
  });
  try {
    await Promise.race([remote.connect(Comlink.proxy(onNotice)), lost]);
    const report = await Promise.race([remote.start(backend), lost]);
    return {
      remote,
      report,
      ids,
      lost,
      get ended() {
        return ended;
      },
      fail,
      end
    };
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Pings again and again; gives up when one ping is not answered for so long. The silence is counted in beats rather than
 * by the clock: a laptop that slept must not count as a dead worker.
 */
function watch(ping: () => Promise<void>, patience: () => number, giveUp: () => void): ReturnType<typeof setInterval> {
  let waiting = false;
  let silence = 0;
  return setInterval(() => {
    if (waiting) {
      silence += beat;
      if (silence >= patience()) giveUp();
      return;
    }
    waiting = true;
    silence = 0;
    ping().then(
      () => {
        waiting = false;
      },
      () => undefined
    );
  }, beat);
}
