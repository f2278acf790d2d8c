// The reader's backend: in the address (?backend=wasm), else as chosen before, else none, and the worker probes.

import type {BackendName} from "./protocol.js";

export interface BackendChoice {
  wanted(): BackendName | undefined;
  keep(name: BackendName): void;
}

const key = "dalle.backend";
const names: readonly string[] = ["webgpu", "webgl", "wasm", "cpu"] satisfies BackendName[];

/** In this page's address and the browser's local storage, which may be closed to us. */
export function backendChoice(): BackendChoice {
  return {
    wanted() {
      return (
        named(new URLSearchParams(location.search).get("backend")) ?? named(attempt(() => localStorage.getItem(key)))
      );
    },
    keep(name) {
      attempt(() => localStorage.setItem(key, name));
    }
  };
}

function named(name: string | null | undefined): BackendName | undefined {
  return name != null && names.includes(name) ? (name as BackendName) : undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // storage is forbidden in some private windows
  }
}
