import type { ModelFile } from '../protocol.ts';

/** What runs a network, whoever made it: onnxruntime-node in the inference process, a stand-in in tests. float32 in and out. */
export interface Tensor {
  values: Float32Array;
  dimensions: readonly number[];
}
export interface ModelSession {
  /** Blocks the process while it computes. Throws the runtime's own error. */
  run(input: Tensor): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export type OpenSession = (model: ModelFile, bytes: Uint8Array, provider: string) => Promise<ModelSession>;
