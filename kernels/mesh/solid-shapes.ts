import type { Mesh } from './mesh.ts';

/** Closed meshes with known answers, and ones that are wrong in one named way each, for the tests of this room. LPS mm. */

type Point = [number, number, number];

export const meshOf = (points: number[][], triangles: number[][]): Mesh => ({
  positions: Float64Array.from(points.flat()),
  triangles: Uint32Array.from(triangles.flat()),
});

/** Several meshes as one, vertices apart. */
export function together(...meshes: Mesh[]): Mesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (const mesh of meshes) {
    const first = positions.length / 3;
    for (const vertex of mesh.triangles) triangles.push(first + vertex);
    for (const value of mesh.positions) positions.push(value);
  }
  return { positions: Float64Array.from(positions), triangles: Uint32Array.from(triangles) };
}

export const moved = (mesh: Mesh, by: (x: number, y: number, z: number) => Point): Mesh => {
  const positions = Float64Array.from(mesh.positions);
  for (let at = 0; at < positions.length; at += 3) positions.set(by(positions[at]!, positions[at + 1]!, positions[at + 2]!), at);
  return { positions, triangles: mesh.triangles };
};

export const insideOut = (mesh: Mesh): Mesh => ({ positions: mesh.positions, triangles: mesh.triangles.toReversed() });

export const without = (mesh: Mesh, ...triangles: number[]): Mesh => ({
  positions: mesh.positions,
  triangles: mesh.triangles.filter((_, at) => !triangles.includes(Math.floor(at / 3))),
});

/** A quadrilateral of vertices, counter-clockwise, as two triangles. */
const quad = (a: number, b: number, c: number, d: number): number[][] => [
  [a, b, c],
  [a, c, d],
];

/** A box from corner `low` with `size`, each side cut into `steps` squares; 12 steps² triangles. */
export function boxMesh(size: Point = [1, 1, 1], low: Point = [0, 0, 0], steps = 1): Mesh {
  const points: number[][] = [];
  const numbers = new Map<string, number>();
  const vertex = (i: number, j: number, k: number): number => {
    const key = `${i} ${j} ${k}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, points.length);
    points.push([i, j, k].map((n, axis) => low[axis]! + (size[axis]! * n) / steps));
    return points.length - 1;
  };
  const triangles: number[][] = [];
  for (let u = 0; u < steps; u++) {
    for (let v = 0; v < steps; v++) {
      for (const high of [false, true]) {
        const w = high ? steps : 0;
        for (let axis = 0; axis < 3; axis++) {
          const at = (a: number, b: number) => {
            const index = [0, 0, 0];
            index[axis] = w;
            index[(axis + 1) % 3] = a;
            index[(axis + 2) % 3] = b;
            return vertex(index[0]!, index[1]!, index[2]!);
          };
          const corners = [at(u, v), at(u + 1, v), at(u + 1, v + 1), at(u, v + 1)] as const;
          triangles.push(...(high ? quad(...corners) : quad(corners[0], corners[3], corners[2], corners[1])));
        }
      }
    }
  }
  return meshOf(points, triangles);
}

/** A ball about the origin: a cube of `steps` squares a side, blown up. */
export function ballMesh(radius: number, steps = 8): Mesh {
  return moved(boxMesh([2, 2, 2], [-1, -1, -1], steps), (x, y, z) => {
    const scale = radius / Math.hypot(x, y, z);
    return [x * scale, y * scale, z * scale];
  });
}

/** A ring in the xy plane about the origin. */
export function torusMesh(ring: number, tube: number, around = 24, across = 12): Mesh {
  const points: number[][] = [];
  const triangles: number[][] = [];
  for (let n = 0; n < around; n++) {
    for (let m = 0; m < across; m++) {
      const [u, v] = [(2 * Math.PI * n) / around, (2 * Math.PI * m) / across];
      const reach = ring + tube * Math.cos(v);
      points.push([reach * Math.cos(u), reach * Math.sin(u), tube * Math.sin(v)]);
      const at = (i: number, j: number) => (i % around) * across + (j % across);
      triangles.push(...quad(at(n, m), at(n + 1, m), at(n + 1, m + 1), at(n, m + 1)));
    }
  }
  return meshOf(points, triangles);
}

/** A mesh, what is wrong with it, and what its check must name. */
export interface BadMesh {
  mesh: Mesh;
  faults: string[];
  /** Pairs that cross. */
  crossings: number;
}

const cube = boxMesh();
const turned = (mesh: Mesh, triangle: number): Mesh => {
  const triangles = mesh.triangles.slice();
  const at = triangle * 3;
  [triangles[at], triangles[at + 1]] = [triangles[at + 1]!, triangles[at]!];
  return { positions: mesh.positions, triangles };
};

export const badMeshes: Record<string, BadMesh> = {
  'open cube': { mesh: without(cube, 0, 1), faults: ['MESH_NOT_WATERTIGHT'], crossings: 0 },
  'doubled face': {
    mesh: { positions: cube.positions, triangles: Uint32Array.from([...cube.triangles, ...cube.triangles.subarray(0, 3)]) },
    faults: ['MESH_NON_MANIFOLD'],
    crossings: 1,
  },
  'bow-tie vertex': {
    mesh: {
      positions: Float64Array.from([...cube.positions, ...boxMesh([1, 1, 1], [1, 1, 1]).positions]),
      // The second cube's vertex at 1, 1, 1 is the first's.
      triangles: Uint32Array.from([...cube.triangles, ...joinedAt(cube, boxMesh([1, 1, 1], [1, 1, 1]))]),
    },
    faults: ['MESH_NON_MANIFOLD'],
    crossings: 0,
  },
  'three triangles on an edge': {
    mesh: meshOf(
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, -1, 1],
        [0, -1, -1],
      ],
      [
        [0, 1, 2],
        [1, 0, 3],
        [1, 0, 4],
      ],
    ),
    faults: ['MESH_NOT_WATERTIGHT', 'MESH_NON_MANIFOLD'],
    crossings: 0,
  },
  'inside out': { mesh: insideOut(cube), faults: ['MESH_ORIENTATION'], crossings: 0 },
  'one flipped triangle': { mesh: turned(cube, 5), faults: ['MESH_ORIENTATION'], crossings: 0 },
  'not a number': {
    mesh: { positions: Float64Array.from(cube.positions, (v, at) => (at === 4 ? Number.NaN : v)), triangles: cube.triangles },
    faults: ['MESH_INVALID_VERTEX'],
    crossings: 0,
  },
  'two crossing cubes': { mesh: together(cube, boxMesh([1, 1, 1], [0.5, 0.25, 0.375])), faults: [], crossings: 12 },
  empty: { mesh: meshOf([], []), faults: ['MESH_NOT_WATERTIGHT'], crossings: 0 },
  'one triangle': {
    mesh: meshOf(
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
      [[0, 1, 2]],
    ),
    faults: ['MESH_NOT_WATERTIGHT'],
    crossings: 0,
  },
};

/** The second mesh's triangles numbered after the first's vertices, but for vertices that coincide with one of the first. */
function joinedAt(first: Mesh, second: Mesh): number[] {
  const count = first.positions.length / 3;
  return Array.from(second.triangles, (vertex) => {
    for (let n = 0; n < count; n++) {
      if ([0, 1, 2].every((axis) => first.positions[n * 3 + axis] === second.positions[vertex * 3 + axis])) return n;
    }
    return count + vertex;
  });
}
