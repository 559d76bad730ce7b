import type { Box, Distance } from './distance.ts';

/** A thin wall: a midplane and a thickness, drawn by exact coverage, so that 0.2 mm count as 0.2 mm on any grid. */
export interface Sheet {
  box: Box;
  /** Signed distance to the midplane, roughly in mm; its slope is measured where it matters. */
  distance: Distance;
  /** Thickness in mm at a point; 0: no wall here. */
  thicknessMm: Distance;
  hu: number;
}

/** Extent of a voxel along a unit normal: |nx| dx + |ny| dy + |nz| dz. */
export function extentAlong(nx: number, ny: number, nz: number, spacingMm: readonly [number, number, number]): number {
  return Math.abs(nx) * spacingMm[0] + Math.abs(ny) * spacingMm[1] + Math.abs(nz) * spacingMm[2];
}

/**
 * Part of a voxel that a sheet fills: exact for a plane along the grid, right in the sum over the voxels for any plane.
 * @param distanceMm from the voxel's centre to the midplane
 * @param extentMm of the voxel along the sheet's normal
 */
export function sheetCoverage(distanceMm: number, thicknessMm: number, extentMm: number): number {
  const d = Math.abs(distanceMm);
  return Math.max(0, Math.min(thicknessMm / 2, d + extentMm / 2) - Math.max(-thicknessMm / 2, d - extentMm / 2)) / extentMm;
}

/** True where the truth labels count a voxel to a sheet: thin walls are widened to one closed layer of voxels. */
export function sheetLabelled(distanceMm: number, thicknessMm: number, extentMm: number): boolean {
  return Math.abs(distanceMm) <= Math.max(thicknessMm, extentMm) / 2;
}

/** Sheets thinner than this are holes of nature: absent. */
export const thinnestMm = 0.05;
/** Up to this a wall is labelled thin (3), beyond it cortical (1). */
export const thinUpToMm = 1.6;
