// The home page's figures, with the page's engine, the shipped weights and the stored results.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../training/client.js";
import {type Instrument, instrument} from "./instrument.js";
import {path} from "./path.js";
import {clipOpener} from "./shipped.js";
import {clipFiles, loadShipped} from "./siteModels.js";
import type {StoredResults} from "./stored.js";

/** The home page's instrument, with real stored results until the models have arrived. */
export async function homeInstrument(): Promise<Instrument> {
  const stored = (await FileAttachment("../../data/checkpoints/drawings.json").json()) as StoredResults;
  return instrument(connectEngine(), {
    size: "s",
    loadShipped,
    stored,
    loadClip: clipOpener(connectEngine(), clipFiles)
  });
}

/** The chapters, and what the reader has trained in each. */
export function chapterPath(): HTMLElement {
  return path(connectEngine());
}
