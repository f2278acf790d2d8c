// A run in a file: what the trainer needs to go on exactly, and what a reader needs to know where it came from.

import {CheckpointError} from "./errors.js";
import {type ModelName, modelNames, type RunSpec, type Size} from "./protocol.js";
import {readSafetensors, type TensorArray, writeSafetensors} from "./safetensors.js";
import type {TrainerState} from "./trainer.js";

export interface CheckpointMetadata {
  readonly model: ModelName;
  readonly size: Size;
  readonly seed: number;
  readonly step: number;
  /** What differs from the default configuration. */
  readonly config: NonNullable<RunSpec["config"]>;
  /** The version of data/scenes that it was trained on. */
  readonly dataVersion: string;
  /** How it was made, e.g. the command. */
  readonly provenance: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface Checkpoint {
  readonly metadata: CheckpointMetadata;
  readonly state: TrainerState;
}

/** Bytes of a safetensors file. "F16" halves it, for weights that are only used. */
export function writeCheckpoint({metadata, state}: Checkpoint, dtype: "F32" | "F16" = "F32"): ArrayBuffer {
  const {config, seed, step, ...texts} = metadata;
  return writeSafetensors(
    {
      tensors: state.tensors,
      metadata: {
        format: "pt", // names the row-major layout to PyTorch's tools
        ...texts,
        seed: String(seed),
        step: String(step),
        config: JSON.stringify(config)
      }
    },
    dtype
  );
}

/** Reads and checks a file; throws CheckpointError with one sentence for the reader. */
export function readCheckpoint(file: ArrayBuffer): Checkpoint {
  const {tensors, metadata} = readSafetensors(file);
  const text = (name: string): string => {
    const value = metadata[name];
    if (value === undefined) {
      throw new CheckpointError(`The file is not a checkpoint of this notebook: its metadata lack “${name}”.`);
    }
    return value;
  };
  const count = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < 0 || text(name).trim() === "") {
      throw new CheckpointError(`The file's metadata give “${text(name).slice(0, 40)}” as the ${name}.`);
    }
    return value;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const value = text(name);
    if ((allowed as readonly string[]).includes(value)) return value as T;
    throw new CheckpointError(
      `The file's metadata give “${value.slice(0, 40)}” as the ${name}; expected ${allowed.join(" or ")}.`
    );
  };
  const step = count("step");
  return {
    metadata: {
      model: oneOf<ModelName>("model", modelNames),
      size: oneOf<Size>("size", ["xs", "s"]),
      seed: count("seed"),
      step,
      config: configOf(text("config")),
      dataVersion: text("dataVersion"),
      provenance: text("provenance"),
      createdAt: text("createdAt")
    },
    state: {step, tensors}
  };
}

/**
 * Throws CheckpointError unless the checkpoint is of this model, size and configuration. Whose choices it was trained with
 * is its own affair: they change no tensor's shape, and whoever loads it takes them over.
 */
export function checkSpec({model, size, config}: CheckpointMetadata, spec: RunSpec): void {
  if (model !== spec.model || size !== spec.size) {
    throw new CheckpointError(
      `The file holds a ${model} of size ${size.toUpperCase()}, but here a ${spec.model} of size ` +
        `${spec.size.toUpperCase()} is trained.`
    );
  }
  const wanted = spec.config ?? {};
  for (const name of new Set([...Object.keys(config), ...Object.keys(wanted)])) {
    if (name !== "choices" && config[name] !== wanted[name]) {
      throw new CheckpointError(
        `The file was trained with ${name} = ${config[name] ?? "the default"}, but here it is ` +
          `${wanted[name] ?? "the default"}.`
      );
    }
  }
}

/** Throws CheckpointError unless both hold tensors of the same names and shapes. */
export function checkTensors(
  got: ReadonlyMap<string, TensorArray>,
  expected: ReadonlyMap<string, {shape: readonly number[]}>
): void {
  const names = [...got.keys()];
  if (names.length > 0 && names.every((name) => name.startsWith("ema/"))) {
    throw new CheckpointError(
      "The file holds weights to draw with, without the optimiser's state that training needs."
    );
  }
  for (const [name, {shape}] of expected) {
    const found = got.get(name);
    if (!found) throw new CheckpointError(`The file lacks the tensor “${name}”.`);
    if (found.shape.join() !== shape.join()) {
      throw new CheckpointError(
        `The file's tensor “${name}” has the shape [${found.shape.join(", ")}], but the model's has ` +
          `[${shape.join(", ")}].`
      );
    }
  }
  for (const name of got.keys()) {
    if (!expected.has(name))
      throw new CheckpointError(`The file holds a tensor “${name}” that the model does not have.`);
  }
}

function configOf(text: string): CheckpointMetadata["config"] {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    config = null;
  }
  const plain = ["number", "string", "boolean"];
  if (
    typeof config !== "object" ||
    config === null ||
    Array.isArray(config) ||
    !Object.values(config).every((value) => plain.includes(typeof value))
  ) {
    throw new CheckpointError("The file's metadata do not hold a proper configuration.");
  }
  return config as CheckpointMetadata["config"];
}
