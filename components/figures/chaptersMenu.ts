// On every page: when the header's list of chapters opens, each says what the reader has trained in it. The store is
// loaded only then.

import {chapters} from "../notebook/chapters.js";
import {trainedIn} from "./trainedRuns.js";

const menu = document.querySelector<HTMLElement>("#chapters-menu");
menu?.addEventListener("toggle", () => {
  if (menu.matches(":popover-open")) void tell(menu);
});

async function tell(list: HTMLElement): Promise<void> {
  try {
    const {browserRunStore} = await import("../training/storage.js");
    const trained = trainedIn(await browserRunStore().list());
    for (const chapter of chapters) {
      const words = list.querySelector(`[data-chapter="${chapter.path}"] .trained`);
      if (words) words.textContent = trained.get(chapter) ?? "";
    }
  } catch {
    // Without storage there is nothing to tell.
  }
}
