import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import type { StagedFile } from '../protocol.ts';
import { sameShape, withRuntimeErrors } from './faults.ts';
import type { BoneChannel, OrderContext, Orders } from './orders.ts';
import type { ModelSession, Tensor } from './session.ts';
import type { Span, Tile } from './tiles.ts';

const length = (s: Span) => s.to - s.from;
const seconds = (ms: number) => (ms < 9500 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.round(ms / 5000) * 5} s`);

/** The voxels of a tile out of the region's file, W fastest. */
function readTile(file: number, [width, height]: readonly number[], tile: Tile): Float32Array {
  const [w, h, d] = [length(tile.w), length(tile.h), length(tile.d)];
  const out = new Float32Array(w * h * d);
  const rows = new Float32Array(width! * h);
  for (let z = 0; z < d; z++) {
    readAll(file, rows, 4 * ((tile.d.from + z) * height! + tile.h.from) * width!);
    if (w === width) out.set(rows, z * rows.length);
    else for (let y = 0; y < h; y++) out.set(rows.subarray(y * width! + tile.w.from, y * width! + tile.w.to), (z * h + y) * w);
  }
  return out;
}

function readAll(file: number, values: Float32Array, at: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, at + done);
    if (read === 0) throw new RangeError('the region became shorter while it was read');
    done += read;
  }
}

/** Writes the kept part of a tile. `values` covers the whole tile. */
function writeKept(file: number, [width, height]: readonly number[], tile: Tile, values: Float32Array): void {
  const [w, h] = [length(tile.w), length(tile.h)];
  const across = tile.w.keepTo - tile.w.keepFrom;
  const down = tile.h.keepTo - tile.h.keepFrom;
  const rows = new Float32Array(across * down);
  for (let z = tile.d.keepFrom; z < tile.d.keepTo; z++) {
    for (let y = 0; y < down; y++) {
      const from = ((z - tile.d.from) * h + y + tile.h.keepFrom - tile.h.from) * w + tile.w.keepFrom - tile.w.from;
      rows.set(values.subarray(from, from + across), y * across);
    }
    if (across === width) writeAll(file, rows, 4 * (z * height! + tile.h.keepFrom) * width!);
    else
      for (let y = 0; y < down; y++)
        writeAll(file, rows.subarray(y * across, (y + 1) * across), 4 * ((z * height! + tile.h.keepFrom + y) * width! + tile.w.keepFrom));
  }
}

function writeAll(file: number, values: Float32Array, at: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** Each row back to front: the patient mirrored left to right. */
function mirrored(values: Float32Array, width: number): Float32Array {
  const out = values.slice();
  for (let at = 0; at < out.length; at += width) out.subarray(at, at + width).reverse();
  return out;
}

/** How far a probability may lie outside of 0 to 1 by rounding. */
const rounding = 1e-3;

/**
 * Probability of bone of a tile, checked: the network's own numbers are an input that may be wrong.
 * @throws Refusal INVALID_MODEL_OUTPUT for a missing output, another shape, NaN, infinity, or a number that is no probability
 */
function boneOf(outputs: Record<string, Tensor>, bone: BoneChannel, [d, h, w]: readonly [number, number, number]): Float32Array {
  const tensor = outputs[bone.output];
  if (!tensor || !sameShape(tensor.dimensions, [1, bone.channels, d, h, w]))
    throw new Refusal(
      'INVALID_MODEL_OUTPUT',
      `The network answered ${tensor ? tensor.dimensions.join(' x ') : 'nothing'} for ${bone.output}, not ${[1, bone.channels, d, h, w].join(' x ')}. Its result is not used; take another network.`,
    );
  const voxels = d * h * w;
  const out = new Float32Array(voxels);
  const from = bone.channel * voxels;
  const { values } = tensor;
  for (let n = 0; n < voxels; n++) {
    const p = values[from + n]!;
    // Written so that NaN fails.
    if (!(p >= -rounding && p <= 1 + rounding))
      throw new Refusal(
        'INVALID_MODEL_OUTPUT',
        `The network answered ${p} where a probability belongs. Nothing of its result is used; take another network or another region.`,
      );
    const clamped = Math.min(1, Math.max(0, p));
    out[n] = bone.background ? 1 - clamped : clamped;
  }
  return out;
}

async function runTile(
  session: ModelSession,
  tile: Tile,
  hu: Float32Array,
  order: Orders['run']['in'],
): Promise<{ probability: Float32Array; spread: Float32Array | null }> {
  const shape = [length(tile.d), length(tile.h), length(tile.w)] as const;
  const once = async (values: Float32Array) =>
    boneOf(await withRuntimeErrors(() => session.run({ values, dimensions: [1, 1, ...shape] })), order.bone, shape);
  const probability = await once(hu);
  if (!order.mirror) return { probability, spread: null };
  const other = mirrored(await once(mirrored(hu, shape[2])), shape[2]);
  const spread = new Float32Array(probability.length);
  for (let n = 0; n < spread.length; n++) {
    const [a, b] = [probability[n]!, other[n]!];
    spread[n] = Math.abs(a - b) / 2;
    probability[n] = (a + b) / 2;
  }
  return { probability, spread };
}

async function finished(file: number, path: string): Promise<StagedFile> {
  fsyncSync(file);
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Uint8Array);
  return { path, sha256: hash.digest('hex'), bytes: fstatSync(file).size };
}

/**
 * One network over one region, tile by tile; the kept parts of all tiles are the answer. Nothing is left where it throws.
 * @throws Refusal INVALID_MODEL_OUTPUT, OUT_OF_MEMORY, DISK_FULL; Cancelled between tiles
 */
export async function runTiles(session: ModelSession, order: Orders['run']['in'], context: OrderContext): Promise<Orders['run']['out']> {
  const { dimensions } = order.input;
  const input = openSync(order.input.path, 'r');
  const made: { path: string; file: number }[] = [];
  const make = (path: string) => {
    made.push({ path, file: openSync(path, 'wx') });
    return made.at(-1)!;
  };
  try {
    if (fstatSync(input).size !== 4 * dimensions[0] * dimensions[1] * dimensions[2])
      throw new RangeError('the region does not fit its dimensions');
    const probability = make(order.probability);
    const spread = order.spread === null ? null : make(order.spread);
    const start = performance.now();
    for (const [n, tile] of order.tiles.entries()) {
      const left = n === 0 ? '' : `, about ${seconds(((performance.now() - start) / n) * (order.tiles.length - n))} left`;
      context.progress(n / order.tiles.length, `Tile ${n + 1} of ${order.tiles.length} on ${order.provider}${left}`);
      await context.checkpoint();
      const answer = await runTile(session, tile, readTile(input, dimensions, tile), order);
      writeKept(probability.file, dimensions, tile, answer.probability);
      if (spread && answer.spread) writeKept(spread.file, dimensions, tile, answer.spread);
    }
    await context.checkpoint();
    return {
      probability: await finished(probability.file, probability.path),
      spread: spread && (await finished(spread.file, spread.path)),
    };
  } catch (error) {
    for (const { path } of made) await rm(path, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new Refusal('DISK_FULL', 'There is no room on the disk for the probabilities. Free some space and run again.');
    throw error;
  } finally {
    closeSync(input);
    for (const { file } of made) closeSync(file);
  }
}
