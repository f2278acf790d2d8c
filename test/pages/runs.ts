// The chapters' training figures, and how a test works one: its bar's buttons, and the numbers that the bar shows.

import type {Locator, Page} from "playwright-core";
import type {BackendReport, ModelName} from "../../components/training/protocol.js";

export interface ChapterRun {
  readonly path: string;
  /** The accessible name of the control bar. */
  readonly label: string;
  /** Its shipped weights are data/checkpoints/xs-….safetensors, and the manifest beside them holds their curve. */
  readonly model: ModelName;
}

export const runs: readonly ChapterRun[] = [
  {path: "autoencoder", label: "Train the autoencoder of every width", model: "ae"},
  {path: "autoencoder", label: "Train the autoencoder with two latents", model: "aePlane"},
  {path: "vae", label: "Train the VAE with two latents", model: "vaePlane"},
  {path: "vae", label: "Train the VAE with eight latents", model: "vae"},
  {path: "vqvae", label: "Train the flat VQ-VAE", model: "vqvaePlane"},
  {path: "vqvae", label: "Train the VQ-VAE", model: "vqvae"},
  {path: "gumbel", label: "Train the small dVAE", model: "gumbel"},
  {path: "elbo", label: "Train the mixture", model: "elbo"},
  {path: "dvae", label: "Train the discrete VAE", model: "dvae"},
  {path: "prior", label: "Train the prior", model: "prior"},
  {path: "clip", label: "Train the CLIP", model: "clip"},
  {path: "scale", label: "Train the prior in mixed precision", model: "priorHalf"},
  {path: "results", label: "Train the prior on fewer pairs", model: "prior"}
];

/** For a machine under load; nothing here is about speed. */
export const patience = 300_000;

export function barOf(page: Page, {label}: Pick<ChapterRun, "label">): Locator {
  return page.getByRole("group", {name: label, exact: true});
}

/** What the page's engine, found among what the page has loaded, runs on. */
export function backendOf(page: Page): Promise<BackendReport> {
  // A string: Vitest would rewrite an import.
  return page.evaluate(`(async () => {
    const loaded = performance.getEntriesByType("resource").map(({name}) => name);
    const {connectEngine} = await import(loaded.find((name) => name.includes("/training/client.")));
    return connectEngine().start();
  })()`);
}

/** Brings the bar on screen and waits until its run can be trained. */
export async function ready(bar: Locator): Promise<void> {
  await bar.scrollIntoViewIfNeeded();
  await bar.getByRole("button", {name: /^Train/}).waitFor({timeout: patience});
}

/** The steps that the bar shows; 0 before it knows. */
export async function stepsOf(bar: Locator): Promise<number> {
  const text = (await bar.locator(".readout b").first().textContent()) ?? "";
  return Number(text.split("/")[0]!.replace(/\D/g, "")) || 0;
}

/** The loss that the bar shows, of three digits; not a number before it knows. */
export async function lossOf(bar: Locator): Promise<number> {
  const text = (await bar.locator(".readout b").nth(1).textContent()) ?? "";
  return Number(text.replace("−", "-").replaceAll(",", ""));
}
