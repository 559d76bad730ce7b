import type { AcquisitionCheck, AcquisitionFacts, ScanQuality } from '../../../contract/acquisition.ts';
import { fwhmPerSigma, thinnestWallMm } from '../../../kernels/volume/thinnest-wall.ts';
import type { CheckSubject } from '../protocol.ts';

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

/** Blur of both directions, mm, and whether it was measured there. */
interface Blur {
  plane: number;
  along: number;
  measured: { plane: boolean; along: boolean };
}

/** Of wall and blur; null where the noise alone hides every wall. */
function reckon(noiseHu: number, blur: Blur): WallTrust | null {
  const reachHu = bonePresetHu + 2 * noiseHu;
  if (reachHu >= 0.95 * wall.boneHu) return null;
  const acrossMm = toTenth(thinnestWallMm(wall, reachHu, blur.plane));
  const alongMm = toTenth(thinnestWallMm(wall, reachHu, blur.along));
  const mm = Math.max(acrossMm, alongMm);
  return {
    acrossMm,
    alongMm,
    thinnest: {
      mm,
      blurMm: Math.round(Math.max(blur.plane, blur.along) * 100) / 100,
      basis: blur.measured[blur.along > blur.plane ? 'along' : 'plane'] ? 'measured' : 'kernel and spacing',
      text: `Walls thinner than ${mm.toFixed(1)} mm cannot be trusted to show in this series; what a network adds there is marked as inferred.`,
    },
  };
}

/**
 * The thinnest wall that a CT series can be trusted to show, for a wall in any direction: it must still reach the bone preset by two
 * standard deviations of the noise. Blur is measured where edges were, else reckoned of kernel class, pixel, slice thickness and spacing.
 * Null where the noise alone hides every wall.
 */
export function wallTrust({ facts, quality, kernelClass, pixelMm, sliceSpacingMm }: Scan): WallTrust | null {
  const plane = quality?.edgeWidthMm ?? null;
  const along = quality?.edgeWidthAlongMm ?? null;
  return reckon(quality?.noiseSoftHu ?? usualNoiseHu, {
    plane: withVoxel(plane ?? kernelFwhmMm[kernelClass], pixelMm),
    along: along === null ? Math.max(facts?.sliceThicknessMm ?? 0, sliceSpacingMm) : withVoxel(along, sliceSpacingMm),
    measured: { plane: plane !== null, along: along !== null },
  });
}

/**
 * The same of a series that preprocessing made: by the edges of its own voxels alone, since kernel and spacing say nothing of what a
 * filter did to them. No step brings back what the scan blurred or passed over, so that neither blur nor sampling is finer than the scan's.
 * @returns why nothing can be said, as the end of a sentence, where it cannot
 */
export function derivedWallTrust(scan: Scan, derived: NonNullable<CheckSubject['derived']>): WallTrust | string {
  const { units, quality, spacingMm, edgeKeeping } = derived;
  if (units !== 'HU') return 'its values are not HU';
  if (!quality) return 'its voxels were not measured';
  const { edgeWidthMm: plane, edgeWidthAlongMm: along } = quality;
  if (plane === null || along === null)
    return 'too few edges of air and tissue are in it to measure their width, and kernel and spacing say nothing of preprocessed voxels';
  const trust = reckon(quality.noiseSoftHu ?? scan.quality?.noiseSoftHu ?? usualNoiseHu, {
    plane: withVoxel(Math.max(plane, scan.quality?.edgeWidthMm ?? 0), Math.max(scan.pixelMm, spacingMm[0], spacingMm[1])),
    along: withVoxel(Math.max(along, scan.quality?.edgeWidthAlongMm ?? 0), Math.max(scan.sliceSpacingMm, spacingMm[2])),
    measured: { plane: true, along: true },
  });
  if (!trust) return 'the noise hides thin walls';
  if (edgeKeeping === null) return trust;
  const caution = `Its ${edgeKeeping} filter keeps edges, by which this is measured, and can have taken away thicker ones.`;
  return { ...trust, thinnest: { ...trust.thinnest, text: `${trust.thinnest.text} ${caution}` } };
}
