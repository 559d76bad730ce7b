import type { EffectSettings } from '../../../contract/effects.ts';
import type { BitGrid } from '../../../kernels/labels/bits.ts';
import type { Workshop } from '../../../kernels/labels/morphology.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';

/** What an effect works on: the masks that it was given, `at` being the segment's own. */
export interface EffectBench {
  masks: BitGrid[];
  at: number;
  geometry: VolumeGeometry;
  /** The image; only what competes for it asks for it. */
  values: () => Promise<Int16Array | Float32Array>;
  workshop: Workshop;
}
/** One mask that an effect made; `of`: in place of the mask of that number, null: a new one. */
export interface EffectMask {
  of: number | null;
  bits: BitGrid;
}

export type Named<E extends EffectSettings['effect']> = Extract<EffectSettings, { effect: E }>;
export type Work<E extends EffectSettings['effect']> = (settings: Named<E>, bench: EffectBench) => Promise<BitGrid | EffectMask[]>;
