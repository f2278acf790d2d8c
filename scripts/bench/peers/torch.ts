// PyTorch as a process: it is given the inputs in a temporary folder and speaks the peers' language, a line a message.

import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import type {Handle} from "../handle.js";
import {drawInputs, dvaeInputs, priorInputs} from "../inputs.js";
import type {Answer, Ask} from "../peer.js";

/** The first Python that has PyTorch; null if none has. */
export function findTorch(): string | null {
  const works = (python: string) => spawnSync(python, ["-c", "import torch"], {stdio: "ignore"}).status === 0;
  return ["python3", "/usr/bin/python3"].find(works) ?? null;
}

/** Writes what torch.py reads and gives the folder; it is removed when the process ends. */
export function writeInputs(): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  process.on("exit", () => rmSync(folder, {recursive: true, force: true}));
  const {text, uniforms, ...drawing} = drawInputs();
  const all = {
    dvae: dvaeInputs(),
    prior: priorInputs(),
    drawing: {
      ...drawing,
      text: {shape: [1, text.length], data: text},
      uniforms: {shape: [uniforms.length / drawing.candidates, drawing.candidates], data: uniforms}
    }
  };
  const parts: Uint8Array[] = [];
  let offset = 0;
  const header = JSON.stringify(all, (_, value) => {
    if (!ArrayBuffer.isView(value?.data)) return value;
    const data = value.data as Float32Array | Int32Array | Float64Array;
    const at = offset;
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
    const dtype = data instanceof Int32Array ? "int32" : data instanceof Float64Array ? "float64" : "float32";
    return {shape: value.shape, dtype, offset: at};
  });
  writeFileSync(join(folder, "inputs.json"), header);
  writeFileSync(join(folder, "inputs.bin"), Buffer.concat(parts));
  return folder;
}

export async function startTorch(python: string, folder: string, threads: number): Promise<Handle> {
  const script = fileURLToPath(new URL("torch.py", import.meta.url));
  const child = spawn(python, [script, folder, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads)}
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const answer = async (): Promise<Answer> => {
    const {value, done} = await lines.next();
    return done ? {error: "the process has ended"} : JSON.parse(value);
  };
  const first = await answer();
  return {
    name: `PyTorch, ${threads === 1 ? "one thread" : `${threads} threads`}`,
    description: "description" in first ? first.description : JSON.stringify(first),
    ask(message: Ask) {
      child.stdin!.write(`${JSON.stringify(message)}\n`);
      return answer();
    },
    close: () => end(child)
  };
}

async function end(child: ChildProcess): Promise<void> {
  child.stdin!.end();
  await once(child, "exit");
}
