import { CollapsePatch } from './collapse-patch.ts';
import { float32Hash, isDegenerate, tableSize } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';
import { addPlane, cheapestPoint, costOf, quadricSize } from './quadric.ts';

export interface DecimatedMesh extends Mesh {
  /** No point of either surface is further than this from the other; at most the `errorMm` asked for. */
  boundMm: number;
}

/** New triangles may lean at most this far (as a cosine) from the mean normal of what they replace. */
const leastCosine = 0.2;
/** Weight of an edge's length in its cost: among equally flat edges the short ones go first, which keeps triangles well shaped. */
const lengthWeight = 1e-4;
/** Passes end when one removes less than this part of the vertices. */
const leastProgress = 0.002;
const mostPasses = 60;

/**
 * Fewer triangles within a stated error (P-finish): edges collapse, cheapest by quadric cost first, while a bound allows.
 *
 * The bound: every triangle carries how far it may be from the original surface. A collapse adds the exact greatest distance, along the
 * patch's mean normal, between the patch before and after (collapse-patch.ts) to the largest bound in the patch, and is refused where
 * that exceeds `errorMm`. The patches map one to one, so bounds add up along collapses and hold both ways: the two-sided Hausdorff
 * distance is at most `boundMm`. It is an upper bound; the measured distance (deviation.ts) is usually several times smaller.
 *
 * A closed manifold stays one with the same parts and genus (link condition). No triangle turns over, none loses its area, and no two
 * vertices coincide in float32: positions are float32 values when it returns (the rounding, below 1e-7 of a coordinate, is not in the
 * bound). Edges that are not shared by exactly two triangles are left alone.
 *
 * `mesh` in LPS mm, vertices distinct in float32. Throws RangeError where `errorMm` is not a number >= 0; 0 collapses only what is exactly flat.
 * Cost: some 10 s and 300 bytes a triangle for a million triangles; the same input gives the same bytes.
 */
export function decimateMesh(mesh: Mesh, errorMm: number, tick?: Tick): DecimatedMesh {
  if (!(errorMm >= 0)) throw new RangeError(`not an error in mm: ${errorMm}`);
  const work = new Decimation(mesh, errorMm);
  for (let n = 0; n < mostPasses; n++) {
    const before = work.live;
    work.pass((part) => tick?.(1 - (1 - part / 4) * 0.75 ** n));
    if (before - work.live <= leastProgress * before) break;
  }
  return work.result();
}

class Decimation {
  live: number;
  private readonly errorMm: number;
  private readonly p: Float64Array;
  private readonly triangles: Uint32Array;
  private readonly dead: Uint8Array;
  private readonly gone: Uint8Array;
  /** Corners of a vertex as a list: the first, and for every corner the next; -1 ends. */
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  private readonly bound: Float32Array;
  private readonly quadrics: Float64Array;
  /** How many vertices hash to each slot: a free slot proves that a new point coincides with no vertex. */
  private readonly taken: Uint16Array;
  private readonly marks: Int32Array;
  private mark = 0;
  /** 1: the surroundings changed in the last pass, so that a refused edge is worth another look. */
  private fresh: Uint8Array;
  private freshNext: Uint8Array;
  private readonly locked: Uint8Array;
  private readonly patch = new CollapsePatch();
  private readonly point = new Float64Array(3);
  /** Corners of a triangle under test. */
  private readonly trial = new Float64Array(9);

  constructor(mesh: Mesh, errorMm: number) {
    this.errorMm = errorMm;
    const vertices = mesh.positions.length / 3;
    const corners = mesh.triangles.length;
    this.live = vertices;
    this.p = Float64Array.from(mesh.positions, Math.fround);
    this.triangles = mesh.triangles.slice();
    this.dead = new Uint8Array(corners / 3);
    this.gone = new Uint8Array(vertices);
    this.first = new Int32Array(vertices).fill(-1);
    this.next = new Int32Array(corners);
    for (let corner = corners - 1; corner >= 0; corner--) {
      this.next[corner] = this.first[this.triangles[corner]];
      this.first[this.triangles[corner]] = corner;
    }
    this.bound = new Float32Array(corners / 3);
    this.quadrics = new Float64Array(vertices * quadricSize);
    for (let t = 0; t < corners / 3; t++) this.addQuadrics(t);
    this.taken = new Uint16Array(Math.max(1024, Math.min(2 ** 26, tableSize(vertices * 8))));
    for (let vertex = 0; vertex < vertices; vertex++) this.taken[this.slotOf(vertex)]++;
    this.marks = new Int32Array(vertices);
    this.fresh = new Uint8Array(vertices).fill(1);
    this.freshNext = new Uint8Array(vertices);
    this.locked = new Uint8Array(vertices);
  }

  /** One look at every edge whose surroundings are new, cheapest first; an edge at a vertex that this pass has moved waits for the next. */
  pass(tick: Tick): void {
    const edges = this.edgesByCost();
    this.locked.fill(0);
    this.freshNext.fill(0);
    for (let n = 0; n < edges.length; n++) {
      if (n % 20_000 === 0) tick(n / edges.length);
      const corner = edges[n];
      if (this.dead[Math.floor(corner / 3)]) continue;
      const u = this.triangles[corner];
      const v = this.triangles[following(corner)];
      if (this.locked[u] || this.locked[v]) continue;
      this.choosePoint(u, v);
      this.tryCollapse(u, v);
    }
    [this.fresh, this.freshNext] = [this.freshNext, this.fresh];
  }

  result(): DecimatedMesh {
    const { p, triangles, gone, dead } = this;
    const numberOf = new Uint32Array(gone.length);
    const positions = new Float64Array(this.live * 3);
    let vertices = 0;
    for (let vertex = 0; vertex < gone.length; vertex++) {
      if (gone[vertex]) continue;
      for (let axis = 0; axis < 3; axis++) positions[vertices * 3 + axis] = p[vertex * 3 + axis];
      numberOf[vertex] = vertices++;
    }
    const kept = new Uint32Array(triangles.length);
    let corners = 0;
    let boundMm = 0;
    for (let t = 0; t < dead.length; t++) {
      if (dead[t]) continue;
      for (let n = 0; n < 3; n++) kept[corners++] = numberOf[triangles[t * 3 + n]];
      boundMm = Math.max(boundMm, this.bound[t]);
    }
    return { positions, triangles: kept.slice(0, corners), boundMm };
  }

  private slotOf(vertex: number): number {
    const { p } = this;
    return float32Hash(p[vertex * 3], p[vertex * 3 + 1], p[vertex * 3 + 2]) & (this.taken.length - 1);
  }

  private addQuadrics(t: number): void {
    const { p, triangles, quadrics } = this;
    const a = triangles[t * 3] * 3;
    const b = triangles[t * 3 + 1] * 3;
    const c = triangles[t * 3 + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    const twice = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (!(twice > 0)) return;
    const d = -(nx * p[a] + ny * p[a + 1] + nz * p[a + 2]) / twice;
    for (let n = 0; n < 3; n++) {
      addPlane(quadrics, triangles[t * 3 + n] * quadricSize, nx / twice, ny / twice, nz / twice, d, twice / 6);
    }
  }

  /** Writes the point that would replace u and v to `point`, as float32; returns its cost. */
  private choosePoint(u: number, v: number): number {
    const { p, quadrics, point } = this;
    const a = u * quadricSize;
    const b = v * quadricSize;
    const dx = p[v * 3] - p[u * 3];
    const dy = p[v * 3 + 1] - p[u * 3 + 1];
    const dz = p[v * 3 + 2] - p[u * 3 + 2];
    const squared = dx * dx + dy * dy + dz * dz;
    const mx = p[u * 3] + dx / 2;
    const my = p[u * 3 + 1] + dy / 2;
    const mz = p[u * 3 + 2] + dz / 2;
    const found = cheapestPoint(quadrics, a, b, mx, my, mz, point);
    const away = found ? (point[0] - mx) ** 2 + (point[1] - my) ** 2 + (point[2] - mz) ** 2 : 0;
    if (!found || !(away <= squared)) {
      const atMiddle = costOf(quadrics, a, b, mx, my, mz);
      const atU = costOf(quadrics, a, b, p[u * 3], p[u * 3 + 1], p[u * 3 + 2]);
      const atV = costOf(quadrics, a, b, p[v * 3], p[v * 3 + 1], p[v * 3 + 2]);
      const part = atMiddle <= atU && atMiddle <= atV ? 0.5 : atU <= atV ? 0 : 1;
      point[0] = p[u * 3] + part * dx;
      point[1] = p[u * 3 + 1] + part * dy;
      point[2] = p[u * 3 + 2] + part * dz;
    }
    for (let axis = 0; axis < 3; axis++) point[axis] = Math.fround(point[axis]);
    return Math.max(0, costOf(quadrics, a, b, point[0], point[1], point[2])) + lengthWeight * squared * squared;
  }

  /** Half-edges (one for each edge with fresh surroundings) in order of cost: counting sort on the upper 16 bits of the cost as float32. */
  private edgesByCost(): Uint32Array {
    const { triangles, dead, fresh } = this;
    const corners: Uint32Array = new Uint32Array(Math.ceil(triangles.length / 2) + 3);
    const cost = new Float32Array(corners.length);
    let count = 0;
    for (let corner = 0; corner < triangles.length; corner++) {
      const u = triangles[corner];
      const v = triangles[following(corner)];
      if (u > v || dead[Math.floor(corner / 3)] || !(fresh[u] || fresh[v]) || count === corners.length) continue;
      cost[count] = this.choosePoint(u, v);
      corners[count++] = corner;
    }
    const keys = new Uint32Array(cost.buffer);
    const place = new Uint32Array(65537);
    for (let n = 0; n < count; n++) place[(keys[n] >>> 15) + 1]++;
    for (let n = 0; n < 65536; n++) place[n + 1] += place[n];
    const sorted = new Uint32Array(count);
    for (let n = 0; n < count; n++) sorted[place[keys[n] >>> 15]++] = corners[n];
    return sorted;
  }

  /**
   * The border of the star of (u, v) into `patch`, marking the neighbours. Returns the largest bound in the star and the two vertices
   * opposite the edge, or null where the link condition fails: exactly two triangles at the edge and two common neighbours, and a border
   * of at least three edges (else it is a tetrahedron).
   */
  private star(u: number, v: number): { bound: number; c: number; d: number } | null {
    const { triangles, dead, next, patch, marks, bound } = this;
    patch.clear();
    const mark = ++this.mark;
    let worst = 0;
    let c = -1;
    let d = -1;
    let shared = 0;
    for (let corner = this.first[u]; corner >= 0; corner = next[corner]) {
      const t = Math.floor(corner / 3);
      if (dead[t]) continue;
      if (bound[t] > worst) worst = bound[t];
      const a = triangles[following(corner)];
      const b = triangles[following(following(corner))];
      marks[a] = mark;
      marks[b] = mark;
      if (a === v) {
        c = b;
        shared++;
      } else if (b === v) {
        d = a;
        shared++;
      } else patch.add(0, a, b);
    }
    if (shared !== 2 || c < 0 || d < 0 || c === d) return null;
    let common = 0;
    for (let corner = this.first[v]; corner >= 0; corner = next[corner]) {
      const t = Math.floor(corner / 3);
      if (dead[t]) continue;
      if (bound[t] > worst) worst = bound[t];
      const a = triangles[following(corner)];
      const b = triangles[following(following(corner))];
      // Around a closed vertex every neighbour comes first once.
      if (marks[a] === mark && a !== u) common++;
      if (a !== u && b !== u) patch.add(1, a, b);
    }
    return common === 2 && patch.edges >= 3 ? { bound: worst, c, d } : null;
  }

  private tryCollapse(u: number, v: number): void {
    const { point, p, patch } = this;
    const star = this.star(u, v);
    if (!star) return;
    const slot = float32Hash(point[0], point[1], point[2]) & (this.taken.length - 1);
    const slotU = this.slotOf(u);
    const slotV = this.slotOf(v);
    if (this.taken[slot] - (slot === slotU ? 1 : 0) - (slot === slotV ? 1 : 0) > 0) return;
    const apart = patch.distance(p, u, v, star.c, star.d, point[0], point[1], point[2], leastCosine);
    // Rounded up: bounds are kept as float32.
    const bound = Math.fround((star.bound + apart) * (1 + 1e-6));
    if (!(bound <= this.errorMm)) return;
    if (this.makesDegenerate()) return;
    this.taken[slotU]--;
    this.taken[slotV]--;
    this.taken[slot]++;
    this.collapse(u, v, bound);
  }

  private makesDegenerate(): boolean {
    const { trial, p, patch, point } = this;
    trial.set(point);
    for (let n = 0; n < patch.edges; n++) {
      for (let axis = 0; axis < 3; axis++) {
        trial[3 + axis] = p[patch.a[n] * 3 + axis];
        trial[6 + axis] = p[patch.b[n] * 3 + axis];
      }
      if (isDegenerate(trial, 0, 1, 2)) return true;
    }
    return false;
  }

  /** u moves to `point` and takes over v's triangles. */
  private collapse(u: number, v: number, bound: number): void {
    const { p, triangles, dead, first, next, quadrics, patch, freshNext } = this;
    let last = -1;
    for (const end of [u, v]) {
      // Relink the live corners of u, then those of v, into one list.
      for (let corner = first[end]; corner >= 0; ) {
        const t = Math.floor(corner / 3);
        const after = next[corner];
        if (!dead[t]) {
          const other = end === u ? v : u;
          if (triangles[following(corner)] === other || triangles[following(following(corner))] === other) dead[t] = 1;
          else {
            triangles[corner] = u;
            this.bound[t] = bound;
            if (last < 0) first[u] = corner;
            else next[last] = corner;
            next[corner] = -1;
            last = corner;
          }
        }
        corner = after;
      }
    }
    first[v] = -1;
    this.gone[v] = 1;
    this.live--;
    p.set(this.point, u * 3);
    for (let n = 0; n < quadricSize; n++) quadrics[u * quadricSize + n] += quadrics[v * quadricSize + n];
    this.locked[u] = 1;
    freshNext[u] = 1;
    for (let n = 0; n < patch.edges; n++) freshNext[patch.a[n]] = 1;
  }
}

/** The next corner of the same triangle. */
function following(corner: number): number {
  return corner % 3 === 2 ? corner - 2 : corner + 1;
}
