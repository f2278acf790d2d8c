// Runs in the browser's storage (IndexedDB), by name. Used in the worker, so that the page does no work for it.

import {type DBSchema, type IDBPDatabase, openDB} from "idb";
import {StorageError} from "./errors.js";
import type {StoredRun} from "./protocol.js";

export interface RunStore {
  put(run: Omit<StoredRun, "bytes">, file: ArrayBuffer): Promise<void>;
  get(name: string): Promise<ArrayBuffer | null>;
  list(): Promise<StoredRun[]>;
  delete(name: string): Promise<void>;
}

/** Lists are read without the files, which are large. */
interface Schema extends DBSchema {
  runs: {key: string; value: StoredRun};
  files: {key: string; value: ArrayBuffer};
}

const database = "dalle-notebook";

/** The store of this site. Every call may throw StorageError. */
export function browserRunStore(): RunStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;

  function open(): Promise<IDBPDatabase<Schema>> {
    if (typeof indexedDB === "undefined") return Promise.reject(new Error("there is no IndexedDB"));
    opened ??= openDB<Schema>(database, 1, {
      upgrade(db) {
        db.createObjectStore("runs", {keyPath: "name"});
        db.createObjectStore("files");
      },
      blocking: forget, // another tab wants a newer version
      terminated: forget
    });
    opened.catch(forget);
    return opened;
  }

  function forget(): void {
    void opened?.then(
      (db) => db.close(),
      () => undefined
    );
    opened = null;
  }

  async function attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await open());
    } catch (error) {
      throw new StorageError(sentence(error));
    }
  }

  return {
    put: (run, file) =>
      attempt(async (db) => {
        const transaction = db.transaction(["runs", "files"], "readwrite");
        const runs = transaction.objectStore("runs").put({...run, bytes: file.byteLength});
        const files = transaction.objectStore("files").put(file, run.name);
        await Promise.all([runs, files, transaction.done]);
      }),
    get: (name) => attempt(async (db) => (await db.get("files", name)) ?? null),
    list: () => attempt((db) => db.getAll("runs")),
    delete: (name) =>
      attempt(async (db) => {
        const transaction = db.transaction(["runs", "files"], "readwrite");
        const runs = transaction.objectStore("runs").delete(name);
        const files = transaction.objectStore("files").delete(name);
        await Promise.all([runs, files, transaction.done]);
      })
  };
}

function sentence(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") {
    return "The browser's storage for this site is full, so this run is not being kept; delete stored runs, or download it.";
  }
  return (
    "This browser lets the page store nothing (in a private window, perhaps), so the run lasts only as long as the page; " +
    "download it to keep it."
  );
}
