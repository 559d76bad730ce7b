import { type HalfEdges, nextOf, previousOf } from './half-edges.ts';
import { perVertex } from './quadric.ts';

/** Stars with a longer border are left alone. */
export const longestBorder = 48;
/** Where the old star can be seen whole along its mean normal, new triangles lean at most this far from it, as a cosine. */
const leastCosine = 0.2;
/** Elsewhere a new triangle turns at most this far from the old one at the same border edge. */
const leastTurnCosine = 0.5;
/** A triangle's height over its longest edge, as a part of that edge: flatter ones are not made. */
const flattest = 1e-3;

/**
 * The star of an edge (u, v) and the star of the point w that would replace both: the same border, and each of its edges a to b is in one
 * old triangle (with u or with v; two more lie at the edge itself) and in one new one (with w).
 *
 * How far the patches are apart is looked at along the mean normal n. Where every triangle of both faces along n and the border winds
 * once around w, each patch is a height field over the same plane region. The difference of the two heights is linear on every piece of
 * the overlay of both triangulations, so on each new triangle it is greatest at a corner of the overlay there: at u, v or w, or where an old
 * inner edge crosses a new one. That bounds the distance of every point of either patch from the other, along a one-to-one map, and so
 * does the largest bound of the old triangles that a new one overlaps, added to it: the bound of the new triangle against the input.
 *
 * Where that view is barred (a fold, the rim of a thin plate), drawing u and v to w moves no point further than u or v go.
 */
export class CollapsePatch {
  /** Edges of the border, counter-clockwise. The first `ofU` are opposite u, the others opposite v. */
  size = 0;
  ofU = 0;
  /** Vertices of the border, edge n running from n to n + 1; at 0 and at `ofU` those opposite the edge (u, v). */
  readonly ring = new Int32Array(longestBorder);
  /** Half-edges that run from u or v to the start of edge n. */
  readonly spokes = new Int32Array(longestBorder);
  /** Bound of each new triangle against the input's surface, mm; valid after `measure`. */
  readonly bounds = new Float64Array(longestBorder);
  // Border vertices relative to w, normals of the new triangles, and the border flattened: x, y in the plane and h along n.
  private readonly x = new Float64Array(longestBorder);
  private readonly y = new Float64Array(longestBorder);
  private readonly z = new Float64Array(longestBorder);
  private readonly nx = new Float64Array(longestBorder);
  private readonly ny = new Float64Array(longestBorder);
  private readonly nz = new Float64Array(longestBorder);
  private readonly fx = new Float64Array(longestBorder + 1);
  private readonly fy = new Float64Array(longestBorder + 1);
  private readonly fh = new Float64Array(longestBorder + 1);
  // Products of u and of v with the border: turning from the one to the other, seen from w.
  private readonly crossU = new Float64Array(longestBorder + 1);
  private readonly crossV = new Float64Array(longestBorder + 1);
  /** u and v relative to w, and the mean normal. */
  private readonly ends = new Float64Array(9);
  private readonly apart = new Float64Array(longestBorder);

  /**
   * Collects the star of half-edge h, which runs from u to v, neither locked. False where drawing it together would not leave a closed
   * manifold of the same genus (link condition: u and v have just the two vertices opposite the edge in common, and it is no tetrahedron).
   */
  gather(half: HalfEdges, h: number): boolean {
    const { corners, twins } = half;
    const { ring, spokes } = this;
    const back = twins[h];
    let size = 0;
    for (let g = twins[previousOf(h)], end = nextOf(back); g !== end; g = twins[previousOf(g)]) {
      if (size === longestBorder) return false;
      spokes[size] = g;
      ring[size++] = corners[nextOf(g)];
    }
    this.ofU = size;
    for (let g = twins[previousOf(back)], end = nextOf(h); g !== end; g = twins[previousOf(g)]) {
      if (size === longestBorder) return false;
      spokes[size] = g;
      ring[size++] = corners[nextOf(g)];
    }
    this.size = size;
    const { ofU } = this;
    if (size < 3 || ofU === 0 || ofU === size || ring[0] === ring[ofU]) return false;
    for (let n = 1; n < ofU; n++) for (let m = ofU + 1; m < size; m++) if (ring[n] === ring[m]) return false;
    return true;
  }

  /** Whether the border's vertices are all among [from, to). */
  within(from: number, to: number): boolean {
    for (let n = 0; n < this.size; n++) if (this.ring[n] < from || this.ring[n] >= to) return false;
    return true;
  }

  /**
   * Measures the collapse of the gathered star of (u, v) into `w` and fills `bounds`; returns the largest. Infinity where a triangle would
   * turn over, lose its area, or take on a bound above `limitMm`. Lengths in mm. O(border edges squared).
   */
  measure(half: HalfEdges, h: number, w: Float64Array, limitMm: number): number {
    const { positions: p, corners } = half;
    const { size, ofU, ring, x, y, z } = this;
    const u = corners[h] * perVertex;
    const v = corners[nextOf(h)] * perVertex;
    for (let n = 0; n < size; n++) {
      const at = ring[n] * perVertex;
      x[n] = p[at] - w[0];
      y[n] = p[at + 1] - w[1];
      z[n] = p[at + 2] - w[2];
    }
    const ux = p[u] - w[0];
    const uy = p[u + 1] - w[1];
    const uz = p[u + 2] - w[2];
    const vx = p[v] - w[0];
    const vy = p[v + 1] - w[1];
    const vz = p[v + 2] - w[2];
    const { nx, ny, nz } = this;
    let mx = 0;
    let my = 0;
    let mz = 0;
    for (let n = 0; n < size; n++) {
      const m = n + 1 === size ? 0 : n + 1;
      const cx = y[n] * z[m] - z[n] * y[m];
      const cy = z[n] * x[m] - x[n] * z[m];
      const cz = x[n] * y[m] - y[n] * x[m];
      const dx = x[m] - x[n];
      const dy = y[m] - y[n];
      const dz = z[m] - z[n];
      const longest = Math.max(
        x[n] * x[n] + y[n] * y[n] + z[n] * z[n],
        x[m] * x[m] + y[m] * y[m] + z[m] * z[m],
        dx * dx + dy * dy + dz * dz,
      );
      if (!(cx * cx + cy * cy + cz * cz > flattest * flattest * longest * longest)) return Infinity;
      nx[n] = cx;
      ny[n] = cy;
      nz[n] = cz;
      // The sum over a closed border is the same for every patch that has it: the mean normal of both stars.
      mx += cx;
      my += cy;
      mz += cz;
    }
    const squared = mx * mx + my * my + mz * mz;
    let open = squared > 0;
    for (let n = 0; n < size && open; n++) {
      const m = n + 1 === size ? 0 : n + 1;
      const dot = nx[n] * mx + ny[n] * my + nz[n] * mz;
      if (!(dot > 0 && dot * dot > leastCosine * leastCosine * squared * (nx[n] * nx[n] + ny[n] * ny[n] + nz[n] * nz[n]))) open = false;
      else if (n < ofU) open = faces(x[n] - ux, y[n] - uy, z[n] - uz, x[m] - ux, y[m] - uy, z[m] - uz, mx, my, mz);
      else open = faces(x[n] - vx, y[n] - vy, z[n] - vz, x[m] - vx, y[m] - vy, z[m] - vz, mx, my, mz);
    }
    open &&=
      faces(vx - ux, vy - uy, vz - uz, x[0] - ux, y[0] - uy, z[0] - uz, mx, my, mz) &&
      faces(ux - vx, uy - vy, uz - vz, x[ofU] - vx, y[ofU] - vy, z[ofU] - vz, mx, my, mz);
    const { ends } = this;
    ends[0] = ux;
    ends[1] = uy;
    ends[2] = uz;
    ends[3] = vx;
    ends[4] = vy;
    ends[5] = vz;
    ends[6] = mx;
    ends[7] = my;
    ends[8] = mz;
    return open ? this.measureAlong(half, h, limitMm) : this.measureFold(half, h, limitMm);
  }

  /** The largest bound in the old star. */
  private worst({ bounds }: HalfEdges, h: number, back: number): number {
    let worst = Math.max(bounds[h | 3], bounds[back | 3]);
    for (let n = 0; n < this.size; n++) {
      const bound = bounds[this.spokes[n] | 3];
      if (bound > worst) worst = bound;
    }
    return worst;
  }

  private measureFold(half: HalfEdges, h: number, limitMm: number): number {
    const { size, ofU, x, y, z, nx, ny, nz } = this;
    const [ux, uy, uz, vx, vy, vz] = this.ends;
    const moved = Math.sqrt(Math.max(ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz));
    const bound = Math.fround((this.worst(half, h, half.twins[h]) + moved) * (1 + 1e-6));
    if (!(bound <= limitMm)) return Infinity;
    for (let n = 0; n < size; n++) {
      const m = n + 1 === size ? 0 : n + 1;
      const ox = n < ofU ? ux : vx;
      const oy = n < ofU ? uy : vy;
      const oz = n < ofU ? uz : vz;
      const ax = x[n] - ox;
      const ay = y[n] - oy;
      const az = z[n] - oz;
      const bx = x[m] - ox;
      const by = y[m] - oy;
      const bz = z[m] - oz;
      const cx = ay * bz - az * by;
      const cy = az * bx - ax * bz;
      const cz = ax * by - ay * bx;
      const dot = cx * nx[n] + cy * ny[n] + cz * nz[n];
      const both = (cx * cx + cy * cy + cz * cz) * (nx[n] * nx[n] + ny[n] * ny[n] + nz[n] * nz[n]);
      if (!(dot > 0 && dot * dot > leastTurnCosine * leastTurnCosine * both)) return Infinity;
      this.bounds[n] = bound;
    }
    return bound;
  }

  private measureAlong(half: HalfEdges, h: number, limitMm: number): number {
    const { size, ofU, x, y, z, fx, fy, fh, spokes, bounds, apart, crossU, crossV, ends } = this;
    const old = half.bounds;
    const scale = 1 / Math.sqrt(ends[6] * ends[6] + ends[7] * ends[7] + ends[8] * ends[8]);
    const nx = ends[6] * scale;
    const ny = ends[7] * scale;
    const nz = ends[8] * scale;
    // Two axes square to n: the first is the coordinate axis that is least along it, made square.
    let ex = 0;
    let ey = 0;
    let ez = 0;
    if (Math.abs(nx) <= Math.abs(ny) && Math.abs(nx) <= Math.abs(nz)) ex = 1;
    else if (Math.abs(ny) <= Math.abs(nz)) ey = 1;
    else ez = 1;
    const along = ex * nx + ey * ny + ez * nz;
    ex -= along * nx;
    ey -= along * ny;
    ez -= along * nz;
    const unit = 1 / Math.sqrt(ex * ex + ey * ey + ez * ez);
    ex *= unit;
    ey *= unit;
    ez *= unit;
    const gx = ny * ez - nz * ey;
    const gy = nz * ex - nx * ez;
    const gz = nx * ey - ny * ex;
    const u0 = ends[0] * ex + ends[1] * ey + ends[2] * ez;
    const u1 = ends[0] * gx + ends[1] * gy + ends[2] * gz;
    const uh = ends[0] * nx + ends[1] * ny + ends[2] * nz;
    const v0 = ends[3] * ex + ends[4] * ey + ends[5] * ez;
    const v1 = ends[3] * gx + ends[4] * gy + ends[5] * gz;
    const vh = ends[3] * nx + ends[4] * ny + ends[5] * nz;
    // The border, u and v in that frame, w being its origin.
    for (let n = 0; n < size; n++) {
      const a = x[n] * ex + y[n] * ey + z[n] * ez;
      const b = x[n] * gx + y[n] * gy + z[n] * gz;
      fx[n] = a;
      fy[n] = b;
      fh[n] = x[n] * nx + y[n] * ny + z[n] * nz;
      crossU[n] = u0 * b - u1 * a;
      crossV[n] = v0 * b - v1 * a;
    }
    // The first point again behind the last.
    fx[size] = fx[0];
    fy[size] = fy[0];
    fh[size] = fh[0];
    crossU[size] = crossU[0];
    crossV[size] = crossV[0];
    let windings = 0;
    let overU = 0;
    let overV = 0;
    let bestU = -Infinity;
    let bestV = -Infinity;
    // Height of the old star over w: of the triangle that holds w, or misses it by least where rounding says that none does.
    let bestW = -Infinity;
    let atW = 0;
    for (let n = 0; n < size; n++) {
      // All turns are counter-clockwise, so each pass over the ray of growing x is one winding.
      if (fy[n] < 0 && fy[n + 1] >= 0) windings++;
      const insideU = Math.min(-crossU[n], crossU[n + 1]);
      if (insideU > bestU) {
        bestU = insideU;
        overU = n;
      }
      const insideV = Math.min(-crossV[n], crossV[n + 1]);
      if (insideV > bestV) {
        bestV = insideV;
        overV = n;
      }
      // Twice the areas of the triangles that the origin makes with the sides of the old triangle.
      const s = fx[n] * fy[n + 1] - fy[n] * fx[n + 1];
      const r = n < ofU ? -crossU[n + 1] : -crossV[n + 1];
      const t = n < ofU ? crossU[n] : crossV[n];
      const area = s + r + t;
      const least = Math.min(r, t) / area;
      if (least > bestW) {
        bestW = least;
        atW = (s * (n < ofU ? uh : vh) + r * fh[n] + t * fh[n + 1]) / area;
      }
    }
    if (windings !== 1) return Infinity;
    const uv = u0 * v1 - u1 * v0;
    const overFirst = uv + crossV[0] - crossU[0];
    const leastFirst = Math.min(uv, crossV[0], -crossU[0]) / overFirst;
    if (leastFirst > bestW) {
      bestW = leastFirst;
      atW = (uv * fh[0] + crossV[0] * uh - crossU[0] * vh) / overFirst;
    }
    const overSecond = crossU[ofU] - uv - crossV[ofU];
    const leastSecond = Math.min(-uv, crossU[ofU], -crossV[ofU]) / overSecond;
    if (leastSecond > bestW) atW = (-uv * fh[ofU] + crossU[ofU] * vh - crossV[ofU] * uh) / overSecond;
    atW = Math.abs(atW);
    for (let n = 0; n < size; n++) {
      apart[n] = atW;
      const bound = old[spokes[n] | 3];
      bounds[n] = bound;
      // Every new triangle has w, and meets the old one at its border edge.
      if (bound + atW > limitMm) return Infinity;
    }
    // u and v over the new star; the triangle that holds one meets every old triangle around it.
    let m = overU + 1;
    const areaU = fx[overU] * fy[m] - fy[overU] * fx[m];
    const atU = Math.abs((crossU[m] * fh[overU] - crossU[overU] * fh[m]) / areaU - uh);
    if (atU > apart[overU]) apart[overU] = atU;
    m = overV + 1;
    const areaV = fx[overV] * fy[m] - fy[overV] * fx[m];
    const atV = Math.abs((crossV[m] * fh[overV] - crossV[overV] * fh[m]) / areaV - vh);
    if (atV > apart[overV]) apart[overV] = atV;
    const first = old[h | 3];
    const second = old[half.twins[h] | 3];
    const mostOfEdge = Math.max(first, second);
    let mostU = mostOfEdge;
    let mostV = mostOfEdge;
    for (let n = 0; n < size; n++) {
      const bound = old[spokes[n] | 3];
      if (n < ofU && bound > mostU) mostU = bound;
      if (n >= ofU && bound > mostV) mostV = bound;
    }
    for (let n = 0; n < size; n++) {
      // On a new edge, or at w, it may meet any.
      if (mostU > bounds[n] && (n === overU || !(bestU > 0))) bounds[n] = mostU;
      if (mostV > bounds[n] && (n === overV || !(bestV > 0))) bounds[n] = mostV;
    }
    // Old inner edges against new ones: u to ring[0..ofU], v to ring[ofU..size - 1] and ring[0], and u to v. The new ones run from w to the
    // border in their order around it, so an old one crosses those between where it starts and where it ends, on the side that it passes w.
    for (let edge = 0; edge < size + 3; edge++) {
      const between = edge === size + 2;
      const fromU = edge <= ofU || between;
      const end = edge <= ofU ? edge : edge === size + 1 ? 0 : edge - 1;
      const over = fromU ? overU : overV;
      // The new edges before and behind which it ends.
      const low = between ? overV : end === 0 ? size - 1 : end - 1;
      const high = between ? overV : end;
      if (over === low || over === high) continue;
      const px = fromU ? u0 : v0;
      const py = fromU ? u1 : v1;
      const ph = fromU ? uh : vh;
      const cross = fromU ? crossU : crossV;
      const dx = (between ? v0 : fx[end]) - px;
      const dy = (between ? v1 : fy[end]) - py;
      const dh = (between ? vh : fh[end]) - ph;
      const across = px * dy - py * dx;
      // Through w itself: seen there, or along a new edge.
      if (across === 0) continue;
      // Old triangles on both sides of the old edge.
      let bound = mostOfEdge;
      if (!between) {
        const spoke = old[spokes[end] | 3];
        const behind = old[spokes[end === 0 ? size - 1 : end - 1] | 3];
        if (fromU) bound = Math.max(end === 0 ? first : behind, end === ofU ? second : spoke);
        else bound = Math.max(end === ofU ? second : behind, end === 0 ? first : spoke);
      }
      const step = across > 0 ? 1 : -1;
      const last = across > 0 ? low : between ? overV + 1 : end + 1;
      let n = across > 0 ? over + 1 : over;
      if (n === size) n = 0;
      for (let left = size; left > 0; left--) {
        const turn = fx[n] * dy - fy[n] * dx;
        const along = Math.max(0, Math.min(1, cross[n] / turn));
        const out = Math.max(0, Math.min(1, across / turn));
        const height = Math.abs(ph + along * dh - out * fh[n]);
        const before = n === 0 ? size - 1 : n - 1;
        // Not a number where both edges lie on one line: refused.
        if (!(height <= apart[n])) apart[n] = height;
        if (!(height <= apart[before])) apart[before] = height;
        // Both new triangles beside the crossed edge meet both old ones.
        if (bound > bounds[n]) bounds[n] = bound;
        if (bound > bounds[before]) bounds[before] = bound;
        if (n === last || n === last - size) break;
        n += step;
        if (n === size) n = 0;
        else if (n < 0) n = size - 1;
      }
    }
    let largest = 0;
    for (let n = 0; n < size; n++) {
      // Rounded up: bounds are kept as float32.
      const bound = Math.fround((bounds[n] + apart[n]) * (1 + 1e-6));
      bounds[n] = bound;
      if (!(bound < Infinity)) return Infinity;
      if (bound > largest) largest = bound;
    }
    return largest;
  }
}

/** Whether the triangle that (ax, ay, az) and (bx, by, bz) span with the origin faces along (mx, my, mz). */
function faces(ax: number, ay: number, az: number, bx: number, by: number, bz: number, mx: number, my: number, mz: number): boolean {
  return (ay * bz - az * by) * mx + (az * bx - ax * bz) * my + (ax * by - ay * bx) * mz > 0;
}
