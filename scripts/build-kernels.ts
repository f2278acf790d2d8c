// Compiles components/tensor/wasm/assembly to WebAssembly SIMD and writes it as two modules, of which a reader loads one:
//   npx tsx scripts/build-kernels.ts
// The same sources give the same bytes. Leaves the file alone when nothing changed.

import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "components/tensor/wasm");
/** Without and with fused multiply-adds. */
const targets = [
  {relaxed: false, file: join(folder, "kernels.generated.ts")},
  {relaxed: true, file: join(folder, "kernels.relaxed.generated.ts")}
];

/** Compiles and returns the binary; with fused multiply-adds if relaxed. */
export async function compileKernels(relaxed: boolean): Promise<Uint8Array> {
  const asc = await import("assemblyscript/asc");
  const out = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const file = join(out, "kernels.wasm");
    const {error, stderr} = await asc.main([
      join(folder, "assembly/index.ts"),
      ...["--outFile", file],
      ...["-O3", "--converge", "--noAssert"],
      ...["--runtime", "stub"],
      ...["--enable", "simd", ...(relaxed ? ["--enable", "relaxed-simd"] : [])],
      ...["--importMemory", "--noExportMemory", "--initialMemory", "1"]
    ]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    const binary = new Uint8Array(readFileSync(file));
    check(binary);
    return binary;
  } finally {
    rmSync(out, {recursive: true, force: true});
  }
}

// The module shares tfjs's memory, so it must own none: no data segment may be written into it, no start function run.
function check(binary: Uint8Array): void {
  const text = [...sections(binary)];
  for (const [id, name] of [
    [8, "start function"],
    [11, "data segment"]
  ] as const) {
    if (text.includes(id)) throw new Error(`build-kernels: expected a module without ${name}, got one with`);
  }
}

function* sections(binary: Uint8Array): Generator<number> {
  let at = 8;
  while (at < binary.length) {
    yield binary[at++] as number;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++] as number;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
}

/** The bytes in base64, as the lines of an expression. */
function literal(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,112}/g) ?? [];
  return lines.map((line) => `  "${line}"`).join(" +\n");
}

/** Compiles and writes both modules; true if one changed. */
export async function buildKernels(): Promise<boolean> {
  let changed = false;
  for (const {relaxed, file} of targets) {
    const source = `// Written by scripts/build-kernels.ts from components/tensor/wasm/assembly.
export const kernelsBase64: string =
${literal(await compileKernels(relaxed))};
`;
    if (existsSync(file) && readFileSync(file, "utf8") === source) continue;
    writeFileSync(file, source);
    changed = true;
  }
  return changed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const changed = await buildKernels();
  console.log(changed ? `wrote ${targets.map(({file}) => file).join(" and ")}` : "kernels are up to date");
}
