import type { AcquisitionCheck, AcquisitionFacts, ScanQuality } from '../../../contract/acquisition.ts';
import { fwhmPerSigma, thinnestWallMm } from '../../../kernels/volume/thinnest-wall.ts';

/**
 * The hardest wall of the face: thin cortical bone with fat on one side and air on the other, as the medial wall of the orbit lies.
 * 1100 HU is the bone for which 300 HU loses walls under 0.51 mm at FWHM 0.94 mm, the project's reference figure; fat and air are their
 * usual values.
 */
const wall = { boneHu: 1100, leftHu: -100, rightHu: -1000 };
/** The bone preset that a threshold starts from. */
const bonePresetHu = 200;
/** Of soft tissue, where none could be measured: usual for thin slices of a head. */
const usualNoiseHu = 20;
/**
 * In-plane width where edges could not be measured: 0.441 / f50 of a Gaussian, with the frequencies at which clinical kernels of the class
 * pass half the contrast: about 3.3, 4.2 and 7.5 line pairs a centimetre. An unknown kernel is taken for the softest.
 */
const kernelFwhmMm = { soft: 1.34, standard: 1.05, bone: 0.59, unknown: 1.34 };

interface Scan {
  facts: AcquisitionFacts | null;
  quality: ScanQuality | null;
  kernelClass: AcquisitionCheck['kernel']['class'];
  pixelMm: number;
  sliceSpacingMm: number;
}
export interface WallTrust {
  thinnest: NonNullable<AcquisitionCheck['thinnestWall']>;
  /** Of walls across the slices, and of walls that lie along them. */
  acrossMm: number;
  alongMm: number;
}

/** Voxels average over their own width: a box of that width adds a twelfth of its square to the variance. */
const withVoxel = (fwhmMm: number, stepMm: number): number => Math.hypot(fwhmMm, (fwhmPerSigma * stepMm) / Math.sqrt(12));
const toTenth = (mm: number): number => Math.ceil(mm * 10 - 1e-6) / 10;

/**
 * The thinnest wall that a CT series can be trusted to show, for a wall in any direction: it must still reach the bone preset by two
 * standard deviations of the noise. Blur is measured where edges were, else reckoned of kernel class, pixel, slice thickness and spacing.
 * Null where the noise alone hides every wall.
 */
export function wallTrust({ facts, quality, kernelClass, pixelMm, sliceSpacingMm }: Scan): WallTrust | null {
  const noiseHu = quality?.noiseSoftHu ?? usualNoiseHu;
  const reachHu = bonePresetHu + 2 * noiseHu;
  if (reachHu >= 0.95 * wall.boneHu) return null;
  const measured = { plane: quality?.edgeWidthMm ?? null, along: quality?.edgeWidthAlongMm ?? null };
  const plane = measured.plane ?? kernelFwhmMm[kernelClass];
  const along = measured.along ?? Math.max(facts?.sliceThicknessMm ?? 0, sliceSpacingMm);
  const blurPlane = withVoxel(plane, pixelMm);
  const blurAlong = withVoxel(along, measured.along === null ? 0 : sliceSpacingMm);
  const acrossMm = toTenth(thinnestWallMm(wall, reachHu, blurPlane));
  const alongMm = toTenth(thinnestWallMm(wall, reachHu, blurAlong));
  const worst = blurAlong > blurPlane ? 'along' : 'plane';
  const mm = Math.max(acrossMm, alongMm);
  return {
    acrossMm,
    alongMm,
    thinnest: {
      mm,
      blurMm: Math.round(Math.max(blurPlane, blurAlong) * 100) / 100,
      basis: measured[worst] === null ? 'kernel and spacing' : 'measured',
      text: `Walls thinner than ${mm.toFixed(1)} mm cannot be trusted to show in this series; what a network adds there is marked as inferred.`,
    },
  };
}
