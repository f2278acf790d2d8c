// Which keys each query of a sequence may look at, in the forms that the backends work with.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** Queries that are worked on together, and every key that one of them sees; both rising. */
export interface MaskBlock {
  readonly queries: Int32Array;
  readonly keys: Int32Array;
}

/** The blocks one after the other, as a kernel reads them. */
export interface MaskBlocks {
  readonly count: number;
  /** Pairs of a query and a key in all blocks; the largest block has so many queries, keys and pairs. */
  readonly pairs: number;
  readonly largest: {readonly queries: number; readonly keys: number; readonly pairs: number};
  /** int32: of each block the number of queries and of keys, then both lists. */
  readonly table: Tensor;
  /** float32 [pairs]: of each block what is added to its scores, query by query. */
  readonly bias: Tensor;
}

/** A mask of one sequence. Its tensors are made when they are first asked for, and live until dispose(). */
export class AttentionMask {
  readonly #allows: (query: number, key: number) => boolean;
  readonly #groups: readonly (readonly number[])[];
  readonly #made = new Map<string, Tensor>();
  #blocks: MaskBlocks | undefined;

  /**
   * allows says whether a query may look at a key; every query must see one. groups: every query once, those together
   * that see much the same keys (an order for speed, which changes nothing else).
   */
  constructor(
    readonly length: number,
    allows: (query: number, key: number) => boolean,
    groups: readonly (readonly number[])[]
  ) {
    if (
      groups
        .flat()
        .sort((a, b) => a - b)
        .join() !== Array.from({length}, (_, i) => i).join()
    ) {
      throw new Error(`AttentionMask: expected each of ${length} queries in one group, got ${JSON.stringify(groups)}`);
    }
    this.#allows = allows;
    this.#groups = groups;
  }

  /** float32 [length, length]: added to the scores; 0 where a query may look, −10⁹ where not. */
  get bias(): Tensor {
    return this.#tensor("bias", () => {
      const bias = new Float32Array(this.length ** 2).fill(-1e9);
      this.#seen().forEach((keys, query) => {
        for (const key of keys) bias[query * this.length + key] = 0;
      });
      return tf.tensor2d(bias, [this.length, this.length]);
    });
  }

  /** int32 [length, 1 + most]: how many keys a query sees, then which, rising; noughts fill the row. */
  get keys(): Tensor {
    return this.#tensor("keys", () => rows(this.#seen()));
  }

  /**
   * int32 [length, 1 + 2 · most]: how many queries see a key, then, for each, the query and the key's place in the
   * query's row of `keys`, counted from 0.
   */
  get queries(): Tensor {
    return this.#tensor("queries", () => {
      const seenBy: number[][] = Array.from({length: this.length}, () => []);
      this.#seen().forEach((keys, query) => {
        keys.forEach((key, place) => {
          seenBy[key]!.push(query, place);
        });
      });
      return rows(seenBy, 2);
    });
  }

  get blocks(): MaskBlocks {
    if (this.#blocks) return this.#blocks;
    const seen = this.#seen();
    const blocks = this.#groups.map((queries): MaskBlock => {
      const keys = new Set(queries.flatMap((query) => seen[query]!));
      return {queries: Int32Array.from(queries).sort(), keys: Int32Array.from(keys).sort()};
    });
    const table = blocks.flatMap(({queries, keys}) => [queries.length, keys.length, ...queries, ...keys]);
    const bias = blocks.flatMap(({queries, keys}) =>
      Array.from(queries).flatMap((q) => Array.from(keys, (k) => (this.#allows(q, k) ? 0 : -1e9)))
    );
    const most = (of: (block: MaskBlock) => number) => Math.max(...blocks.map(of));
    this.#blocks = {
      count: blocks.length,
      pairs: bias.length,
      largest: {
        queries: most(({queries}) => queries.length),
        keys: most(({keys}) => keys.length),
        pairs: most(({queries, keys}) => queries.length * keys.length)
      },
      table: this.#tensor("table", () => tf.tensor1d(Int32Array.from(table), "int32")),
      bias: this.#tensor("blocks", () => tf.tensor1d(Float32Array.from(bias)))
    };
    return this.#blocks;
  }

  dispose(): void {
    for (const tensor of this.#made.values()) tensor.dispose();
    this.#made.clear();
    this.#blocks = undefined;
  }

  /** The keys that each query sees. */
  #seen(): number[][] {
    const all = Array.from({length: this.length}, (_, i) => i);
    return all.map((query) => all.filter((key) => this.#allows(query, key)));
  }

  #tensor(name: string, make: () => Tensor): Tensor {
    let tensor = this.#made.get(name);
    if (!tensor) {
      tensor = tf.keep(make()); // outlives the tidy in which it is first asked for
      this.#made.set(name, tensor);
    }
    return tensor;
  }
}

/** One list a row: its length, in entries of so many numbers, then the numbers. */
function rows(lists: readonly (readonly number[])[], width = 1): Tensor {
  const longest = 1 + Math.max(...lists.map(({length}) => length));
  const table = new Int32Array(lists.length * longest);
  lists.forEach((list, i) => {
    table[i * longest] = list.length / width;
    table.set(list, i * longest + 1);
  });
  return tf.tensor2d(table, [lists.length, longest], "int32");
}
