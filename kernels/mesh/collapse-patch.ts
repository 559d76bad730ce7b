import { type HalfEdges, nextOf, previousOf } from './half-edges.ts';

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
  private readonly fx = new Float64Array(longestBorder);
  private readonly fy = new Float64Array(longestBorder);
  private readonly fh = new Float64Array(longestBorder);
  private readonly ux = new Float64Array(longestBorder);
  private readonly vx = new Float64Array(longestBorder);
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
    const u = corners[h] * 3;
    const v = corners[nextOf(h)] * 3;
    for (let n = 0; n < size; n++) {
      const at = ring[n] * 3;
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
    if (!open) return this.measureFold(half, h, ux, uy, uz, vx, vy, vz, limitMm);
    return this.measureAlong(half, h, limitMm, mx, my, mz, ux, uy, uz, vx, vy, vz);
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

  private measureFold(
    half: HalfEdges,
    h: number,
    ux: number,
    uy: number,
    uz: number,
    vx: number,
    vy: number,
    vz: number,
    limitMm: number,
  ): number {
    const { size, ofU, x, y, z, nx, ny, nz } = this;
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

  private measureAlong(
    half: HalfEdges,
    h: number,
    limitMm: number,
    mx: number,
    my: number,
    mz: number,
    ux: number,
    uy: number,
    uz: number,
    vx: number,
    vy: number,
    vz: number,
  ): number {
    const { size, ofU, x, y, z, fx, fy, fh, spokes, bounds, apart } = this;
    const old = half.bounds;
    const scale = 1 / Math.sqrt(mx * mx + my * my + mz * mz);
    const nx = mx * scale;
    const ny = my * scale;
    const nz = mz * scale;
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
    // The border, u and v in that frame, w being its origin.
    let windings = 0;
    for (let n = 0; n < size; n++) {
      fx[n] = x[n] * ex + y[n] * ey + z[n] * ez;
      fy[n] = x[n] * gx + y[n] * gy + z[n] * gz;
      fh[n] = x[n] * nx + y[n] * ny + z[n] * nz;
    }
    // All turns are counter-clockwise, so each pass over the ray of growing x is one winding.
    for (let n = 0; n < size; n++) if (fy[n] < 0 && fy[n + 1 === size ? 0 : n + 1] >= 0) windings++;
    if (windings !== 1) return Infinity;
    const u0 = ux * ex + uy * ey + uz * ez;
    const u1 = ux * gx + uy * gy + uz * gz;
    const uh = ux * nx + uy * ny + uz * nz;
    const v0 = vx * ex + vy * ey + vz * ez;
    const v1 = vx * gx + vy * gy + vz * gz;
    const vh = vx * nx + vy * ny + vz * nz;
    const first = old[h | 3];
    const second = old[half.twins[h] | 3];
    const atW = Math.abs(this.heightAtW(u0, u1, uh, v0, v1, vh));
    for (let n = 0; n < size; n++) {
      apart[n] = atW;
      bounds[n] = old[spokes[n] | 3];
      // Every new triangle has w, and meets the old one at its border edge.
      if (bounds[n] + atW > limitMm) return Infinity;
    }
    // u and v over the new star; the triangle that holds one meets every old triangle around it.
    const { ux: crossU, vx: crossV } = this;
    for (let n = 0; n < size; n++) {
      crossU[n] = u0 * fy[n] - u1 * fx[n];
      crossV[n] = v0 * fy[n] - v1 * fx[n];
    }
    let overU = 0;
    let overV = 0;
    let bestU = -Infinity;
    let bestV = -Infinity;
    for (let n = 0; n < size; n++) {
      const m = n + 1 === size ? 0 : n + 1;
      const insideU = Math.min(-crossU[n], crossU[m]);
      if (insideU > bestU) {
        bestU = insideU;
        overU = n;
      }
      const insideV = Math.min(-crossV[n], crossV[m]);
      if (insideV > bestV) {
        bestV = insideV;
        overV = n;
      }
    }
    this.visit(overU, Math.abs(this.heightOver(overU, crossU) - uh));
    this.visit(overV, Math.abs(this.heightOver(overV, crossV) - vh));
    for (let n = 0; n < size; n++) {
      const bound = old[spokes[n] | 3];
      const over = n < ofU ? overU : overV;
      if (bound > bounds[over]) bounds[over] = bound;
    }
    const atEdge = Math.max(first, second);
    if (atEdge > bounds[overU]) bounds[overU] = atEdge;
    if (atEdge > bounds[overV]) bounds[overV] = atEdge;
    // Old inner edges against new ones: those of u, those of v (both have one to ring[0] and one to ring[ofU]), and (u, v) itself.
    for (let n = 0; n < size; n++) {
      const ofEdge = old[spokes[n] | 3];
      if (n <= ofU)
        this.cross(u0, u1, uh, fx[n], fy[n], fh[n], crossU, n, n === 0 ? first : old[spokes[n - 1] | 3], n === ofU ? second : ofEdge);
      if (n >= ofU) this.cross(v0, v1, vh, fx[n], fy[n], fh[n], crossV, n, n === ofU ? second : old[spokes[n - 1] | 3], ofEdge);
    }
    this.cross(v0, v1, vh, fx[0], fy[0], fh[0], crossV, 0, old[spokes[size - 1] | 3], first);
    this.cross(u0, u1, uh, v0, v1, vh, crossU, -1, first, second);
    let largest = 0;
    for (let n = 0; n < size; n++) {
      // Rounded up: bounds are kept as float32.
      const bound = Math.fround((bounds[n] + apart[n]) * (1 + 1e-6));
      bounds[n] = bound;
      if (bound > largest) largest = bound;
    }
    return largest;
  }

  /** A corner of the overlay in new triangle n where the patches are `height` apart. */
  private visit(n: number, height: number): void {
    if (height > this.apart[n]) this.apart[n] = height;
  }

  /** Height of new triangle n over a point whose cross products with the border are given. */
  private heightOver(n: number, cross: Float64Array): number {
    const { fx, fy, fh } = this;
    const m = n + 1 === this.size ? 0 : n + 1;
    return (cross[m] * fh[n] - cross[n] * fh[m]) / (fx[n] * fy[m] - fy[n] * fx[m]);
  }

  /** Height of the old star over w: of the triangle that holds w, or misses it by least where rounding says that none does. */
  private heightAtW(u0: number, u1: number, uh: number, v0: number, v1: number, vh: number): number {
    const { size, ofU, fx, fy, fh } = this;
    let best = -Infinity;
    let height = 0;
    for (let n = -2; n < size; n++) {
      // Corners of an old triangle: (u, v, ring[0]), (v, u, ring[ofU]), then one for each border edge.
      const m = n < 0 ? n : n + 1 === size ? 0 : n + 1;
      const fromU = n === -2 || (n >= 0 && n < ofU);
      const ox = fromU ? u0 : v0;
      const oy = fromU ? u1 : v1;
      const oh = fromU ? uh : vh;
      const ax = n === -2 ? v0 : n === -1 ? u0 : fx[n];
      const ay = n === -2 ? v1 : n === -1 ? u1 : fy[n];
      const ah = n === -2 ? vh : n === -1 ? uh : fh[n];
      const end = n === -2 ? 0 : n === -1 ? ofU : m;
      const bx = fx[end];
      const by = fy[end];
      // Twice the areas of the three triangles that the origin makes with the sides.
      const s = ax * by - ay * bx;
      const r = bx * oy - by * ox;
      const t = ox * ay - oy * ax;
      const area = s + r + t;
      const least = Math.min(s, r, t) / area;
      if (!(least > best)) continue;
      best = least;
      height = (s * oh + r * ah + t * fh[end]) / area;
      if (least > 0) break;
    }
    return height;
  }

  /**
   * Height differences where the old edge from (px, py) to (qx, qy) crosses new ones inside both; `cross` holds the products of the former
   * with the border, `skip` is the border vertex that the edge ends at. Both triangles beside a new edge that is crossed meet both old
   * triangles beside the old one, whose bounds are `left` and `right`.
   */
  private cross(
    px: number,
    py: number,
    ph: number,
    qx: number,
    qy: number,
    qh: number,
    cross: Float64Array,
    skip: number,
    left: number,
    right: number,
  ): void {
    const { size, fx, fy, fh, bounds, apart } = this;
    const dx = qx - px;
    const dy = qy - py;
    const dh = qh - ph;
    const across = px * dy - py * dx;
    for (let n = 0; n < size; n++) {
      const turn = fx[n] * dy - fy[n] * dx;
      const r = cross[n];
      if (turn > 0 ? !(across > 0 && across < turn && r > 0 && r < turn) : !(across < 0 && across > turn && r < 0 && r > turn)) continue;
      if (n === skip) continue;
      const height = Math.abs(ph + (r / turn) * dh - (across / turn) * fh[n]);
      const before = n === 0 ? size - 1 : n - 1;
      const bound = left > right ? left : right;
      if (height > apart[n]) apart[n] = height;
      if (height > apart[before]) apart[before] = height;
      if (bound > bounds[n]) bounds[n] = bound;
      if (bound > bounds[before]) bounds[before] = bound;
    }
  }
}

/** Whether the triangle that (ax, ay, az) and (bx, by, bz) span with the origin faces along (mx, my, mz). */
function faces(ax: number, ay: number, az: number, bx: number, by: number, bz: number, mx: number, my: number, mz: number): boolean {
  return (ay * bz - az * by) * mx + (az * bx - ax * bz) * my + (ax * by - ay * bx) * mz > 0;
}
