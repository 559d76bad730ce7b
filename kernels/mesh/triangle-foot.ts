/**
 * The foot of a point on a triangle. Asked and answered through one array of six numbers, since numbers that pass between functions that
 * are too long to be joined are put on the heap: x, y, z of the point go in, s and r of the foot a + s (b - a) + r (c - a) come out, then
 * the squared distance.
 */
export type Foot = Float64Array;
export const newFoot = (): Foot => new Float64Array(6);
export const footS = 3;
export const footR = 4;
export const footSquared = 5;

function alongSegment(x: number, y: number, z: number, ux: number, uy: number, uz: number): number {
  const uu = ux * ux + uy * uy + uz * uz;
  return uu > 0 ? Math.max(0, Math.min(1, (x * ux + y * uy + z * uz) / uu)) : 0;
}

/** A triangle this flat is its sides: the regions of its plane would be told apart by rounding alone. */
function footOnSides(c: Float64Array, at: number, foot: Foot): void {
  const ax = foot[0] - c[at];
  const ay = foot[1] - c[at + 1];
  const az = foot[2] - c[at + 2];
  const ux = c[at + 3] - c[at];
  const uy = c[at + 4] - c[at + 1];
  const uz = c[at + 5] - c[at + 2];
  const vx = c[at + 6] - c[at];
  const vy = c[at + 7] - c[at + 1];
  const vz = c[at + 8] - c[at + 2];
  const ab = alongSegment(ax, ay, az, ux, uy, uz);
  const ac = alongSegment(ax, ay, az, vx, vy, vz);
  const bc = alongSegment(ax - ux, ay - uy, az - uz, vx - ux, vy - uy, vz - uz);
  foot[footSquared] = Infinity;
  for (const [s, r] of [
    [ab, 0],
    [0, ac],
    [1 - bc, bc],
  ]) {
    const squared = (ax - s * ux - r * vx) ** 2 + (ay - s * uy - r * vy) ** 2 + (az - s * uz - r * vz) ** 2;
    if (squared >= foot[footSquared]) continue;
    foot[footS] = s;
    foot[footR] = r;
    foot[footSquared] = squared;
  }
}

/** Puts into `foot` the nearest point of the triangle at c[at..at+9), by the region of its plane that the point lies over (Ericson 2005, 5.1.5). */
export function findFoot(c: Float64Array, at: number, foot: Foot): void {
  const ax = foot[0] - c[at];
  const ay = foot[1] - c[at + 1];
  const az = foot[2] - c[at + 2];
  const ux = c[at + 3] - c[at];
  const uy = c[at + 4] - c[at + 1];
  const uz = c[at + 5] - c[at + 2];
  const vx = c[at + 6] - c[at];
  const vy = c[at + 7] - c[at + 1];
  const vz = c[at + 8] - c[at + 2];
  const uu = ux * ux + uy * uy + uz * uz;
  const uv = ux * vx + uy * vy + uz * vz;
  const vv = vx * vx + vy * vy + vz * vz;
  if (uu * vv - uv * uv <= 1e-12 * uu * vv) {
    footOnSides(c, at, foot);
    return;
  }
  const d1 = ux * ax + uy * ay + uz * az;
  const d2 = vx * ax + vy * ay + vz * az;
  let s = 0;
  let r = 0;
  const d3 = d1 - uu;
  const d4 = d2 - uv;
  const d5 = d1 - uv;
  const d6 = d2 - vv;
  const va = d3 * d6 - d5 * d4;
  const vb = d5 * d2 - d1 * d6;
  const vc = d1 * d4 - d3 * d2;
  if (d1 <= 0 && d2 <= 0) {
    // corner a
  } else if (d3 >= 0 && d4 <= d3) s = 1;
  else if (d6 >= 0 && d5 <= d6) r = 1;
  else if (vc <= 0 && d1 >= 0 && d3 <= 0) s = d1 / (d1 - d3);
  else if (vb <= 0 && d2 >= 0 && d6 <= 0) r = d2 / (d2 - d6);
  else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    r = (d4 - d3) / (d4 - d3 + (d5 - d6));
    s = 1 - r;
  } else {
    const whole = va + vb + vc;
    s = vb / whole;
    r = vc / whole;
  }
  foot[footS] = s;
  foot[footR] = r;
  const ex = ax - s * ux - r * vx;
  const ey = ay - s * uy - r * vy;
  const ez = az - s * uz - r * vz;
  foot[footSquared] = ex * ex + ey * ey + ez * ez;
}
