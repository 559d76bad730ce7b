import type { Nine, Triple, VolumeGeometry } from '../volume/geometry.ts';
import { checkMesh } from './check.ts';
import type { Mesh } from './mesh.ts';
import { readStl } from './stl.ts';
import { writeStl } from './stl-write.ts';
import { weld } from './weld.ts';

/** Shapes with known answers and the one checker of closed surfaces, for the tests of this room. */

export const unitGrid = (dimensions: Triple): VolumeGeometry => ({
  dimensions,
  spacingMm: [1, 1, 1],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

/** An anisotropic, turned, off-centre grid; left-handed where asked for. */
export function obliqueGrid(dimensions: Triple, leftHanded = false): VolumeGeometry {
  const third = leftHanded ? -1 : 1;
  const directionLps: Nine = [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, third];
  return { dimensions, spacingMm: [0.4, 0.7, 1.5], originLps: [-120.3, 85.7, -410.1], directionLps };
}

/** The mask of every voxel whose index satisfies the test. */
export function maskWhere(dimensions: Triple, inside: (i: number, j: number, k: number) => boolean): Uint8Array {
  const [nx, ny, nz] = dimensions;
  const mask = new Uint8Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) if (inside(i, j, k)) mask[(k * ny + j) * nx + i] = 1;
  }
  return mask;
}

export const ballMask = (side: number, radius: number): Uint8Array =>
  maskWhere([side, side, side], (i, j, k) => Math.hypot(i - (side - 1) / 2, j - (side - 1) / 2, k - (side - 1) / 2) <= radius);

export const torusMask = (side: number, ring: number, tube: number): Uint8Array =>
  maskWhere([side, side, side], (i, j, k) => {
    const [x, y, z] = [i - (side - 1) / 2, j - (side - 1) / 2, k - (side - 1) / 2];
    return Math.hypot(Math.hypot(x, y) - ring, z) <= tube;
  });

/** What must all be as in `closed` for a surface that may be printed, with its Euler number V - E + F. */
export function closedness(mesh: Mesh) {
  const m = checkMesh(mesh);
  const { openEdges, nonManifoldEdges, misorientedEdges, nonManifoldVertices, degenerateTriangles, invalidVertices } = m;
  return {
    flaws: { openEdges, nonManifoldEdges, misorientedEdges, nonManifoldVertices, degenerateTriangles, invalidVertices },
    outward: m.volumeMm3 > 0,
    parts: m.parts,
    euler: m.vertices - m.triangles * 1.5 + m.triangles,
  };
}

export const closed = {
  flaws: { openEdges: 0, nonManifoldEdges: 0, misorientedEdges: 0, nonManifoldVertices: 0, degenerateTriangles: 0, invalidVertices: 0 },
  outward: true,
};

/** The mesh as another program gets it: written as STL, read, corners joined by exact float32 equality. */
export function throughStl(mesh: Mesh): Mesh {
  const read = readStl(writeStl(mesh, 'a round trip'));
  if ('error' in read) throw new RangeError(read.error);
  return weld(read.soup);
}
