/** Signed distances in mm, negative inside, from which the phantom's solids are put together. Exact or nearly so near the surface. */
export type Distance = (x: number, y: number, z: number) => number;

/** A box in mm: x from, x to, y from, y to, z from, z to. */
export type Box = [number, number, number, number, number, number];

/** A shape and the box that holds it with room to spare. */
export interface Shape {
  box: Box;
  distance: Distance;
}

const room = 8;

/** Math.hypot guards against overflow, at ten times the price. */
const length = (x: number, y: number, z: number): number => Math.sqrt(x * x + y * y + z * z);
export type Point = readonly [number, number, number];

/**
 * Superellipsoid |x/a|^p + |y/b|^p + |z/c|^p <= 1; p = 2 is the ellipsoid. First-order distance (value over slope).
 * Only three exponents, since they need no general power but one.
 */
export function superellipsoid([cx, cy, cz]: Point, [a, b, c]: Point, p: 2 | 2.5 | 4 = 2): Shape {
  const least = Math.min(a, b, c);
  const distance: Distance = (x, y, z) => {
    const u = Math.abs(x - cx) / a;
    const v = Math.abs(y - cy) / b;
    const w = Math.abs(z - cz) / c;
    let r: number;
    let slope: number;
    if (p === 2) {
      r = Math.sqrt(u * u + v * v + w * w);
      if (r < 0.2) return (r - 1) * least;
      slope = length(u / a, v / b, w / c) / r;
    } else {
      const up = p === 4 ? u * u * u : u * Math.sqrt(u);
      const vp = p === 4 ? v * v * v : v * Math.sqrt(v);
      const wp = p === 4 ? w * w * w : w * Math.sqrt(w);
      const sum = up * u + vp * v + wp * w;
      r = p === 4 ? Math.sqrt(Math.sqrt(sum)) : sum ** 0.4;
      if (r < 0.2) return (r - 1) * least;
      slope = (length(up / a, vp / b, wp / c) * r) / sum;
    }
    return (r - 1) / slope;
  };
  return { box: [cx - a - room, cx + a + room, cy - b - room, cy + b + room, cz - c - room, cz + c + room], distance };
}

/** A dome: superellipse of exponent 2.5 seen from above, ellipse seen from the side. First-order distance. */
export function dome([cx, cy, cz]: Point, [a, b, c]: Point): Distance {
  const least = Math.min(a, b, c);
  return (x, y, z) => {
    const u = Math.abs(x - cx) / a;
    const v = Math.abs(y - cy) / b;
    const w = (z - cz) / c;
    const up = u * Math.sqrt(u);
    const vp = v * Math.sqrt(v);
    const sum = up * u + vp * v;
    const flat = sum ** 0.4;
    const r = Math.sqrt(flat * flat + w * w);
    if (r < 0.2) return (r - 1) * least;
    const turn = sum > 0 ? (flat * flat) / sum : 0;
    return ((r - 1) * r) / length((turn * up) / a, (turn * vp) / b, w / c);
  };
}

export const ball = (centre: Point, radius: number): Shape => superellipsoid(centre, [radius, radius, radius]);

/** A rod with round ends whose radius runs from `ra` at `a` to `rb` at `b`. */
export function rod([ax, ay, az]: Point, [bx, by, bz]: Point, ra: number, rb = ra): Shape {
  const dx = bx - ax;
  const dy = by - ay;
  const dz = bz - az;
  const square = dx * dx + dy * dy + dz * dz || 1;
  const distance: Distance = (x, y, z) => {
    const px = x - ax;
    const py = y - ay;
    const pz = z - az;
    const t = Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / square));
    const qx = px - t * dx;
    const qy = py - t * dy;
    const qz = pz - t * dz;
    return Math.sqrt(qx * qx + qy * qy + qz * qz) - ra - t * (rb - ra);
  };
  const r = Math.max(ra, rb) + room;
  return {
    box: [
      Math.min(ax, bx) - r,
      Math.max(ax, bx) + r,
      Math.min(ay, by) - r,
      Math.max(ay, by) + r,
      Math.min(az, bz) - r,
      Math.max(az, bz) + r,
    ],
    distance,
  };
}

/** A chain of rods through points. */
export function chain(points: Point[], radius: number): Shape[] {
  return points.slice(1).map((point, n) => rod(points[n], point, radius));
}

/** A plate spanned by two lines a-b and c-d, as a fan of rods. */
export function plate(a: Point, b: Point, c: Point, d: Point, radius: number, rods = 5): Shape[] {
  const mix = (p: Point, q: Point, t: number): Point => [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])];
  return Array.from({ length: rods }, (_, n) => rod(mix(a, c, n / (rods - 1)), mix(b, d, n / (rods - 1)), radius));
}

/** A box with rounded edges. */
export function block([cx, cy, cz]: Point, [a, b, c]: Point, round: number): Shape {
  const distance: Distance = (x, y, z) => {
    const u = Math.abs(x - cx) - a + round;
    const v = Math.abs(y - cy) - b + round;
    const w = Math.abs(z - cz) - c + round;
    const outside = length(Math.max(u, 0), Math.max(v, 0), Math.max(w, 0));
    return outside + Math.min(0, Math.max(u, v, w)) - round;
  };
  return { box: [cx - a - room, cx + a + room, cy - b - room, cy + b + room, cz - c - room, cz + c + room], distance };
}

/** Union with a fillet of about `k` mm (polynomial smooth minimum). */
export function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(0, k - Math.abs(a - b)) / k;
  return Math.min(a, b) - h * h * k * 0.25;
}

export const mirrorX = ({ box, distance }: Shape): Shape => ({
  box: [-box[1], -box[0], box[2], box[3], box[4], box[5]],
  distance: (x, y, z) => distance(-x, y, z),
});
