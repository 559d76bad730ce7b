import { wasmBase64 } from './module.ts';

/** The compiled functions (assembly/); addresses are bytes of `memory`, which is this thread's own. */
export interface SimdKernels {
  memory: { buffer: ArrayBuffer };
  rangeInt16(from: number, rows: number, words: number, last: number, low: number, high: number, to: number): number;
  rangeFloat32(from: number, rows: number, words: number, last: number, low: number, high: number, to: number): number;
  bytesToBits(from: number, rows: number, words: number, last: number, to: number): void;
}

/** What every runtime of ours has under this name; the language's own types leave it to the DOM's. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function bytesOf(base64: string): Uint8Array {
  const digits = base64.replace(/=+$/, '');
  const bytes = new Uint8Array((digits.length * 3) >> 2);
  for (let at = 0, bits = 0, held = 0, n = 0; n < digits.length; n++) {
    bits = (bits << 6) | alphabet.indexOf(digits[n]);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
  }
  return bytes;
}

function start(): SimdKernels | null {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (!api) return null;
  const bytes = bytesOf(wasmBase64);
  if (!api.validate(bytes)) return null;
  try {
    return new api.Instance(new api.Module(bytes)).exports as SimdKernels;
  } catch {
    // A page whose policy forbids it to compile code.
    return null;
  }
}

let started: SimdKernels | null | undefined;

/**
 * The vector instructions of this thread, or null where its runtime has none. Every kernel that uses them has a twin without, which gives
 * the same to the last bit; whether they ran is said by a measurement, never by a result.
 * Cost: about a millisecond and 256 KiB of memory the first time in a thread.
 */
export function simdKernels(): SimdKernels | null {
  if (started === undefined) started = start();
  return started;
}
