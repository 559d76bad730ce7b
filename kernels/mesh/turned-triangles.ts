export interface TurnedInput {
  positions: Float32Array;
  triangles: Uint32Array;
  normals: Float32Array;
  moved: Float32Array;
  /** Corners of whole triangles. */
  from: number;
  to: number;
}

/**
 * True where moving from `p` to `q` turns the triangle at corner `at` inside out: its new face points against the sum of its face at the
 * start and of its corners' smoothed normals (unit length), and does not clearly point along these. The face at the start alone will not do, since the risers of a mask's steps
 * lie down.
 */
export function isTurned(p: Float32Array, triangles: Uint32Array, n: Float32Array, q: Float32Array, at: number): boolean {
  const a = triangles[at] * 3;
  const b = triangles[at + 1] * 3;
  const c = triangles[at + 2] * 3;
  const ux = q[b] - q[a];
  const uy = q[b + 1] - q[a + 1];
  const uz = q[b + 2] - q[a + 2];
  const vx = q[c] - q[a];
  const vy = q[c + 1] - q[a + 1];
  const vz = q[c + 2] - q[a + 2];
  const x = uy * vz - uz * vy;
  const y = uz * vx - ux * vz;
  const z = ux * vy - uy * vx;
  const along = x * (n[a] + n[b] + n[c]) + y * (n[a + 1] + n[b + 1] + n[c + 1]) + z * (n[a + 2] + n[b + 2] + n[c + 2]);
  // What faces along its corners' normals is right, whatever it was; so are most.
  if (along > 0 && along * along > 0.8 * (x * x + y * y + z * z)) return false;
  const ox = p[b] - p[a];
  const oy = p[b + 1] - p[a + 1];
  const oz = p[b + 2] - p[a + 2];
  const wx = p[c] - p[a];
  const wy = p[c + 1] - p[a + 1];
  const wz = p[c + 2] - p[a + 2];
  const fx = oy * wz - oz * wy;
  const fy = oz * wx - ox * wz;
  const fz = ox * wy - oy * wx;
  const face = Math.sqrt(fx * fx + fy * fy + fz * fz);
  return face > 0 && !(3 * (x * fx + y * fy + z * fz) + along * face > 0);
}

/** First corners of the triangles in a stretch that are turned inside out. */
export function turnedPart({ positions, triangles, normals, moved, from, to }: TurnedInput): number[] {
  const turned: number[] = [];
  for (let at = from; at < to; at += 3) if (isTurned(positions, triangles, normals, moved, at)) turned.push(at);
  return turned;
}
