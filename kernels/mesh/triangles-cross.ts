import { orient2d, orient3d } from './orient.ts';

/** Rounding of a sum of three products, with room to spare, as a part of the sum of their sizes. */
const slack = 2e-15;

/** The two axes on which a triangle with area has area too, as 3 * right + up; -1 where it has none, exactly. */
function facing(p: ArrayLike<number>, a: number, b: number, c: number): number {
  if (orient2d(p, 0, 1, a, b, c) !== 0) return 1;
  if (orient2d(p, 1, 2, a, b, c) !== 0) return 5;
  return orient2d(p, 2, 0, a, b, c) !== 0 ? 6 : -1;
}

/** Whether three vertices span a triangle: not two of them equal, nor all on a line. Exact. */
export const hasArea = (p: ArrayLike<number>, a: number, b: number, c: number): boolean => facing(p, a, b, c) >= 0;

/** Whether the point c, known to be on the line a b, lies between them. */
function between(p: ArrayLike<number>, right: number, up: number, a: number, b: number, c: number): boolean {
  for (const axis of [right, up]) {
    const x = p[c * 3 + axis];
    if (x < Math.min(p[a * 3 + axis], p[b * 3 + axis]) || x > Math.max(p[a * 3 + axis], p[b * 3 + axis])) return false;
  }
  return true;
}

/** Whether the closed segments a b and c d of one plane have a point in common. */
function segmentsMeet(p: ArrayLike<number>, right: number, up: number, a: number, b: number, c: number, d: number): boolean {
  const ofC = orient2d(p, right, up, a, b, c);
  const ofD = orient2d(p, right, up, a, b, d);
  const ofA = orient2d(p, right, up, c, d, a);
  const ofB = orient2d(p, right, up, c, d, b);
  if (((ofC > 0 && ofD < 0) || (ofC < 0 && ofD > 0)) && ((ofA > 0 && ofB < 0) || (ofA < 0 && ofB > 0))) return true;
  return (
    (ofC === 0 && between(p, right, up, a, b, c)) ||
    (ofD === 0 && between(p, right, up, a, b, d)) ||
    (ofA === 0 && between(p, right, up, c, d, a)) ||
    (ofB === 0 && between(p, right, up, c, d, b))
  );
}

/** Whether the closed segment q r and the closed triangle a b c have a point in common. Exact; the triangle has area. */
function segmentMeets(p: ArrayLike<number>, q: number, r: number, a: number, b: number, c: number): boolean {
  const ofQ = orient3d(p, a, b, c, q);
  const ofR = orient3d(p, a, b, c, r);
  if ((ofQ > 0 && ofR > 0) || (ofQ < 0 && ofR < 0)) return false;
  if (ofQ === 0 && ofR === 0) {
    const axes = facing(p, a, b, c);
    const right = Math.floor(axes / 3);
    const up = axes % 3;
    const ab = orient2d(p, right, up, a, b, q);
    const bc = orient2d(p, right, up, b, c, q);
    const ca = orient2d(p, right, up, c, a, q);
    if ((ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0)) return true;
    return segmentsMeet(p, right, up, a, b, q, r) || segmentsMeet(p, right, up, b, c, q, r) || segmentsMeet(p, right, up, c, a, q, r);
  }
  const ab = orient3d(p, q, r, a, b);
  const bc = orient3d(p, q, r, b, c);
  const ca = orient3d(p, q, r, c, a);
  return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
}

/** True where all of d, e, f lie strictly on one side of the plane a b c, by more than rounding; false says nothing. */
function aside(p: ArrayLike<number>, a: number, b: number, c: number, d: number, e: number, f: number): boolean {
  const ax = p[a * 3];
  const ay = p[a * 3 + 1];
  const az = p[a * 3 + 2];
  const ux = p[b * 3] - ax;
  const uy = p[b * 3 + 1] - ay;
  const uz = p[b * 3 + 2] - az;
  const vx = p[c * 3] - ax;
  const vy = p[c * 3 + 1] - ay;
  const vz = p[c * 3 + 2] - az;
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const sx = Math.abs(uy * vz) + Math.abs(uz * vy);
  const sy = Math.abs(uz * vx) + Math.abs(ux * vz);
  const sz = Math.abs(ux * vy) + Math.abs(uy * vx);
  let above = 0;
  for (let n = 0; n < 3; n++) {
    const at = (n === 0 ? d : n === 1 ? e : f) * 3;
    const wx = p[at] - ax;
    const wy = p[at + 1] - ay;
    const wz = p[at + 2] - az;
    const side = nx * wx + ny * wy + nz * wz;
    const error = slack * (sx * Math.abs(wx) + sy * Math.abs(wy) + sz * Math.abs(wz));
    if (side > error) above++;
    else if (!(side < -error)) return false;
  }
  return above === 0 || above === 3;
}

/** True where v + m's half-space holds a strictly, by more than rounding. */
function ahead(p: ArrayLike<number>, v: number, a: number, mx: number, my: number, mz: number): boolean {
  const x = mx * (p[a * 3] - p[v * 3]);
  const y = my * (p[a * 3 + 1] - p[v * 3 + 1]);
  const z = mz * (p[a * 3 + 2] - p[v * 3 + 2]);
  return x + y + z > slack * (Math.abs(x) + Math.abs(y) + Math.abs(z));
}

/**
 * Triangles v a b and v c d: whether they meet anywhere but in v. Where they do, they do so on a b or on c d too: the common points are
 * convex and hold v, and the last of them on a ray from v is where that ray leaves one of the two.
 */
function crossBeyondVertex(p: ArrayLike<number>, v: number, a: number, b: number, c: number, d: number): boolean {
  // Two of one fan nearly always lie on either side of the plane through v that is square to the line between their middles.
  const mx = p[a * 3] + p[b * 3] - p[c * 3] - p[d * 3];
  const my = p[a * 3 + 1] + p[b * 3 + 1] - p[c * 3 + 1] - p[d * 3 + 1];
  const mz = p[a * 3 + 2] + p[b * 3 + 2] - p[c * 3 + 2] - p[d * 3 + 2];
  if (ahead(p, v, a, mx, my, mz) && ahead(p, v, b, mx, my, mz) && ahead(p, v, c, -mx, -my, -mz) && ahead(p, v, d, -mx, -my, -mz))
    return false;
  if (aside(p, v, a, b, c, d, d) || aside(p, v, c, d, a, b, b)) return false;
  return segmentMeets(p, a, b, v, c, d) || segmentMeets(p, c, d, v, a, b);
}

/** Triangles a b c and a b d: whether one lies on the other, folded about their edge. */
function folded(p: ArrayLike<number>, a: number, b: number, c: number, d: number): boolean {
  const ex = p[b * 3] - p[a * 3];
  const ey = p[b * 3 + 1] - p[a * 3 + 1];
  const ez = p[b * 3 + 2] - p[a * 3 + 2];
  const cx = p[c * 3] - p[a * 3];
  const cy = p[c * 3 + 1] - p[a * 3 + 1];
  const cz = p[c * 3 + 2] - p[a * 3 + 2];
  const dx = p[d * 3] - p[a * 3];
  const dy = p[d * 3 + 1] - p[a * 3 + 1];
  const dz = p[d * 3 + 2] - p[a * 3 + 2];
  const dot =
    (ey * cz - ez * cy) * (ey * dz - ez * dy) + (ez * cx - ex * cz) * (ez * dx - ex * dz) + (ex * cy - ey * cx) * (ex * dy - ey * dx);
  const edge = Math.abs(ex) + Math.abs(ey) + Math.abs(ez);
  const sizes = (Math.abs(cx) + Math.abs(cy) + Math.abs(cz)) * (Math.abs(dx) + Math.abs(dy) + Math.abs(dz));
  if (dot < -8 * slack * edge * edge * sizes) return false;
  if (orient3d(p, a, b, c, d) !== 0) return false;
  const axes = facing(p, a, b, c);
  const right = Math.floor(axes / 3);
  const ofC = orient2d(p, right, axes % 3, a, b, c);
  const ofD = orient2d(p, right, axes % 3, a, b, d);
  return (ofC > 0 && ofD > 0) || (ofC < 0 && ofD < 0);
}

/** True where the plane halfway between the middles of two triangles, square to the line between them, parts them by more than rounding. */
function parted(p: ArrayLike<number>, a: number, b: number, c: number, d: number, e: number, f: number): boolean {
  const x = p[a * 3];
  const y = p[a * 3 + 1];
  const z = p[a * 3 + 2];
  const bx = p[b * 3] - x;
  const by = p[b * 3 + 1] - y;
  const bz = p[b * 3 + 2] - z;
  const cx = p[c * 3] - x;
  const cy = p[c * 3 + 1] - y;
  const cz = p[c * 3 + 2] - z;
  const dx = p[d * 3] - x;
  const dy = p[d * 3 + 1] - y;
  const dz = p[d * 3 + 2] - z;
  const ex = p[e * 3] - x;
  const ey = p[e * 3 + 1] - y;
  const ez = p[e * 3 + 2] - z;
  const fx = p[f * 3] - x;
  const fy = p[f * 3 + 1] - y;
  const fz = p[f * 3 + 2] - z;
  const mx = dx + ex + fx - bx - cx;
  const my = dy + ey + fy - by - cy;
  const mz = dz + ez + fz - bz - cz;
  const near = Math.max(0, mx * bx + my * by + mz * bz, mx * cx + my * cy + mz * cz);
  const far = Math.min(mx * dx + my * dy + mz * dz, mx * ex + my * ey + mz * ez, mx * fx + my * fy + mz * fz);
  const reach = Math.max(
    Math.abs(bx) + Math.abs(by) + Math.abs(bz),
    Math.abs(cx) + Math.abs(cy) + Math.abs(cz),
    Math.abs(dx) + Math.abs(dy) + Math.abs(dz),
    Math.abs(ex) + Math.abs(ey) + Math.abs(ez),
    Math.abs(fx) + Math.abs(fy) + Math.abs(fz),
  );
  return far - near > 2 * slack * reach * Math.max(Math.abs(mx), Math.abs(my), Math.abs(mz));
}

function crossApart(p: ArrayLike<number>, a: number, b: number, c: number, d: number, e: number, f: number): boolean {
  if (parted(p, a, b, c, d, e, f)) return false;
  if (aside(p, a, b, c, d, e, f) || aside(p, d, e, f, a, b, c)) return false;
  return (
    segmentMeets(p, a, b, d, e, f) ||
    segmentMeets(p, b, c, d, e, f) ||
    segmentMeets(p, c, a, d, e, f) ||
    segmentMeets(p, d, e, a, b, c) ||
    segmentMeets(p, e, f, a, b, c) ||
    segmentMeets(p, f, d, a, b, c)
  );
}

/**
 * Whether triangles a b c and d e f have a point in common beyond the vertices and the edge that they share by number: crossing, touching
 * and lying on one another. Exact. Both have area; vertices with equal coordinates have equal numbers. `p` x, y, z a vertex.
 */
export function trianglesCross(p: ArrayLike<number>, a: number, b: number, c: number, d: number, e: number, f: number): boolean {
  const inA = a === d || a === e || a === f;
  const inB = b === d || b === e || b === f;
  const inC = c === d || c === e || c === f;
  if (!inA && !inB && !inC) return crossApart(p, a, b, c, d, e, f);
  if (inA && inB && inC) return true;
  if ((inA && inB) || (inB && inC) || (inC && inA)) {
    const from = inA && inB ? a : inB && inC ? b : c;
    const to = from === a ? b : from === b ? c : a;
    const apex = from === a ? c : from === b ? a : b;
    const other = d !== from && d !== to ? d : e !== from && e !== to ? e : f;
    return folded(p, from, to, apex, other);
  }
  const v = inA ? a : inB ? b : c;
  const q = inA ? b : inB ? c : a;
  const r = inA ? c : inB ? a : b;
  return crossBeyondVertex(p, v, q, r, v === d ? e : d, v === f ? e : f);
}
