import type { Triple } from '../volume/geometry.ts';
import type { Random } from './random.ts';
import type { ScannerSettings } from './scanner.ts';

/** How a head is scanned: the grid around a point of the head, and the scanner. */
export interface ScanProtocol {
  dimensions: Triple;
  spacingMm: Triple;
  /** The middle of the grid, in head mm. */
  middle: readonly [number, number, number];
  scanner: ScannerSettings;
}

/** Reconstruction kernels as a manufacturer's list has them: what they blur, sharpen and how they grain. */
export type Kernel = 'standard' | 'bone' | 'soft';

/** Extent of the cut around the orbits, mm: from lateral rim to lateral rim, from in front of the globes to the apex, brow to cheek. */
const orbitExtentMm: Triple = [124, 84, 44];
const orbitMiddle = [0, 16, 0] as const;

const spreads: Record<Kernel, { fwhmMm: [number, number]; noiseHu: [number, number]; grainPixels: [number, number] }> = {
  standard: { fwhmMm: [0.85, 1.25], noiseHu: [7, 25], grainPixels: [0.7, 1.1] },
  bone: { fwhmMm: [0.55, 0.8], noiseHu: [35, 90], grainPixels: [0.35, 0.6] },
  soft: { fwhmMm: [1.3, 2], noiseHu: [4, 14], grainPixels: [1.2, 2] },
};

/**
 * A scan of the orbits with the pixel sizes, slice thicknesses (D.4) and kernels that clinics use: drawn from the seed, like the head.
 * @returns 0.41 to 0.59 mm pixels, slices of 0.63 to 1.00 mm, each kernel with its share of point spread and noise
 */
export function drawOrbitProtocol(random: Random): ScanProtocol & { kernel: Kernel } {
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  const pixelMm = rounded(random.between(0.41, 0.59));
  const sliceMm = rounded(random.between(0.63, 1));
  const spacingMm: Triple = [pixelMm, pixelMm, sliceMm];
  const share = random.next();
  const kernel: Kernel = share < 0.46 ? 'standard' : share < 0.88 ? 'bone' : 'soft';
  const spread = spreads[kernel];
  return {
    dimensions: orbitExtentMm.map((mm, axis) => Math.round(mm / spacingMm[axis])) as Triple,
    spacingMm,
    middle: orbitMiddle,
    kernel,
    scanner: {
      fwhmMm: rounded(random.between(...spread.fwhmMm)),
      sliceLeak: rounded(random.between(0.03, 0.14)),
      noiseHu: rounded(random.between(...spread.noiseHu)),
      grainPixels: rounded(random.between(...spread.grainPixels)),
      undershoot: kernel === 'bone' ? rounded(random.between(0.08, 0.3)) : 0,
    },
  };
}
