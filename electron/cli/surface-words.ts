import type { MeshReport, MeshSettings } from '../../contract/mesh.ts';

/** Above this part of the segment's volume the model's is another that must be told. */
const tellFrom = 0.02;
const ml = (mm3: number) => `${(mm3 / 1000).toFixed(1)} ml`;

export interface SurfaceFacts {
  /** What placed the points of the surface. */
  surface: MeshSettings['surface'];
  segmentVolumeMm3: number;
}
export const surfaceFacts = ({ finish }: MeshReport, segmentVolumeMm3: number): SurfaceFacts => ({
  surface: finish?.grey ? 'grey' : 'mask',
  segmentVolumeMm3,
});

/**
 * What must be known of a surface besides its figures: that the mask alone decided where grey values were asked for, and a volume that is
 * not the segment's, with what moved it. `asked` as given; left out it is the contract's own, grey.
 */
export function surfaceLines(report: MeshReport, segmentVolumeMm3: number, asked: unknown): string[] {
  const { finish, volumeMm3 } = report;
  const lines: string[] = [];
  if (!finish?.grey) lines.push(`surface of the mask alone: ${asked === 'mask' ? 'as asked' : 'no image in HU'}`);
  if (Math.abs(volumeMm3 - segmentVolumeMm3) > tellFrom * segmentVolumeMm3) {
    const why = [
      ...(finish?.grey ? ['points lie at the half-maximum, not at the threshold'] : []),
      ...(finish?.thickening ? ['walls were thickened'] : []),
      ...(finish?.repairs.some((one) => one.kind === 'dropped-part') ? ['parts were left out'] : []),
    ];
    lines.push(`segment ${ml(segmentVolumeMm3)}, model ${ml(volumeMm3)}${why.length > 0 ? `: ${why.join('; ')}` : ''}`);
  }
  return lines;
}
