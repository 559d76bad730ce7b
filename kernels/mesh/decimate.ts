import { type RunParts, sharedArray, stretches } from '../parts.ts';
import { type CollapsePart, cheapestAt, collapsePart } from './collapse-pass.ts';
import { type HalfEdges, pairPart, starPart, unpairedHalfEdges } from './half-edges.ts';
import type { Mesh, Tick } from './mesh.ts';
import { partTwins } from './part-twins.ts';
import { perVertex } from './quadric.ts';
import { inSlabs, liesInSlabs } from './slabs.ts';

export interface DecimateOptions {
  /** No point of either surface may be further than this from the other, mm; null: no limit, and `part` says where to stop. */
  errorMm: number | null;
  /** Part of the triangles that is aimed at, above 0; 1: as few as the error allows. */
  part: number;
  /** Boxes (six numbers each: the lowest x, y, z, then the highest; mm) whose vertices stay as they are. */
  keepBoxes?: readonly number[];
}

export interface Decimated {
  mesh: Mesh & { positions: Float32Array };
  /** Proven: no point of either surface is further than this from the other. At most `errorMm`. */
  boundMm: number;
}

/** Vertices a piece of the first passes starts with, and pieces at most: fixed, so that the result does not depend on who computes it. */
const pieceVertices = 40_000;
const mostPieces = 16;
/** Where the cuts between pieces lie in one pass after the other, in pieces. */
const shifts = [0, 0.5, 0.25, 0.75];
/** Part of the live vertices whose cheapest edge a pass may take. */
const eagerness = 0.5;
/** The cost limit grows at least by this from pass to pass. */
const growth = 3;
/** How many vertices have an edge that is cheap enough for each collapse that comes of it, about. */
const candidatesPerCollapse = 4;
/** The bound that passes start with where only a part is asked for, in mean edges of the input; doubled where it stands in the way. */
const firstLimit = 0.6;
/** In pieces, passes end when one removes less than this part of the vertices; then seams go too. */
const leastProgress = 0.004;
const leastProgressWhole = 0.0005;
const mostPasses = 100;

/**
 * Fewer triangles within a stated error (P-finish): edges collapse, by quadric cost, cheap ones first, until `part` of the triangles is left or
 * nothing more is allowed.
 *
 * The bound: every triangle carries how far it may be from the input. A collapse adds, on each new triangle, the greatest distance between
 * the patch before and after there to the largest bound of what it replaces (collapse-patch.ts), and is refused where that exceeds
 * `errorMm`. The patches map one to one, so bounds add up along collapses and hold both ways: the two-sided Hausdorff distance is at
 * most `boundMm`. It is an upper bound; the measured distance (deviation.ts) is smaller.
 *
 * A closed manifold stays one with the same parts and genus (link condition). No triangle turns over, none loses its area, and no two
 * vertices coincide in float32. Vertices whose triangles are not one closed fan stay where they are.
 *
 * Passes with a rising cost limit instead of one queue; each runs over pieces (stretches of vertices in the order of the mesh, or along
 * its longest axis where that order is not one of place) that only touch what lies wholly inside; the next pass cuts elsewhere.
 * The cuts do not depend on the number of threads, nor does the result: the same bytes with 1, 2 or 5.
 *
 * `mesh` in LPS mm, vertices distinct in float32; the rounding to float32, below 1e-7 of a coordinate, is not in the bound. Returns new
 * arrays (float32 positions). Throws RangeError where `errorMm` is not a number >= 0 or `part` not in (0, 1], or where neither sets a limit.
 * Cost: 4 to 5 microseconds of processor time a collapse (an error limit refuses many: up to 16), about 90 bytes a triangle.
 */
export async function decimateMesh(mesh: Mesh, options: DecimateOptions, run: RunParts, tick?: Tick): Promise<Decimated> {
  const { errorMm, part } = options;
  if (errorMm !== null && !(errorMm >= 0)) throw new RangeError(`not an error in mm: ${errorMm}`);
  if (!(part > 0 && part <= 1)) throw new RangeError(`not a part of the triangles: ${part}`);
  if (errorMm === null && part === 1) throw new RangeError('neither an error nor a part of the triangles to stop at');
  const before = mesh.triangles.length / 3;
  const pieces = Math.max(1, Math.min(mostPieces, Math.floor(mesh.positions.length / 3 / pieceVertices)));
  const ordered = pieces === 1 || liesInSlabs(mesh, pieces) ? mesh : inSlabs(mesh);
  tick?.(0);
  const half = await pairedHalfEdges(ordered, run, pieces);
  hold(half, options.keepBoxes ?? []);
  tick?.(0.1);
  const target = part === 1 ? 0 : part * before;
  await collapse(half, before, target, errorMm, pieces, run, (done) => tick?.(0.1 + 0.8 * done));
  return compact(half);
}

async function pairedHalfEdges(mesh: Mesh, run: RunParts, pieces: number): Promise<HalfEdges> {
  const unpaired = unpairedHalfEdges(mesh);
  const parts = stretches(mesh.positions.length / 3, pieces).map(([from, to]) => ({ ...unpaired, from, to }));
  await run(pairPart, parts);
  await run(starPart, parts);
  return unpaired.half;
}

/** Vertices in the boxes stay: what is not a number is no edge's cost. */
function hold({ positions: p, least }: HalfEdges, boxes: readonly number[]): void {
  for (let box = 0; box < boxes.length; box += 6) {
    for (let vertex = 0, at = 0; vertex < least.length; vertex++, at += perVertex) {
      let inside = true;
      for (let axis = 0; axis < 3 && inside; axis++) inside = p[at + axis] >= boxes[box + axis] && p[at + axis] <= boxes[box + 3 + axis];
      if (inside) least[vertex] = Number.NaN;
    }
  }
}

async function collapse(
  half: HalfEdges,
  before: number,
  target: number,
  errorMm: number | null,
  pieces: number,
  run: RunParts,
  tick: Tick,
): Promise<void> {
  const vertices = half.outOf.length;
  let triangles = before;
  let cuts = pieces;
  let costs = sampledCosts(half);
  let costLimit = 0;
  // Without a limit of the caller's own the error is kept as low as the part allows.
  let limitMm = errorMm ?? meanEdgeMm(half) * firstLimit;
  for (let pass = 0; pass < mostPasses; pass++) {
    const wanted = Math.ceil((triangles - target) / 2);
    if (wanted <= 0) return;
    // Vertices are about half as many as triangles.
    const enough = costs.reach(wanted * candidatesPerCollapse);
    const eager = Math.max(costs.reach((triangles / 2) * eagerness), costLimit * growth);
    costLimit = Math.max(costLimit, Math.min(enough, eager));
    const size = vertices / cuts;
    const shift = cuts === 1 ? 0 : shifts[pass % shifts.length];
    const parts: CollapsePart[] = [];
    for (let n = shift > 0 ? -1 : 0; n < cuts; n++) {
      const from = Math.max(0, Math.round((n + shift) * size));
      const to = Math.min(vertices, Math.round((n + 1 + shift) * size));
      parts.push({ half, from, to, costLimit, quota: wanted, errorMm: limitMm });
    }
    shareOut(parts, wanted);
    const collapsed = (await run(collapsePart, parts)).reduce((sum, n) => sum + n, 0);
    triangles -= collapsed * 2;
    tick(target > 0 ? (before - triangles) / (before - target) : 1 - triangles / before);
    const stuck = collapsed <= (cuts > 1 ? leastProgress : leastProgressWhole) * (triangles / 2) && collapsed < wanted;
    if (stuck && errorMm === null && limitMm < Infinity) {
      limitMm = pass > mostPasses / 2 ? Infinity : limitMm * 2;
      half.least.forEach((cost, vertex) => {
        if (cost === Infinity) half.least[vertex] = 0;
      });
    } else if (stuck && cuts > 1) cuts = 1;
    else if (stuck && costLimit === Infinity) return;
    else if (stuck) costLimit *= growth ** 4;
    costs = knownCosts(half);
  }
}

/** Mean length of some edges, in mm. */
function meanEdgeMm({ positions: p, corners }: HalfEdges): number {
  let sum = 0;
  let count = 0;
  for (let h = 0; h < corners.length; h += 512) {
    const a = corners[h] * perVertex;
    const b = corners[h + 1] * perVertex;
    sum += Math.sqrt((p[a] - p[b]) ** 2 + (p[a + 1] - p[b + 1]) ** 2 + (p[a + 2] - p[b + 2]) ** 2);
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** Vertices by the cost of their cheapest edge, as a histogram over the upper bits of float32. */
class Costs {
  private readonly bits = new Float32Array(1);
  private readonly word = new Uint32Array(this.bits.buffer);
  private readonly bins = new Uint32Array(2 ** 14);

  add(cost: number, weight: number): void {
    if (!(cost < Infinity)) return;
    this.bits[0] = cost;
    this.bins[this.word[0] >>> 17] += weight;
  }

  /** A cost that about `count` vertices do not exceed; Infinity where there are no more than that. */
  reach(count: number): number {
    let seen = 0;
    for (let bin = 0; bin < this.bins.length; bin++) {
      seen += this.bins[bin];
      if (seen < count) continue;
      this.word[0] = ((bin + 1) << 17) >>> 0;
      return this.bits[0];
    }
    return Infinity;
  }
}

/** Of large meshes every so manieth vertex stands for the others: before the first pass, when each must be asked, and later. */
const strideBefore = 16;
const strideLater = 4;
const fewVertices = 16_000;

/** Before the first pass nothing is known, so some are asked. */
function sampledCosts(half: HalfEdges): Costs {
  const costs = new Costs();
  const place = new Float64Array(4);
  const step = half.outOf.length > fewVertices ? strideBefore : 1;
  for (let vertex = 0; vertex < half.outOf.length; vertex += step) costs.add(cheapestAt(half, vertex, place), step);
  return costs;
}

function knownCosts({ least }: HalfEdges): Costs {
  const costs = new Costs();
  const step = least.length > fewVertices ? strideLater : 1;
  for (let vertex = 0; vertex < least.length; vertex += step) costs.add(least[vertex], step);
  return costs;
}

/** Every piece gives the same part of its candidates, so that all of them together never take more than is wanted. */
function shareOut(parts: CollapsePart[], wanted: number): void {
  const candidates = parts.map(({ half: { least }, from, to, costLimit }) => {
    let count = 0;
    for (let vertex = from; vertex < to; vertex++) if (least[vertex] <= costLimit) count++;
    return count;
  });
  const all = candidates.reduce((sum, n) => sum + n, 0);
  let seen = 0;
  let given = 0;
  for (let n = 0; n < parts.length; n++) {
    seen += candidates[n];
    parts[n].quota = all === 0 ? 0 : Math.floor((wanted * seen) / all) - given;
    given += parts[n].quota;
  }
}

/** What is left, in the order it had. */
function compact(half: HalfEdges): Decimated {
  const { positions: p, corners, bounds, outOf } = half;
  const numberOf = new Uint32Array(outOf.length);
  let vertices = 0;
  for (let vertex = 0; vertex < outOf.length; vertex++) if (outOf[vertex] >= 0) numberOf[vertex] = vertices++;
  const positions = sharedArray(Float32Array, vertices * 3);
  for (let vertex = 0; vertex < outOf.length; vertex++) {
    if (outOf[vertex] < 0) continue;
    const at = numberOf[vertex] * 3;
    positions[at] = p[vertex * perVertex];
    positions[at + 1] = p[vertex * perVertex + 1];
    positions[at + 2] = p[vertex * perVertex + 2];
  }
  let live = 0;
  for (let at = 0; at < corners.length; at += 8) if (corners[at] >= 0) live++;
  const triangles = sharedArray(Uint32Array, live * 3);
  let to = 0;
  let boundMm = 0;
  for (let at = 0; at < corners.length; at += 8) {
    if (corners[at] < 0) continue;
    triangles[to++] = numberOf[corners[at]];
    triangles[to++] = numberOf[corners[at + 1]];
    triangles[to++] = numberOf[corners[at + 2]];
    if (bounds[at + 3] > boundMm) boundMm = bounds[at + 3];
  }
  const mesh = { positions, triangles };
  return { mesh, boundMm: boundMm + partTwins(mesh) };
}
