import { bytesOf } from './instance.ts';
import { wasmBase64 } from './mesh-module.ts';

/** The compiled passes over meshes (assembly/mesh/); addresses are bytes of the memory that they were started on. */
export interface MeshPasses {
  roughness(from: number, to: number, starts: number, list: number, here: number, rough: number): void;
  factor(from: number, to: number, starts: number, list: number, here: number, rough: number, first: number, second: number): void;
}

/** Memory that vector instructions reach and threads share; cloned into a message it is the same memory. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** What every runtime of ours has under this name; the language's own types leave it to the DOM's. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: SharedMemory } }) => { exports: unknown };
}

const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
const pageBytes = 65536;
/** Addresses have 32 bits. */
const mostPages = 65536;

let compiled: object | null | undefined;

function compiledPasses(): object | null {
  if (compiled !== undefined) return compiled;
  compiled = null;
  if (!api || typeof SharedArrayBuffer === 'undefined') return null;
  const bytes = bytesOf(wasmBase64);
  try {
    if (api.validate(bytes)) compiled = new api.Module(bytes);
  } catch {
    // A page whose policy forbids it to compile code.
  }
  return compiled;
}

/** Memory of zeros for the passes; null where the runtime has no vector instructions or cannot share memory, or it would be over 4 GiB. */
export function passMemory(bytes: number): SharedMemory | null {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  if (!api || pages > mostPages || !compiledPasses()) return null;
  return new api.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The passes on a memory from `passMemory`. Costs some microseconds: the code is compiled once a thread. */
export function passesOn(memory: SharedMemory): MeshPasses {
  const module = compiledPasses();
  if (!api || !module) throw new RangeError('this thread has no vector instructions');
  return new api.Instance(module, { env: { memory } }).exports as MeshPasses;
}
