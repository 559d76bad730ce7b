import type { Coded, ReasonCode } from '../../../contract/errors.ts';
import type { ModelFile, StagedFile } from '../protocol.ts';
import type { Tile } from './tiles.ts';

/** A float32 file (little-endian, last axis fastest) with the shape of its tensor. */
export interface ArrayFile {
  path: string;
  shape: number[];
}
/** Which channel of which output says bone: `background` counts as one minus it. */
export interface BoneChannel {
  output: string;
  channels: number;
  channel: number;
  background: boolean;
}

export interface Orders {
  /** The tile loop over one region. */
  run: {
    in: {
      model: ModelFile;
      provider: string;
      input: { path: string; dimensions: [number, number, number] };
      tiles: Tile[];
      bone: BoneChannel;
      mirror: boolean;
      /** Files to make; the host removes them where this process dies over them. */
      probability: string;
      spread: string | null;
    };
    out: { probability: StagedFile; spread: StagedFile | null };
  };
  /** One run on a known input. `keep` writes the outputs there; `compare` says how far they are from what is there. */
  answer: {
    in: {
      model: ModelFile;
      provider: string;
      input: ArrayFile;
      outputs: ({ name: string } & ArrayFile)[];
      mode: 'keep' | 'compare';
    };
    out: { largestDifference: number; milliseconds: number };
  };
  /** check-model: one run on a small made-up input; outputs must be finite and have these shapes. Null: any rank 5 over the same D, H, W. */
  attempt: {
    in: { model: ModelFile; provider: string; shape: number[]; outputs: { name: string; shape: number[] }[] | null };
    out: { milliseconds: number };
  };
}
export type OrderName = keyof Orders;

export type InferenceOrder =
  | { [N in OrderName]: { kind: 'run'; id: number; order: N; input: Orders[N]['in'] } }[OrderName]
  | { kind: 'cancel'; id: number }
  | { kind: 'quit' };

export type InferenceAnswer =
  | { kind: 'progress'; id: number; fraction: number; note: string }
  | { kind: 'done'; id: number; result: unknown }
  | { kind: 'cancelled'; id: number }
  | { kind: 'refused'; id: number; code: ReasonCode; message: string; reasons: Coded[] }
  | { kind: 'failed'; id: number; message: string; stack: string };

export interface OrderContext {
  progress(fraction: number, note: string): void;
  /** Lets a cancel in, then throws Cancelled where one came. */
  checkpoint(): Promise<void>;
}
