// What the figures need of the page's engine; the tests have a fake.

import type {EngineHandle} from "../training/client.js";

export type {NearestImages} from "../training/protocol.js";

export type FigureEngine = Omit<EngineHandle, "close" | "memory">;
