// Runs fragment shaders of ours on tfjs's WebGL backend.
//
// tfjs keeps a tensor in a texture in one of two ways: flat, a number a texel; or packed, 2 × 2 neighbours of the last two
// axes a texel. Its own programs insist on one of them, and draw once more for each input that lies the other way, which
// is about half of the draws of a training step. Ours read a tensor as it lies. Needs WebGL 2.

import {type GPGPUContext, type MathBackendWebGL, webgl_util} from "@tensorflow/tfjs-backend-webgl";
import {engine, type Tensor, util} from "@tensorflow/tfjs-core";

/**
 * A shader sees each tensor as matrices, [..., rows, columns]. For an input x it has
 *   float x(int i): the i-th number of all;
 *   float xAt(int m, int r, int c): a number of matrix m;
 *   vec4 xBlock(int m, int r, int c): (r, c), (r, c + 1), (r + 1, c), (r + 1, c + 1); r and c even; 0 beyond the edges.
 */
export interface Shader {
  /** Names other than i, m, r, c and v, which the functions above use themselves. */
  readonly inputs: readonly string[];
  /** Such as "int count": numbers that change without a new program. */
  readonly uniforms?: readonly string[];
  /**
   * float value(int i), the output's i-th number, for a flat output; or vec4 block(int m, int r, int c), as xBlock, for
   * a packed one.
   */
  readonly source: string;
}

interface Program {
  readonly program: ReturnType<GPGPUContext["createProgram"]>;
  readonly output: WebGLUniformLocation | null;
  readonly inputs: readonly (readonly [sampler: WebGLUniformLocation, place: WebGLUniformLocation | null])[];
  readonly uniforms: readonly [location: WebGLUniformLocation | null, integer: boolean][];
}

/** Of each context the programs: a shader is compiled once for each way in which its inputs lie. */
const programs = new WeakMap<GPGPUContext, WeakMap<Shader, Map<string, Program>>>();

/** One draw. The uniforms' values come in the shader's order. */
export function run(
  shader: Shader,
  inputs: readonly Tensor[],
  shape: readonly number[],
  uniforms: readonly number[] = []
): Tensor {
  const backend = engine().backend as MathBackendWebGL;
  const {gpgpu} = backend;
  const gl = gpgpu.gl as WebGL2RenderingContext;
  const packed = isPacked(shader);
  const info = backend.makeTensorInfo([...shape], "float32");
  const output = backend.texData.get(info.dataId);
  output.isPacked = packed;
  for (const {dataId} of [info, ...inputs]) backend.uploadToGPU(dataId); // an output gets a texture
  const lies = inputs.map((input) => layout(backend, input));
  const {program, ...locations} = programOf(gpgpu, shader, lies);
  const [height, width] = output.texShape!;
  const texture = output.texture!.texture;
  if (packed) gpgpu.setOutputPackedMatrixTexture(texture, height, width);
  else gpgpu.setOutputMatrixTexture(texture, height, width);
  gpgpu.setProgram(program);
  gpgpu.bindVertexArray(program.vao);
  const [, rows, columns] = matrices(shape);
  gl.uniform3i(locations.output, packed ? Math.ceil(width / 2) : width, rows, columns);
  lies.forEach(({texture, place}, i) => {
    const [sampler, at] = locations.inputs[i]!;
    gpgpu.setInputMatrixTexture(texture, sampler, i);
    gl.uniform1iv(at, place);
  });
  locations.uniforms.forEach(([location, integer], i) => {
    if (integer) gl.uniform1i(location, uniforms[i]!);
    else gl.uniform1f(location, uniforms[i]!);
  });
  gpgpu.executeProgram();
  return engine().makeTensorFromTensorInfo(info);
}

const isPacked = ({source}: Shader): boolean => /\bvec4 block\(/.test(source);

/** The shape as [matrices, rows, columns]. */
export function matrices(shape: readonly number[]): [number, number, number] {
  const [rows = 1, columns = 1] = shape.length > 1 ? shape.slice(-2) : [1, ...shape];
  return [util.sizeFromShape(shape.slice(0, -2)), rows, columns];
}

/**
 * How a tensor lies: flat; packed, with even sides or not; or packed as a tensor of another shape. A texture as wide as a
 * row ("straight") needs no division, which is slow, to find a place in it.
 */
interface Layout {
  readonly kind: "flat" | "even" | "odd" | "other";
  readonly straight: boolean;
  readonly texture: WebGLTexture;
  /** Rows and columns; the texture's width; where a slice starts; rows and columns when it was packed. */
  readonly place: readonly number[];
}

function layout(backend: MathBackendWebGL, {dataId, shape}: Tensor): Layout {
  const {isPacked, texShape, shape: stored, texture: held, slice} = backend.texData.get(dataId);
  const texture = held!.texture;
  const [, rows, columns] = matrices(shape);
  if (!isPacked) {
    const [width, offset] = [texShape![1], slice?.flatOffset ?? 0];
    return {
      kind: "flat",
      straight: width === columns && offset === 0,
      texture,
      place: [rows, columns, width, offset, 0, 0]
    };
  }
  const [, storedRows, storedColumns] = matrices(stored);
  const width = Math.ceil(texShape![1] / 2);
  const same = columns === storedColumns && (rows === storedRows || (rows % 2 === 0 && storedRows % 2 === 0));
  return {
    kind: !same ? "other" : rows % 2 === 0 && columns % 2 === 0 ? "even" : "odd",
    straight: width === Math.ceil(columns / 2),
    texture,
    place: [rows, columns, width, 0, storedRows, storedColumns]
  };
}

function programOf(gpgpu: GPGPUContext, shader: Shader, lies: readonly Layout[]): Program {
  const own = programs.get(gpgpu) ?? new WeakMap<Shader, Map<string, Program>>();
  programs.set(gpgpu, own);
  const variants = own.get(shader) ?? new Map<string, Program>();
  own.set(shader, variants);
  const key = lies.map(({kind, straight}) => kind + straight).join();
  const program = variants.get(key) ?? compile(gpgpu, shader, lies);
  variants.set(key, program);
  return program;
}

function compile(gpgpu: GPGPUContext, shader: Shader, lies: readonly Layout[]): Program {
  const {inputs, uniforms = [], source} = shader;
  const text = `#version 300 es
    precision highp float;
    precision highp int;
    precision highp sampler2D;
    out vec4 result;
    uniform ivec3 outPlace; // the texture's width; rows and columns
    ${uniforms.map((uniform) => `uniform ${uniform};`).join("\n")}
    ${inputs.map((name, i) => reader(name, lies[i]!)).join("\n")}
    ${source}
    void main() {
      int i = int(gl_FragCoord.y) * outPlace.x + int(gl_FragCoord.x);
      ${isPacked(shader) ? PACKED : "result = vec4(value(i), 0.0, 0.0, 0.0);"}
    }`;
  const program = gpgpu.createProgram(webgl_util.createFragmentShader(gpgpu.gl, text));
  gpgpu.buildVao(program);
  const find = (name: string) => gpgpu.getUniformLocationNoThrow(program, name);
  return {
    program,
    output: find("outPlace"),
    inputs: inputs.map((name) => [find(`${name}_`), find(`${name}Place`)]),
    uniforms: uniforms.map((uniform) => [find(uniform.split(" ")[1]!), uniform.startsWith("int")])
  };
}

const PACKED = `
      ivec2 blocks = (outPlace.yz + 1) >> 1;
      int line = i / blocks.y;
      ivec3 at = ivec3(line / blocks.x, 2 * (line % blocks.x), 2 * (i - line * blocks.y));
      result = block(at.x, at.y, at.z);
      if (at.y + 1 == outPlace.y) result.zw = vec2(0.0); // tfjs takes it for granted
      if (at.z + 1 == outPlace.z) result.yw = vec2(0.0);`;

/** GLSL that reads an input; Place is Layout.place. */
function reader(x: string, {kind, straight}: Layout): string {
  const place = `${x}Place`;
  const declared = `uniform sampler2D ${x}_; uniform int ${place}[6];`;
  const fetch = (i: string) => `texelFetch(${x}_, ivec2(${i} % ${place}[2], ${i} / ${place}[2]), 0)`;
  const at = `float ${x}At(int m, int r, int c) { return ${x}((m * ${place}[0] + r) * ${place}[1] + c); }`;
  const four = `
    vec4 ${x}Block(int m, int r, int c) {
      bool below = r + 1 < ${place}[0], right = c + 1 < ${place}[1];
      int i = (m * ${place}[0] + r) * ${place}[1] + c, j = i + ${place}[1];
      return vec4(${x}(i), right ? ${x}(i + 1) : 0.0, below ? ${x}(j) : 0.0, below && right ? ${x}(j + 1) : 0.0);
    }`;
  if (kind === "flat") {
    return `${declared}
    float ${x}(int i) {
      i += ${place}[3];
      return ${fetch("i")}.r;
    }
    ${
      straight
        ? `float ${x}At(int m, int r, int c) { return texelFetch(${x}_, ivec2(c, m * ${place}[0] + r), 0).r; }`
        : at
    }
    ${four}`;
  }
  const byIndex = `
    float ${x}(int i) {
      int line = i / ${place}[5], c = i - line * ${place}[5], m = line / ${place}[4], r = line - m * ${place}[4];
      int texel = (m * ((${place}[4] + 1) >> 1) + (r >> 1)) * ((${place}[5] + 1) >> 1) + (c >> 1);
      return ${fetch("texel")}[2 * (r & 1) + (c & 1)];
    }`;
  if (kind === "other") return `${declared} ${byIndex} ${at} ${four}`;
  const lines = `m * ((${place}[0] + 1) >> 1) + (r >> 1)`;
  return `${declared} ${byIndex}
    vec4 ${x}Block(int m, int r, int c) {
      ${
        straight
          ? `vec4 v = texelFetch(${x}_, ivec2(c >> 1, ${lines}), 0);`
          : `int texel = (${lines}) * ((${place}[1] + 1) >> 1) + (c >> 1);
      vec4 v = ${fetch("texel")};`
      }
      ${kind === "odd" ? `if (r + 1 == ${place}[0]) v.zw = vec2(0.0);\nif (c + 1 == ${place}[1]) v.yw = vec2(0.0);` : ""}
      return v;
    }
    float ${x}At(int m, int r, int c) { return ${x}Block(m, r & ~1, c & ~1)[2 * (r & 1) + (c & 1)]; }`;
}
