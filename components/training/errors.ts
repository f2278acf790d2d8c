// Errors whose message is a sentence for the reader. In a file of their own so that the page can name them without
// loading what throws them.

/** Something is wrong with a checkpoint file. */
export class CheckpointError extends Error {
  override name = "CheckpointError";
}

/** A run cannot be kept in the browser's storage. Training goes on without. */
export class StorageError extends Error {
  override name = "StorageError";
}

/** No worker can be had, or it was asked for what does not exist. */
export class EngineError extends Error {
  override name = "EngineError";
}
