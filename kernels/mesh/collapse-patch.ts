/**
 * How far apart two patches of triangles with the same border are: the star of an edge (u, v) before a collapse, and the star of the point
 * w that replaces both. Used by decimate.ts to bound the error of each collapse.
 *
 * Both patches are looked at along the mean normal n of the old star. Where every triangle of both faces along n and the border winds
 * once around w, each patch is a height field over the same plane region. The difference of the two heights is linear on every
 * piece of the overlay of both triangulations, so it is greatest at a corner of the overlay: at u, v or w, or where an old inner edge
 * crosses a new one. That maximum bounds the distance of every point of either patch from the other, along a one-to-one map.
 */
export class CollapsePatch {
  /** Border edges a to b, counter-clockwise; each lies opposite u (owner 0) or v (owner 1) in an old triangle. */
  edges = 0;
  owner = new Uint8Array(64);
  a = new Int32Array(64);
  b = new Int32Array(64);
  // In the frame of the normal: x, y in the plane, h along it, of a and b of every border edge.
  private flatA = new Float64Array(64 * 3);
  private flatB = new Float64Array(64 * 3);
  // The same of u, v, w and of c, d, the two vertices opposite the edge (u, v).
  private flat = new Float64Array(15);
  private frame = new Float64Array(9);

  clear(): void {
    this.edges = 0;
  }

  add(owner: 0 | 1, a: number, b: number): void {
    if (this.edges === this.a.length) {
      const wider = <T extends Uint8Array | Int32Array | Float64Array>(old: T, fresh: T): T => {
        fresh.set(old);
        return fresh;
      };
      const size = this.edges * 2;
      this.owner = wider(this.owner, new Uint8Array(size));
      this.a = wider(this.a, new Int32Array(size));
      this.b = wider(this.b, new Int32Array(size));
      this.flatA = new Float64Array(size * 3);
      this.flatB = new Float64Array(size * 3);
    }
    this.owner[this.edges] = owner;
    this.a[this.edges] = a;
    this.b[this.edges++] = b;
  }

  /**
   * Greatest distance along the normal between the old star of edge (u, v), whose triangles are those of the border edges plus (u, v, c)
   * and (v, u, d), and the new star of the point w. Infinity where one of them is not a height field, or a new triangle is steeper than
   * `leastCosine` to the mean normal. `p` positions; same unit as those. Cost: O(border edges squared), about a hundred small steps.
   */
  distance(p: Float64Array, u: number, v: number, c: number, d: number, wx: number, wy: number, wz: number, leastCosine: number): number {
    if (!this.orient(p, u, v, c, d)) return Infinity;
    const { flat, flatA, flatB } = this;
    this.flatten(flat, 0, p[u * 3], p[u * 3 + 1], p[u * 3 + 2]);
    this.flatten(flat, 3, p[v * 3], p[v * 3 + 1], p[v * 3 + 2]);
    this.flatten(flat, 6, wx, wy, wz);
    this.flatten(flat, 9, p[c * 3], p[c * 3 + 1], p[c * 3 + 2]);
    this.flatten(flat, 12, p[d * 3], p[d * 3 + 1], p[d * 3 + 2]);
    for (let n = 0; n < this.edges; n++) {
      const a = this.a[n] * 3;
      const b = this.b[n] * 3;
      this.flatten(flatA, n * 3, p[a], p[a + 1], p[a + 2]);
      this.flatten(flatB, n * 3, p[b], p[b + 1], p[b + 2]);
    }
    if (!this.facesAlong(leastCosine)) return Infinity;
    return Math.max(this.atEnds(), this.atCrossings());
  }

  /** The frame of the old star's mean normal, area-weighted; false where it has none. */
  private orient(p: Float64Array, u: number, v: number, c: number, d: number): boolean {
    let nx = 0;
    let ny = 0;
    let nz = 0;
    const o = u * 3;
    const cross = (a: number, b: number, apex: number) => {
      const ax = p[a * 3] - p[apex * 3];
      const ay = p[a * 3 + 1] - p[apex * 3 + 1];
      const az = p[a * 3 + 2] - p[apex * 3 + 2];
      const bx = p[b * 3] - p[apex * 3];
      const by = p[b * 3 + 1] - p[apex * 3 + 1];
      const bz = p[b * 3 + 2] - p[apex * 3 + 2];
      nx += ay * bz - az * by;
      ny += az * bx - ax * bz;
      nz += ax * by - ay * bx;
    };
    for (let n = 0; n < this.edges; n++) cross(this.a[n], this.b[n], this.owner[n] === 0 ? u : v);
    cross(v, c, u);
    cross(u, d, v);
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (!(length > 0)) return false;
    nx /= length;
    ny /= length;
    nz /= length;
    // Any two axes square to n: start from the coordinate axis that is least along it.
    const [ax, ay, az] = [Math.abs(nx), Math.abs(ny), Math.abs(nz)];
    let ex = ax <= ay && ax <= az ? 1 : 0;
    let ey = ex === 0 && ay <= az ? 1 : 0;
    let ez = ex === 0 && ey === 0 ? 1 : 0;
    const along = ex * nx + ey * ny + ez * nz;
    ex -= along * nx;
    ey -= along * ny;
    ez -= along * nz;
    const scale = 1 / Math.sqrt(ex * ex + ey * ey + ez * ez);
    ex *= scale;
    ey *= scale;
    ez *= scale;
    const { frame } = this;
    frame[0] = ex;
    frame[1] = ey;
    frame[2] = ez;
    frame[3] = ny * ez - nz * ey;
    frame[4] = nz * ex - nx * ez;
    frame[5] = nx * ey - ny * ex;
    frame[6] = nx;
    frame[7] = ny;
    frame[8] = nz;
    this.from[0] = p[o];
    this.from[1] = p[o + 1];
    this.from[2] = p[o + 2];
    return true;
  }

  private readonly from = new Float64Array(3);

  private flatten(out: Float64Array, at: number, px: number, py: number, pz: number): void {
    const { frame, from } = this;
    const x = px - from[0];
    const y = py - from[1];
    const z = pz - from[2];
    out[at] = x * frame[0] + y * frame[1] + z * frame[2];
    out[at + 1] = x * frame[3] + y * frame[4] + z * frame[5];
    out[at + 2] = x * frame[6] + y * frame[7] + z * frame[8];
  }

  /** Both patches face along the normal everywhere, and the border winds once around w. */
  private facesAlong(leastCosine: number): boolean {
    const { flat: f, flatA, flatB, owner } = this;
    if (!(turn(f, 0, f, 3, f, 9) > 0 && turn(f, 3, f, 0, f, 12) > 0)) return false;
    let windings = 0;
    for (let n = 0; n < this.edges; n++) {
      const at = n * 3;
      if (!(turn(f, owner[n] * 3, flatA, at, flatB, at) > 0)) return false;
      const fresh = turn(f, 6, flatA, at, flatB, at);
      const ax = flatA[at] - f[6];
      const ay = flatA[at + 1] - f[7];
      const ah = flatA[at + 2] - f[8];
      const bx = flatB[at] - f[6];
      const by = flatB[at + 1] - f[7];
      const bh = flatB[at + 2] - f[8];
      const cx = ay * bh - ah * by;
      const cy = ah * bx - ax * bh;
      if (!(fresh > 0 && fresh > leastCosine * Math.sqrt(cx * cx + cy * cy + fresh * fresh))) return false;
      // All turns are counter-clockwise, so each pass over the ray of growing x is one winding.
      if (ay < 0 && by >= 0) windings++;
    }
    return windings === 1;
  }

  /** Height differences at u and v against the new patch and at w against the old one. */
  private atEnds(): number {
    const { flat: f, flatA, flatB, owner } = this;
    const place = this.place;
    let greatest = 0;
    for (let point = 0; point < 6; point += 3) {
      place.start(f, point);
      for (let n = 0; n < this.edges; n++) place.offer(f, 6, flatA, n * 3, flatB, n * 3);
      greatest = Math.max(greatest, Math.abs(place.height - f[point + 2]));
    }
    place.start(f, 6);
    place.offer(f, 0, f, 3, f, 9);
    place.offer(f, 3, f, 0, f, 12);
    for (let n = 0; n < this.edges; n++) place.offer(f, owner[n] * 3, flatA, n * 3, flatB, n * 3);
    return Math.max(greatest, Math.abs(place.height - f[8]));
  }

  private readonly place = new Placement();

  /** Height differences where an inner edge of the old star crosses one of the new star. */
  private atCrossings(): number {
    const { flat: f, flatA, owner } = this;
    let greatest = 0;
    for (let n = 0; n < this.edges; n++) {
      const to = n * 3;
      greatest = Math.max(greatest, crossing(f, 0, f, 3, f, 6, flatA, to));
      for (let end = 9; end <= 12; end += 3) {
        greatest = Math.max(greatest, crossing(f, 0, f, end, f, 6, flatA, to), crossing(f, 3, f, end, f, 6, flatA, to));
      }
      for (let m = 0; m < this.edges; m++) {
        if (m !== n) greatest = Math.max(greatest, crossing(f, owner[m] * 3, flatA, m * 3, f, 6, flatA, to));
      }
    }
    return greatest;
  }
}

/** Twice the area of a flattened triangle; positive counter-clockwise. */
function turn(p: Float64Array, a: number, q: Float64Array, b: number, r: Float64Array, c: number): number {
  return (q[b] - p[a]) * (r[c + 1] - p[a + 1]) - (q[b + 1] - p[a + 1]) * (r[c] - p[a]);
}

/** Height difference where segments (p, q) and (r, s) cross inside both; 0 where they do not. */
function crossing(p: Float64Array, a: number, q: Float64Array, b: number, r: Float64Array, c: number, s: Float64Array, d: number): number {
  const ux = q[b] - p[a];
  const uy = q[b + 1] - p[a + 1];
  const vx = s[d] - r[c];
  const vy = s[d + 1] - r[c + 1];
  const cross = ux * vy - uy * vx;
  if (cross === 0) return 0;
  const dx = r[c] - p[a];
  const dy = r[c + 1] - p[a + 1];
  const along = (dx * vy - dy * vx) / cross;
  if (!(along > 0 && along < 1)) return 0;
  const across = (dx * uy - dy * ux) / cross;
  if (!(across > 0 && across < 1)) return 0;
  return Math.abs(p[a + 2] + along * (q[b + 2] - p[a + 2]) - r[c + 2] - across * (s[d + 2] - r[c + 2]));
}

/** Height of a patch over a flattened point: of the triangle that holds the point, or misses it by least where rounding says none does. */
class Placement {
  height = 0;
  private x = 0;
  private y = 0;
  private best = -Infinity;

  start(p: Float64Array, at: number): void {
    this.x = p[at];
    this.y = p[at + 1];
    this.best = -Infinity;
  }

  offer(p: Float64Array, a: number, q: Float64Array, b: number, r: Float64Array, c: number): void {
    const ux = q[b] - p[a];
    const uy = q[b + 1] - p[a + 1];
    const vx = r[c] - p[a];
    const vy = r[c + 1] - p[a + 1];
    const x = this.x - p[a];
    const y = this.y - p[a + 1];
    const area = ux * vy - uy * vx;
    const s = (x * vy - y * vx) / area;
    const t = (ux * y - uy * x) / area;
    const least = Math.min(s, t, 1 - s - t);
    if (!(least > this.best)) return;
    this.best = least;
    this.height = p[a + 2] + s * (q[b + 2] - p[a + 2]) + t * (r[c + 2] - p[a + 2]);
  }
}
