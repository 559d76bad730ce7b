import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a decoder is told, and what it found. */
export interface NativeFrame {
  rows: number;
  columns: number;
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
}
export interface NativeResult extends NativeFrame {
  bytes: Uint8Array;
  samples: number;
  /** What the decoder complained of on its way: it may be the only sign of damage. */
  complaints: string[];
}
/** The decoder gave up; the message is its own. */
export class DecoderFault extends Error {}

type Call = (...values: number[]) => number;
interface Memory {
  readonly buffer: ArrayBuffer;
}
/** The part of WebAssembly that is used: the language library of this room does not declare it. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
}
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

interface Instance {
  memory: Memory;
  call: Record<string, Call>;
  complaints: string[];
}

const complaint =
  /corrupt|premature|extraneous|invalid|unexpected|truncat|missing|failed|bad |not enough|::OpjMessageCallback(Warning|Error)/i;
const monochrome2 = 1;
const wasmPackage = 'dcmjs-codecs';
const wasmFile = 'dcmjs-native-codecs.wasm';

let compiled: object | null = null;
let live: Instance | null = null;

function wasmModule(): object {
  if (!compiled) {
    const entry = createRequire(import.meta.url).resolve(wasmPackage);
    compiled = new wasm.Module(readFileSync(entry.replace(/[^/\\]+$/, wasmFile)));
  }
  return compiled;
}

function instantiate(): Instance {
  const complaints: string[] = [];
  let memory: Memory;
  const told = (at: number, length: number) => Buffer.from(memory.buffer, at, length).toString('latin1').trim();
  const note = (at: number, length: number) => {
    const said = told(at, length);
    if (complaint.test(said) && complaints.length < 8) complaints.push(said.replace(/^.*::/, ''));
  };
  const instance = new wasm.Instance(wasmModule(), {
    env: {
      emscripten_notify_memory_growth: () => undefined,
      onCodecsInfo: note,
      onCodecsTrace: note,
      onCodecsException: (at: number, length: number) => {
        throw new DecoderFault(told(at, length));
      },
    },
    wasi_snapshot_preview1: {
      environ_get: () => 0,
      environ_sizes_get: (count: number, size: number) => {
        const view = new DataView(memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return 0;
      },
      clock_time_get: (_clock: number, _precision: bigint, at: number) => {
        new DataView(memory.buffer).setBigUint64(at, 0n, true);
        return 0;
      },
      proc_exit: (status: number) => {
        throw new DecoderFault(`the decoder ended with ${status}`);
      },
      fd_write: (_file: number, vectors: number, count: number, written: number) => {
        const view = new DataView(memory.buffer);
        let total = 0;
        for (let n = 0; n < count; n++) {
          const length = view.getUint32(vectors + n * 8 + 4, true);
          note(view.getUint32(vectors + n * 8, true), length);
          total += length;
        }
        view.setUint32(written, total, true);
        return 0;
      },
      fd_seek: () => 0,
      fd_close: () => 0,
    },
  });
  memory = instance.exports.memory as Memory;
  const call = instance.exports as unknown as Record<string, Call>;
  call._initialize?.();
  return { memory, call, complaints };
}

/**
 * Decodes one frame with the WebAssembly decoders of dcmjs-codecs (libijg, charls, openjpeg, openjph).
 * The package's own JavaScript is left out: it drops the decoders' warnings and keeps using an instance that failed. Here every fault ends
 * the instance, so that damage in one frame cannot reach the next.
 * @throws DecoderFault where the decoder gives up
 */
export function decodeNative(decoder: string, bytes: Uint8Array, frame: NativeFrame): NativeResult {
  live ??= instantiate();
  const { call, memory, complaints } = live;
  complaints.length = 0;
  const run = (name: string, ...values: number[]): number => (call[name] as Call)(...values);
  try {
    const context = run('CreateCodecsContext');
    const settings = run('CreateDecoderParameters');
    run('SetColumns', context, frame.columns);
    run('SetRows', context, frame.rows);
    run('SetBitsAllocated', context, frame.bitsAllocated);
    run('SetBitsStored', context, frame.bitsStored);
    run('SetSamplesPerPixel', context, 1);
    run('SetPixelRepresentation', context, frame.signed ? 1 : 0);
    run('SetPlanarConfiguration', context, 0);
    run('SetPhotometricInterpretation', context, monochrome2);
    run('SetEncodedBufferSize', context, bytes.length);
    const at = run('GetEncodedBuffer', context);
    new Uint8Array(memory.buffer).set(bytes, at);
    run('SetConvertColorspaceToRgb', settings, 0);
    run(decoder, context, settings);
    const result: NativeResult = {
      rows: run('GetRows', context),
      columns: run('GetColumns', context),
      bitsAllocated: run('GetBitsAllocated', context),
      bitsStored: run('GetBitsStored', context),
      signed: run('GetPixelRepresentation', context) === 1,
      samples: run('GetSamplesPerPixel', context),
      bytes: new Uint8Array(memory.buffer, run('GetDecodedBuffer', context), run('GetDecodedBufferSize', context)).slice(),
      complaints: [...complaints],
    };
    run('ReleaseDecoderParameters', settings);
    run('ReleaseCodecsContext', context);
    return result;
  } catch (error) {
    live = null;
    if (error instanceof DecoderFault) throw error;
    throw new DecoderFault(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Encodes an 8-bit grey picture as baseline JPEG in a JFIF file, with the encoder (libijg) that dcmjs-codecs brings.
 * @param pixels rows x columns, row by row
 * @param quality 1 to 100, the scale of libjpeg
 * @throws RangeError where the pixels do not fill the picture, DecoderFault where the encoder gives up
 * Cost: about 1 ms for 128 x 128.
 */
export function encodeJpeg(pixels: Uint8Array, { rows, columns }: { rows: number; columns: number }, quality: number): Uint8Array {
  if (pixels.length !== rows * columns || !(quality >= 1 && quality <= 100)) throw new RangeError('no picture of this size, or no quality');
  live ??= instantiate();
  const { call, memory } = live;
  const run = (name: string, ...values: number[]): number => (call[name] as Call)(...values);
  try {
    const context = run('CreateCodecsContext');
    const settings = run('CreateEncoderParameters');
    run('SetColumns', context, columns);
    run('SetRows', context, rows);
    run('SetBitsAllocated', context, 8);
    run('SetBitsStored', context, 8);
    run('SetSamplesPerPixel', context, 1);
    run('SetPixelRepresentation', context, 0);
    run('SetPlanarConfiguration', context, 0);
    run('SetPhotometricInterpretation', context, monochrome2);
    run('SetDecodedBufferSize', context, pixels.length);
    const at = run('GetDecodedBuffer', context);
    new Uint8Array(memory.buffer).set(pixels, at);
    run('SetLossy', settings, 1);
    run('SetQuality', settings, quality);
    run('SetSmoothingFactor', settings, 0);
    run('EncodeJpeg', context, settings);
    const jpeg = new Uint8Array(memory.buffer, run('GetEncodedBuffer', context), run('GetEncodedBufferSize', context)).slice();
    run('ReleaseEncoderParameters', settings);
    run('ReleaseCodecsContext', context);
    return jpeg;
  } catch (error) {
    live = null;
    if (error instanceof DecoderFault) throw error;
    throw new DecoderFault(error instanceof Error ? error.message : String(error));
  }
}
