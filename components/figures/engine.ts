// What the figures need of the page's engine (EngineHandle of components/training/client.ts); the tests have a fake.

import type {ArrayPayload, BackendName, BackendReport, EngineApi, Size} from "../training/protocol.js";

/** The training images nearest to some others, by mean squared difference. */
export interface Nearest {
  /** uint8 [n, H, W, 3]. */
  readonly images: ArrayPayload;
  readonly captions: readonly string[];
  readonly distances: readonly number[];
}

export interface FigureEngine extends Omit<EngineApi, "memory"> {
  nearest(size: Size, images: ArrayPayload): Promise<Nearest>;
  /** Goes over to another backend and keeps it as the reader's choice. */
  chooseBackend(name: BackendName): Promise<BackendReport>;
  /** Calls back with a sentence for the reader when a worker was replaced or a choice could not be honoured. */
  onNotice(listener: (sentence: string) => void): () => void;
  /** Calls back with the backend in use, now if it is known and whenever it changes. */
  onBackend(listener: (report: BackendReport) => void): () => void;
}
