// Compute shaders of our own on tfjs's WebGPU device, in the order of its queue.
//
// tfjs's runWebGPUProgram writes one output a program, keys its pipelines by the shapes' ranks and sends new uniforms
// with every dispatch. Here a shader has as many outputs as storage buffers allow (eight with the inputs), is compiled
// once, and finds its sizes in a uniform buffer that is kept for the next step. The backend's private parts that are
// used for it are listed in Internals; the version of tfjs is fixed.

import {engine, env, type Tensor, type TensorInfo} from "@tensorflow/tfjs-core";

type DataId = TensorInfo["dataId"];

interface Internals {
  readonly device: GPUDevice;
  readonly tensorMap: {get(id: DataId): {resource?: GPUBuffer | null}};
  /** Ids whose buffers the commands not yet submitted refer to: they are released after the submission only. */
  readonly commandQueueOwnedIds: WeakSet<DataId>;
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: string): TensorInfo;
  uploadToGPU(id: DataId): void;
  refCount(id: DataId): number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const backendOf = () => engine().backend as unknown as Internals;

export interface Shader {
  /** The pipeline is kept under it: one name, one text. */
  readonly name: string;
  /** Storage buffers in their order: what is read, and what is written (and may be read too). */
  readonly inputs: Readonly<Record<string, "f32" | "i32">>;
  readonly outputs: readonly string[];
  /** Numbers that `u` holds. */
  readonly uniforms: Readonly<Record<string, "f32" | "i32">>;
  /** Invocations of a workgroup: LANES in the text. */
  readonly lanes: number;
  /** Functions and workgroup memory. */
  readonly shared?: string;
  /**
   * The function's body. In scope: `group`, the workgroup's number; `lane`, the invocation's within it; `index`, its
   * number among all. There may be a few groups more than were asked for.
   */
  readonly main: string;
}

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** By the numbers in it. */
  readonly uniforms: Map<string, GPUBuffer>;
}

const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

/** Buffers of uniforms of a shader: were there more, their numbers would change with every step. */
const KEPT = 64;

/** Runs a shader over so many workgroups. The outputs exist already; their buffers are made here if need be. */
export function run(
  shader: Shader,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  uniforms: readonly number[],
  groups: number
): void {
  if (groups === 0) return;
  const backend = backendOf();
  const {pipeline, layout, uniforms: kept} = compile(backend.device, shader);
  const buffers = [...inputs, ...outputs].map((tensor) => bufferOf(backend, tensor));
  const bound = [...buffers, uniformBuffer(backend.device, shader, kept, uniforms)];
  const entries = bound.map((buffer, binding) => ({binding, resource: {buffer}}));
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, backend.device.createBindGroup({layout, entries}));
  const most = backend.device.limits.maxComputeWorkgroupsPerDimension;
  const rows = Math.ceil(groups / most);
  pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
  backend.dispatchCountInPass += 1;
  if (backend.dispatchCountInPass >= env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** A float32 tensor that a shader will fill. */
export function make(shape: readonly number[]): Tensor {
  return engine().makeTensorFromTensorInfo(backendOf().makeTensorInfo([...shape], "float32"));
}

/** A copy of a range of a tensor's numbers to a range of another's; offsets and size count numbers. */
export function copy(from: TensorInfo, start: number, to: TensorInfo, target: number, size: number): void {
  const backend = backendOf();
  const [source, destination] = [bufferOf(backend, from), bufferOf(backend, to)];
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(source, start * 4, destination, target * 4, size * 4);
}

/** A tensor with x's numbers, in x's own buffer unless somebody else refers to it; x is only to be disposed. */
export function takeOver(x: Tensor): Tensor {
  const backend = backendOf();
  const next = make(x.shape);
  if (backend.refCount(x.dataId) > 1) copy(x, 0, next, 0, x.size);
  else {
    // A new id, for tfjs keeps what was read under the old one.
    backend.tensorMap.get(next.dataId).resource = bufferOf(backend, x);
    backend.tensorMap.get(x.dataId).resource = null;
  }
  return next;
}

function bufferOf(backend: Internals, {dataId}: TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  backend.commandQueueOwnedIds.add(dataId);
  return backend.tensorMap.get(dataId).resource!;
}

function compile(device: GPUDevice, shader: Shader): Compiled {
  const all = compiled.get(device) ?? new Map<string, Compiled>();
  compiled.set(device, all);
  const old = all.get(shader.name);
  if (old) return old;
  const inputs = Object.keys(shader.inputs).length;
  const last = inputs + shader.outputs.length;
  const typeOf = (binding: number): GPUBufferBindingType =>
    binding < inputs ? "read-only-storage" : binding < last ? "storage" : "uniform";
  const layout = device.createBindGroupLayout({
    entries: Array.from({length: last + 1}, (_, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: {type: typeOf(binding)}
    }))
  });
  const pipeline = device.createComputePipeline({
    label: shader.name,
    layout: device.createPipelineLayout({bindGroupLayouts: [layout]}),
    compute: {module: device.createShaderModule({label: shader.name, code: textOf(shader)}), entryPoint: "start"}
  });
  const made = {pipeline, layout, uniforms: new Map<string, GPUBuffer>()};
  all.set(shader.name, made);
  return made;
}

function textOf({inputs, outputs, uniforms, lanes, shared = "", main}: Shader): string {
  const fields = Object.entries(uniforms).map(([name, type]) => `${name}: ${type}`);
  const buffers = [
    ...Object.entries(inputs).map(([name, type]) => `var<storage, read> ${name}: array<${type}>;`),
    ...outputs.map((name) => `var<storage, read_write> ${name}: array<f32>;`),
    "var<uniform> u: Uniforms;"
  ];
  return `
    struct Uniforms {${fields.join(", ")}};
    ${buffers.map((declared, binding) => `@group(0) @binding(${binding}) ${declared}`).join("\n")}
    const LANES = ${lanes};
    ${shared}
    @compute @workgroup_size(${lanes})
    fn start(
      @builtin(workgroup_id) place: vec3<u32>,
      @builtin(num_workgroups) grid: vec3<u32>,
      @builtin(local_invocation_index) local: u32
    ) {
      let group = i32(place.y * grid.x + place.x);
      let lane = i32(local);
      let index = group * LANES + lane;
      ${main}
    }`;
}

function uniformBuffer(
  device: GPUDevice,
  {uniforms}: Shader,
  kept: Map<string, GPUBuffer>,
  numbers: readonly number[]
): GPUBuffer {
  const key = numbers.join();
  const old = kept.get(key);
  if (old) return old;
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!); // not destroyed: commands may wait that use it
  const size = Math.ceil(numbers.length / 4) * 16;
  const buffer = device.createBuffer({size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true});
  const view = new DataView(buffer.getMappedRange());
  Object.values(uniforms).forEach((type, i) => {
    if (type === "i32") view.setInt32(i * 4, numbers[i]!, true);
    else view.setFloat32(i * 4, numbers[i]!, true);
  });
  buffer.unmap();
  kept.set(key, buffer);
  return buffer;
}
