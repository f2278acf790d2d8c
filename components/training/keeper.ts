// Puts kept runs into the store as training goes.

import type {RunSpec, SessionEvent, SessionId} from "./protocol.js";
import type {RunStore} from "./storage.js";

/** A good state that may be stored; write() makes the file when it is. */
export interface Offer {
  readonly spec: RunSpec;
  readonly step: number;
  write(): ArrayBuffer;
  emit(event: SessionEvent): void;
}

interface Kept {
  readonly name: string;
  offer: Offer | null;
  storedAt: number;
}

/** How often a run in training is stored, in ms. */
const every = 15_000;

export class Keeper {
  readonly store: RunStore;
  readonly #kept = new Map<SessionId, Kept>();
  readonly #latest = new Map<SessionId, Offer>();
  #tail: Promise<void> = Promise.resolve();

  constructor(store: RunStore) {
    this.store = store;
  }

  begin(id: SessionId, name: string): void {
    this.#kept.set(id, {name, offer: this.#latest.get(id) ?? null, storedAt: performance.now()});
  }

  end(id: SessionId): void {
    this.#kept.delete(id);
    this.#latest.delete(id);
  }

  /** The session's newest good state. */
  offer(id: SessionId, offer: Offer): void {
    this.#latest.set(id, offer);
    const kept = this.#kept.get(id);
    if (!kept) return;
    kept.offer = offer;
    if (performance.now() - kept.storedAt >= every) void this.flush(id);
  }

  /** Stores the newest good state, if it is not there yet. Never rejects: the session's listener is told. */
  flush(id: SessionId): Promise<void> {
    const kept = this.#kept.get(id);
    const offer = kept?.offer;
    if (!kept || !offer) return this.#tail;
    kept.offer = null;
    kept.storedAt = performance.now();
    const store = async (): Promise<void> => {
      const {model, size, seed, config = {}} = offer.spec;
      const run = {name: kept.name, model, size, seed, config, step: offer.step, savedAt: new Date().toISOString()};
      try {
        await this.store.put(run, offer.write());
        offer.emit({type: "storage", savedStep: offer.step});
      } catch (error) {
        offer.emit({type: "storage", savedStep: null, message: error instanceof Error ? error.message : String(error)});
      }
    };
    this.#tail = this.#tail.then(store);
    return this.#tail;
  }

  async flushAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((id) => this.flush(id)));
  }
}
