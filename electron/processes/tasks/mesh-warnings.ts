import type { Coded } from '../../../contract/errors.ts';
import type { MeshFigures, MeshSettings, WallFigures } from '../../../contract/mesh.ts';

/** The printer's sides against the model's, both in the order of their length: any turn by right angles is allowed, no other is tried. */
function overBuildVolume({ boundsLps: { min, max } }: MeshFigures, buildMm: MeshSettings['buildMm']): string | null {
  const size = max.map((high, axis) => high - (min[axis] ?? 0)).sort((a, b) => b - a);
  const build = buildMm.toSorted((a, b) => b - a);
  if (size.every((mm, n) => mm <= (build[n] ?? 0))) return null;
  const words = (sides: number[]) => sides.map((mm) => mm.toFixed(0)).join(' x ');
  return `The model is ${words(size)} mm and the printer builds ${words(build)} mm. Cut it, or choose a larger printer.`;
}

/** What does not keep a mesh from being printed but must be known before: in words with the remedy. */
export function warningsOf(
  figures: MeshFigures,
  walls: WallFigures | null,
  {
    buildMm,
    minimumWallMm,
    mendSelfIntersections = true,
  }: Pick<MeshSettings, 'buildMm' | 'minimumWallMm'> & { mendSelfIntersections?: boolean },
): Coded[] {
  const warnings: Coded[] = [];
  const crossings = figures.selfIntersections ?? 0;
  if (crossings > 0) {
    const pairs = crossings === 1 ? '1 pair of triangles crosses' : `${crossings} pairs of triangles cross`;
    warnings.push({
      code: 'MESH_SELF_INTERSECTION',
      message: `${pairs}. ${mendSelfIntersections ? 'Repair the file (repair-mesh), or smooth and reduce less' : 'Have self-intersections mended'}.`,
    });
  }
  if (walls && walls.belowMm2 > 0) {
    const share = (100 * walls.belowPart).toFixed(walls.belowPart < 0.1 ? 1 : 0);
    warnings.push({
      code: 'MESH_WALL_TOO_THIN',
      message: `${share} % of the surface has a wall thinner than ${minimumWallMm} mm. Thicken thin walls, or print with a finer printer.`,
    });
  }
  const tooLarge = overBuildVolume(figures, buildMm);
  if (tooLarge !== null) warnings.push({ code: 'MESH_EXCEEDS_BUILD_VOLUME', message: tooLarge });
  return warnings;
}
